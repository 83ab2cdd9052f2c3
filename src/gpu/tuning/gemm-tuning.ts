/**
 * Tuning of the layered schedule's matrix products: in a round for each variant the products of a step
 * are computed by it, and the device's clock tells what each took. The best of each make the tuned plan.
 */
import {
  type GemmVariant,
  loadsPerMultiplyAdd,
  variantName,
} from '../../../shaders/parts/gemm-variant';
import { expectedCost, productOf, variantsFor } from '../plan/choose-variant';
import type { GemmProduct } from '../plan/layer-plan';
import { planLayered } from '../plan/layered';
import type { Plan, ProblemShape } from '../plan/plan';
import type { KernelTiming } from '../runtime/kernel-timer';
import type { Candidate } from './candidates';
import type { Trials } from './trials';
import { chooserOf, productsOf, tunedLayered, tunedName } from './tuned-layered';

/** A product, the variants that compete for it, and who leads. */
interface Contest {
  readonly product: GemmProduct;
  readonly fixed: GemmVariant;
  readonly others: readonly GemmVariant[];
  best: GemmVariant;
  ms: number;
}

function contestsOf(shape: ProblemShape, features: ReadonlySet<string>): readonly Contest[] {
  return productsOf(shape).map((product) => {
    const [fixed, ...others] = variantsFor(product.form, product.shape, features, shape);
    return { product, fixed, others, best: fixed, ms: Number.POSITIVE_INFINITY };
  });
}

function takesPart({ others }: Contest, variant: GemmVariant): boolean {
  return others.some((other) => variantName(other) === variantName(variant));
}

/** A product that takes less than this of all of them together is left as the fixed table has it. */
const WORTH_TUNING = 0.02;

/**
 * Measures the variants and names the best of each product: the fixed table's in a first round, then a
 * round for each other variant and the products that matter, the most promising first.
 *
 * @param features - of the device
 * @param trials - keeps what each round took
 * @returns the layered plan with the best of each; undefined where none beats the fixed table's
 */
export async function tuneGemms(
  shape: ProblemShape,
  features: ReadonlySet<string>,
  trials: Trials,
): Promise<Candidate | undefined> {
  const contests = contestsOf(shape, features);
  const round = (
    name: string,
    share: number,
    variants: readonly (readonly [Contest, GemmVariant])[],
  ) =>
    trials.run({ name, plan: () => planOfProducts(shape, variants) }, share, async (backend) => {
      const kernels = await backend.timeKernels();
      let sum = 0;
      for (const [contest, variant] of variants) {
        const ms = timeOf(contest.product, kernels);
        sum += ms;
        if (ms < contest.ms) Object.assign(contest, { best: variant, ms });
      }
      const note = `${sum.toFixed(3)} ms for ${variants.length} of ${contests.length} products`;
      return { msPerStep: null, note };
    });

  const fixed = contests.map((contest) => [contest, contest.fixed] as const);
  await round('products as in the fixed table', 0, fixed);
  const total = contests.reduce((sum, { ms }) => sum + ms, 0);
  const worthwhile = contests
    .filter(({ ms }) => !(ms < WORTH_TUNING * total))
    .sort((a, b) => b.ms - a.ms);
  const others = mostPromising(worthwhile, shape);
  for (const [done, variant] of others.entries()) {
    const loads = loadsPerMultiplyAdd(variant).toPrecision(2);
    await round(
      `products as ${variantName(variant)}, ${loads} loads a multiply-add`,
      (done + 1) / (others.length + 1),
      worthwhile
        .filter((contest) => takesPart(contest, variant))
        .map((contest) => [contest, variant] as const),
    );
  }
  if (contests.every(({ best, fixed }) => best === fixed)) return undefined;
  return tunedLayered(shape, tunedName(contests.map(({ best }) => variantName(best))));
}

/**
 * Whole plans, the most promising first: each has one variant for every product that it fits, and that of
 * the fixed table for the others. For devices without a clock of kernels, where only plans can be timed.
 */
export function uniformLayered(
  shape: ProblemShape,
  features: ReadonlySet<string>,
): readonly Candidate[] {
  const contests = contestsOf(shape, features);
  return mostPromising(contests, shape)
    .map((variant) =>
      contests.map((contest) => variantName(takesPart(contest, variant) ? variant : contest.fixed)),
    )
    .map((names) => tunedLayered(shape, tunedName(names)))
    .filter((candidate) => candidate !== undefined);
}

/** Each variant but the fixed ones once, in the order of what the first product that it fits may cost with it. */
function mostPromising(
  contests: readonly Contest[],
  device: Pick<ProblemShape, 'deviceClass'>,
): readonly GemmVariant[] {
  const costs = new Map<string, { readonly variant: GemmVariant; readonly cost: number }>();
  for (const { product, others } of contests) {
    for (const variant of others) {
      const name = variantName(variant);
      const cost = expectedCost(variant, productOf(product.form, product.shape), device);
      if (!costs.has(name)) costs.set(name, { variant, cost });
    }
  }
  return [...costs.values()].sort((a, b) => a.cost - b.cost).map(({ variant }) => variant);
}

/** The layered plan with some products' variants as they are to be timed, and no other step. */
function planOfProducts(
  shape: ProblemShape,
  variants: readonly (readonly [Contest, GemmVariant])[],
): Plan {
  const chosen = variants.map(([{ product }, variant]) => [product, variant] as const);
  const plan = planLayered(shape, chooserOf(shape, chosen));
  const step = plan.step.filter(({ layer, kernel }) =>
    chosen.some(([product]) => product.layer === layer && product.kernels.includes(kernel.name)),
  );
  return { ...plan, step, epoch: [], prediction: [] };
}

function timeOf({ layer, kernels }: GemmProduct, timings: readonly KernelTiming[]): number {
  return timings
    .filter((timing) => timing.layer === layer && kernels.includes(timing.kernel))
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}
