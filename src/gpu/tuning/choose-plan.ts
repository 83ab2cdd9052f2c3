/** Which plan a network gets: the schedule asked for, what tuning found, or the fixed table. */
import type { PlanChoice, Problem } from '../../training/backend';
import { BackendUnavailableError, InvalidInputError } from '../../training/errors';
import { StepSequence } from '../../training/steps';
import type { PlanOptions } from '../plan/choices';
import { defaultVariant, type VariantDevice, variantName } from '../plan/gemm-variants';
import { checkLimits, type Plan, type PlanLimits, type ProblemShape, shapeOf } from '../plan/plan';
import { tune } from './autotune';
import { type Candidate, candidatesFor, kernelsKey, problemKey } from './candidates';
import {
  planOfName,
  productsOf,
  type TimedBackend,
  tunedName,
  tuneGemms,
  uniformCuts,
} from './gemm-tuning';
import { fixedCandidate, isAsked } from './schedule';
import { roundedMs, type TuningRecord, type TuningStore, tuningRecordOf } from './tuning-store';

/** By default the schedule is `auto` and tuning `off`. */
export interface TuningOptions extends Partial<PlanOptions> {
  /** Exactly this plan, by the name that `PlanChoice.candidate` gives it; nothing is measured then. */
  readonly candidate?: string;
  readonly tuningStore?: TuningStore;
  readonly onTuning?: (what: string, share: number) => void;
}

/** The choice, and the plan itself. */
export interface ChosenPlan {
  readonly plan: Plan;
  readonly choice: PlanChoice;
}

/**
 * Chooses a plan for a problem.
 *
 * @param adapter - name of adapter and, where the browser tells it, driver: measurements are kept by it
 * @param open - opens a backend with a plan, for measuring
 * @throws BackendUnavailableError where the schedule asked for declines the network
 * @throws InvalidInputError where the network passes a limit of the device, or has no plan of the name
 */
export async function choosePlan(
  problem: Problem,
  adapter: string,
  device: VariantDevice & { readonly limits: PlanLimits },
  options: TuningOptions,
  open: (plan: Plan) => Promise<TimedBackend>,
): Promise<ChosenPlan> {
  const { schedule = 'auto', tuning = 'off', candidate: asked, tuningStore, onTuning } = options;
  const shape = shapeOf(problem);
  const candidates = candidatesFor(shape, device.features).filter((candidate) =>
    isAsked(candidate, schedule),
  );
  const made = (candidate: Candidate): Plan => {
    const plan = candidate.plan();
    if ('declined' in plan) {
      throw new BackendUnavailableError(
        'unsupported',
        `The schedule ${candidate.schedule} does not take this network: ${plan.declined}. Another schedule does.`,
      );
    }
    checkLimits(plan, device.limits, problem.spec);
    return plan;
  };
  const chosen = (
    candidate: Candidate,
    chosenBy: PlanChoice['chosenBy'],
    { timings, tookMs }: Pick<TuningRecord, 'timings' | 'tookMs'> = { timings: [] },
  ): ChosenPlan => ({
    plan: made(candidate),
    choice: {
      schedule: candidate.schedule,
      candidate: candidate.name,
      chosenBy,
      timings,
      ...(tookMs !== undefined && { tuningMs: tookMs }),
    },
  });
  if (asked !== undefined) {
    const named = candidateNamed(asked, candidates, shape);
    if (named === undefined) {
      throw new InvalidInputError('candidate', asked, 'the name of a plan of this network');
    }
    return chosen(named, 'asked for');
  }
  // The table is the same for all devices, so it asks for no feature.
  const fixed = fixedCandidate(candidatesFor(shape), schedule);
  if (tuning === 'off') {
    return chosen(fixed, schedule === 'auto' ? 'fixed table' : 'asked for');
  }
  made(candidates.find((candidate) => !('declined' in candidate.plan())) ?? candidates[0]);
  const key = `${adapter} | ${schedule} | ${problemKey(shape)} | kernels ${kernelsKey(candidates)}`;
  const candidateOf = ({ winner }: TuningRecord) => candidateNamed(winner, candidates, shape);
  if (tuning === 'on') {
    const record = tuningRecordOf(await tuningStore?.get(key).catch(() => undefined));
    const winner = record && candidateOf(record);
    if (record !== undefined && winner !== undefined && !('declined' in winner.plan())) {
      return chosen(winner, 'stored measurement', record);
    }
  }
  const { batchesPerEpoch } = new StepSequence(problem.hyperparameters, problem.train.count);
  const begin = performance.now();
  const products = await tunedProducts();
  const { winner, timings } = await tune([...candidates, ...products.candidates], {
    open,
    batchesPerEpoch,
    ...(onTuning === undefined ? {} : { onProgress: onTuning }),
  });
  const tookMs = roundedMs(performance.now() - begin);
  const record: TuningRecord = { winner, timings: [...products.timings, ...timings], tookMs };
  // A store that fails costs the next run its measurement, and this one nothing.
  await tuningStore?.set(key, record).catch(() => undefined);
  return chosen(candidateOf(record) ?? fixed, 'measurement', record);

  /** The layered plan with its matrix products tuned, where only that schedule takes the network. */
  async function tunedProducts(): Promise<TunedProducts> {
    const taken = candidates.filter((candidate) => !('declined' in candidate.plan()));
    if (taken.some((candidate) => candidate.schedule !== 'layered')) return NO_PRODUCTS;
    if (!device.features.has('timestamp-query')) {
      const plans = uniformCuts(shape, device).map((names) =>
        tunedLayered(shape, tunedName(names)),
      );
      return { candidates: plans.filter((plan) => plan !== undefined), timings: [] };
    }
    const { names, timings } = await tuneGemms(
      shape,
      device,
      open,
      begin + PRODUCTS_MS,
      undefined,
      onTuning,
    );
    const isFixed = productsOf(shape).every(
      ({ form, shape: size }, i) => names[i] === variantName(defaultVariant(form, size)),
    );
    const candidate = isFixed ? undefined : tunedLayered(shape, tunedName(names));
    return { candidates: candidate === undefined ? [] : [candidate], timings };
  }
}

interface TunedProducts {
  readonly candidates: readonly Candidate[];
  readonly timings: TuningRecord['timings'];
}

const NO_PRODUCTS: TunedProducts = { candidates: [], timings: [] };

/** What the variants of the matrix products may take, in milliseconds; the plans made of them come after. */
const PRODUCTS_MS = 2500;

/** The candidate, or the layered plan with tuned products, that a name stands for, if it is one of this network's. */
export function candidateNamed(
  name: string,
  candidates: readonly Candidate[],
  shape: ProblemShape,
): Candidate | undefined {
  return candidates.find((candidate) => candidate.name === name) ?? tunedLayered(shape, name);
}

/** The layered plan that a record names, if it is one of this network's. */
function tunedLayered(shape: ProblemShape, name: string): Candidate | undefined {
  const plan = planOfName(shape, name);
  return plan === null ? undefined : { name, schedule: 'layered', plan: () => plan };
}
