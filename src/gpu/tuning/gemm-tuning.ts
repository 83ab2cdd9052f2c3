/**
 * Tuning of the layered schedule's matrix products: in a round for each variant the products of a step
 * run cut its way, and the device's clock tells what each took. The best cut of each makes the tuned plan.
 */
import { denseBackwardDelta } from '../../../shaders/dense-backward-delta';
import { denseBackwardWeights } from '../../../shaders/dense-backward-weights';
import { denseForward } from '../../../shaders/dense-forward';
import { sumPartials } from '../../../shaders/sum-partials';
import { planOf } from '../../layers/plan';
import { layersOf } from '../../model/network-spec';
import type { Backend } from '../../training/backend';
import { StepSequence } from '../../training/steps';
import {
  allVariants,
  candidates,
  defaultVariant,
  expectedCost,
  type GemmForm,
  type GemmVariant,
  loadsPerMultiplyAdd,
  productOf,
  suits,
  type VariantChooser,
  type VariantDevice,
  variantName,
} from '../plan/gemm-variants';
import type { GemmProduct } from '../plan/layer-plan';
import { planLayered } from '../plan/layered';
import type { Plan, PlanStep, ProblemShape } from '../plan/plan';
import type { KernelTiming } from '../runtime/kernel-timer';
import { type CandidateTiming, roundedMs } from './tuning-store';

/** A backend that can tell what each of its kernels takes. */
export interface TimedBackend extends Backend {
  timeKernels(): Promise<readonly KernelTiming[]>;
}

/** The products of a step, in a fixed order. */
export function productsOf({
  spec,
  hyperparameters,
  trainSamples,
}: ProblemShape): readonly GemmProduct[] {
  const { batchRows } = new StepSequence(hyperparameters, trainSamples);
  return layersOf(spec).flatMap((place) => planOf(place.layer).products(place, batchRows));
}

/** What a layer's products of one form have in common: those of other numbers of samples follow it. */
function keyOf({ form, shape: { inputs, outputs } }: Pick<GemmProduct, 'form' | 'shape'>): string {
  return `${form} ${inputs} ${outputs}`;
}

/** A variant chosen for a batch; it is taken for other numbers of samples where it may win there, too. */
interface Choice {
  readonly variant: GemmVariant;
  readonly rows: number;
}

function chooserOf(choices: ReadonlyMap<string, Choice>): VariantChooser {
  return (form, shape) => {
    const choice = choices.get(keyOf({ form, shape }));
    const isFit =
      choice !== undefined &&
      (choice.rows === shape.rows || suits(choice.variant, form, productOf(form, shape)));
    return isFit ? choice.variant : defaultVariant(form, shape);
  };
}

/** The name of a plan whose products are cut as `names` say, in the order of `productsOf`. */
export function tunedName(names: readonly string[]): string {
  return ['layered', ...names].join(' ');
}

/** The layered plan of that name; null where the name is not one of this network's. */
export function planOfName(shape: ProblemShape, name: string): Plan | null {
  const [schedule, ...names] = name.split(' ');
  const products = productsOf(shape);
  if (schedule !== 'layered' || names.length !== products.length) return null;
  const choices = new Map<string, Choice>();
  for (const [i, product] of products.entries()) {
    const { n } = productOf(product.form, product.shape);
    const variant = allVariants(product.form, n).find(
      (candidate) => variantName(candidate) === names[i],
    );
    if (variant === undefined) return null;
    choices.set(keyOf(product), { variant, rows: product.shape.rows });
  }
  return { ...planLayered(shape, chooserOf(choices)), title: name };
}

/** What tuning found out about the matrix products. */
export interface TunedGemms {
  /** A variant's name for each of `productsOf(shape)`. */
  readonly names: readonly string[];
  /** What each round took, for people. */
  readonly timings: readonly CandidateTiming[];
}

/** A product, the variants that compete for it, and who leads. */
interface Contest {
  readonly product: GemmProduct;
  readonly variants: readonly GemmVariant[];
  best: GemmVariant;
  ms: number;
}

/** A product that takes less than this of all of them together is left as the fixed table has it. */
const WORTH_TUNING = 0.02;

/**
 * Measures the variants and names the best of each product: the fixed table's in a first round, then a
 * round for each other variant and the products that matter, the most promising first.
 *
 * @param deadline - on the clock of `now`: no third or later round is begun that is expected to pass it
 */
export async function tuneGemms(
  shape: ProblemShape,
  device: VariantDevice,
  open: (plan: Plan) => Promise<TimedBackend>,
  deadline: number,
  now: () => number = () => performance.now(),
  onProgress: (what: string, share: number) => void = () => {},
): Promise<TunedGemms> {
  const contests = productsOf(shape).map((product): Contest => {
    const variants = candidates(product.form, product.shape, device);
    const best = defaultVariant(product.form, product.shape);
    return { product, variants, best, ms: Number.POSITIVE_INFINITY };
  });
  const timings: CandidateTiming[] = [];
  let longest = 0;
  const round = async (what: string, share: number, cuts: ReadonlyMap<Contest, GemmVariant>) => {
    const begin = now();
    // What is expected to win is measured in any case, and what it has to win against.
    if (timings.length > 1 && begin + longest > deadline) {
      timings.push({ candidate: what, msPerStep: null, note: 'not tried: time was up' });
      return;
    }
    onProgress(what, share);
    const kernels = await timed(open, planOfCuts(shape, cuts));
    let sum = 0;
    for (const [contest, variant] of cuts) {
      const ms = timeOf(contest.product, kernels);
      sum += ms;
      if (ms < contest.ms) Object.assign(contest, { best: variant, ms });
    }
    if (timings.length > 0) longest = Math.max(longest, now() - begin); // the first one wakes the device
    const note = Number.isFinite(sum)
      ? `${sum.toFixed(3)} ms for ${cuts.size} of ${contests.length} products`
      : 'does not run on this device';
    timings.push({ candidate: what, msPerStep: null, note, tookMs: roundedMs(now() - begin) });
  };

  const fixed = contests.flatMap((contest) => {
    const [variant] = contest.variants;
    return variant === undefined ? [] : [[contest, variant] as const];
  });
  await round('products as in the fixed table', 0, new Map(fixed));
  const total = contests.reduce((sum, { ms }) => sum + ms, 0);
  const worthwhile = contests
    .filter(({ ms }) => !(ms < WORTH_TUNING * total))
    .sort((a, b) => b.ms - a.ms);
  const others = mostPromising(worthwhile);
  for (const [done, variant] of others.entries()) {
    const name = variantName(variant);
    const cuts = worthwhile.flatMap((contest) =>
      contest.variants.slice(1).some((other) => variantName(other) === name)
        ? [[contest, variant] as const]
        : [],
    );
    const loads = loadsPerMultiplyAdd(variant).toPrecision(2);
    const share = (done + 1) / (others.length + 1);
    await round(`products as ${name}, ${loads} loads a multiply-add`, share, new Map(cuts));
  }
  return { names: contests.map(({ best }) => variantName(best)), timings };
}

/**
 * Names for whole plans, the most promising first: each cuts every product that it fits one way, the
 * others as in the fixed table. For devices without a clock of kernels, where only plans can be timed.
 */
export function uniformCuts(
  shape: ProblemShape,
  device: VariantDevice,
): readonly (readonly string[])[] {
  const contests = productsOf(shape).map((product) => ({
    product,
    variants: candidates(product.form, product.shape, device),
  }));
  return mostPromising(contests).map((variant) =>
    contests.map(({ product, variants }) => {
      const name = variantName(variant);
      const isFit = variants.some((other) => variantName(other) === name);
      return isFit ? name : variantName(defaultVariant(product.form, product.shape));
    }),
  );
}

/** Each variant once, in the order of what the largest product that it fits may cost with it. */
function mostPromising(
  contests: readonly Pick<Contest, 'product' | 'variants'>[],
): readonly GemmVariant[] {
  const costs = new Map<string, { readonly variant: GemmVariant; readonly cost: number }>();
  for (const { product, variants } of contests) {
    for (const variant of variants.slice(1)) {
      const name = variantName(variant);
      const cost = expectedCost(variant, productOf(product.form, product.shape));
      if (!costs.has(name)) costs.set(name, { variant, cost });
    }
  }
  return [...costs.values()].sort((a, b) => a.cost - b.cost).map(({ variant }) => variant);
}

/** The layered plan with some products cut as they are to be timed, and no other step. */
function planOfCuts(shape: ProblemShape, cuts: ReadonlyMap<Contest, GemmVariant>): Plan {
  const choices = new Map(
    [...cuts].map(([{ product }, variant]) => [
      keyOf(product),
      { variant, rows: product.shape.rows },
    ]),
  );
  const plan = planLayered(shape, chooserOf(choices));
  const isTimed = ({ layer, kernel }: PlanStep) =>
    [...cuts.keys()].some(
      ({ product }) => product.layer === layer && KERNELS[product.form].includes(kernel.name),
    );
  return { ...plan, step: plan.step.filter(isTimed), epoch: [], prediction: [] };
}

/** Kernel timings of a plan; none where it does not run on this device. */
async function timed(
  open: (plan: Plan) => Promise<TimedBackend>,
  plan: Plan,
): Promise<readonly KernelTiming[]> {
  try {
    const backend = await open(plan);
    try {
      return await backend.timeKernels();
    } finally {
      backend.dispose();
    }
  } catch {
    return [];
  }
}

const KERNELS = {
  forward: [denseForward.name],
  delta: [denseBackwardDelta.name],
  weights: [denseBackwardWeights.name, sumPartials.name],
} satisfies Record<GemmForm, readonly string[]>;

function timeOf({ form, layer }: GemmProduct, timings: readonly KernelTiming[]): number {
  const own = timings.filter(
    (timing) =>
      timing.part === 'step' && timing.layer === layer && KERNELS[form].includes(timing.kernel),
  );
  return own.length === 0
    ? Number.POSITIVE_INFINITY
    : own.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}
