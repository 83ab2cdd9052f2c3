/** Which plan a network gets: the schedule asked for, what tuning found, or the fixed table. */
import type { DeviceClass, PlanChoice, Problem } from '../../training/backend';
import { BackendUnavailableError, InvalidInputError } from '../../training/errors';
import { StepSequence } from '../../training/steps';
import type { PlanOptions } from '../plan/choices';
import { loadSteps } from '../plan/late-steps';
import { checkLimits, type Plan, type PlanLimits, type ProblemShape, shapeOf } from '../plan/plan';
import { tune } from './autotune';
import { type Candidate, candidatesFor, kernelsKey, problemKey } from './candidates';
import { fixedCandidate } from './fixed-choice';
import { type TrialOptions, Trials } from './trials';
import { candidateNamed } from './tuned-layered';
import { roundedMs, type TuningRecord, type TuningStore, tuningRecordOf } from './tuning-store';

/** By default the schedule is `auto` and tuning `off`. */
export interface TuningOptions extends Partial<PlanOptions> {
  /** Exactly this plan, by the name that `PlanChoice.candidate` gives it; nothing is measured then. */
  readonly candidate?: string;
  readonly tuningStore?: TuningStore;
  readonly onTuning?: (what: string, share: number) => void;
  /** Ends measuring; the plan of the fixed table is taken then, and nothing is stored. */
  readonly cancelTuning?: AbortSignal;
}

/** The choice, and the plan itself. */
export interface ChosenPlan {
  readonly plan: Plan;
  readonly choice: PlanChoice;
}

/** What a plan has to fit; without `failure` nothing measured there can fail for the device's sake. */
interface TunedDevice extends Pick<TrialOptions, 'failure'> {
  readonly limits: PlanLimits;
  readonly features: ReadonlySet<string>;
  readonly deviceClass?: DeviceClass | undefined;
}

/**
 * Chooses a plan for a problem.
 *
 * @param adapter - name of adapter and, where the browser tells it, driver: measurements are kept by it
 * @param open - opens a backend with a plan, for measuring
 * @throws BackendUnavailableError where the schedule asked for declines the network
 * @throws InvalidInputError where the network passes a limit of the device, or has no plan of the name
 * @throws whatever the device failed with, where it did while plans were measured; nothing is stored then
 */
export async function choosePlan(
  problem: Problem,
  adapter: string,
  { limits, features, failure, deviceClass }: TunedDevice,
  options: TuningOptions,
  open: TrialOptions['open'],
): Promise<ChosenPlan> {
  const { schedule = 'auto', tuning = 'off', candidate: asked, tuningStore } = options;
  const { onTuning, tuningSeconds, cancelTuning } = options;
  const shape = shapeOf(problem, deviceClass);
  await loadSteps(shape);
  const candidates = candidatesFor(shape, features, schedule);
  const made = (candidate: Candidate): Plan => {
    const plan = candidate.plan();
    if ('declined' in plan) {
      throw new BackendUnavailableError(
        'unsupported',
        `The schedule ${candidate.schedule} does not take this network: ${plan.declined}. Another schedule does.`,
      );
    }
    checkLimits(plan, limits, problem.spec);
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
  const fixed = fixedCandidate(schedule, shape);
  const unmeasured = () => chosen(fixed, schedule === 'auto' ? 'fixed table' : 'asked for');
  if (tuning === 'off') return unmeasured();
  made(candidates.find(takes) ?? candidates[0]);
  const kernels = kernelsKey(candidates.map((candidate) => candidate.plan()));
  const key = `${adapter} | ${schedule} | ${problemKey(shape)} | kernels ${kernels}`;
  if (tuning === 'on') {
    const record = tuningRecordOf(await tuningStore?.get(key).catch(() => undefined));
    const winner = record && candidateNamed(record.winner, candidates, shape);
    if (winner !== undefined && takes(winner)) {
      return chosen(winner, 'stored measurement', record);
    }
  }
  const trials = {
    open,
    ...(onTuning !== undefined && { onProgress: onTuning }),
    ...(tuningSeconds !== undefined && { totalMs: 1000 * tuningSeconds }),
    ...(failure !== undefined && { failure }),
    ...(cancelTuning !== undefined && { cancel: cancelTuning }),
  };
  let record: TuningRecord;
  try {
    record = await measure(problem, shape, candidates, features, trials);
  } catch (error) {
    failure?.throwIfAborted();
    if (cancelTuning?.aborted !== true) throw error;
    return unmeasured();
  }
  // A store that fails costs the next run its measurement, and this one nothing.
  await tuningStore?.set(key, record).catch(() => undefined);
  const winner = candidateNamed(record.winner, candidates, shape);
  return chosen(winner ?? fixed, 'measurement', record);
}

function takes(candidate: Candidate): boolean {
  return !('declined' in candidate.plan());
}

/**
 * What the variants of the matrix products may take, in milliseconds, or their share of the time where one
 * is given; the plans made of them come after.
 */
const PRODUCTS_MS = 2500;
const PRODUCTS_SHARE = 0.5;

/** Compares the candidates, and where only the layered schedule takes the network, its tuned products too. */
async function measure(
  problem: Problem,
  shape: ProblemShape,
  candidates: readonly Candidate[],
  features: ReadonlySet<string>,
  options: TrialOptions,
): Promise<TuningRecord> {
  const begin = performance.now();
  const { totalMs } = options;
  const productsMs = totalMs === undefined ? PRODUCTS_MS : PRODUCTS_SHARE * totalMs;
  const products = new Trials(options, begin + productsMs);
  const { batchesPerEpoch } = new StepSequence(problem.hyperparameters, problem.train.count);
  const all = [...candidates, ...(await tunedProducts())];
  const left = totalMs === undefined ? {} : { totalMs: totalMs - (performance.now() - begin) };
  const { winner, timings } = await tune(all, batchesPerEpoch, { ...options, ...left });
  const tookMs = roundedMs(performance.now() - begin);
  return { winner, timings: [...products.timings, ...timings], tookMs };

  async function tunedProducts(): Promise<readonly Candidate[]> {
    if (candidates.some((one) => one.schedule !== 'layered' && takes(one))) return [];
    const { tuneGemms, uniformLayered } = await import('./gemm-tuning');
    if (!features.has('timestamp-query')) return uniformLayered(shape, features);
    const tuned = await tuneGemms(shape, features, products);
    return tuned === undefined ? [] : [tuned];
  }
}
