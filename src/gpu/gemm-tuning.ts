/**
 * Tuning of the layered schedule's matrix products: each variant trains the whole network once, with
 * every product cut its way, and the device's clock tells what each product took. The best cut of each
 * makes the tuned plan.
 */
import { layersOf } from '../model/network-spec';
import type { Backend } from '../training/backend';
import { StepSequence } from '../training/steps';
import {
  allVariants,
  candidates,
  defaultVariant,
  type GemmForm,
  type GemmShape,
  type GemmVariant,
  productOf,
  type VariantChooser,
  type VariantDevice,
  variantName,
} from './gemm-variants';
import type { KernelTiming } from './kernel-timer';
import { planLayered } from './layered';
import type { Plan, ProblemShape } from './plan';

/** A matrix product of a training step. */
interface GemmProduct {
  readonly form: GemmForm;
  /** The layer whose output, delta or gradient it gives, from 1. */
  readonly layer: number;
  readonly shape: GemmShape;
}

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
  return layersOf(spec).flatMap(({ index, inputs, outputs }): readonly GemmProduct[] => {
    const shape = { rows: batchRows, inputs, outputs };
    return [
      { form: 'forward', layer: index, shape },
      { form: 'weights', layer: index, shape },
      ...(index > 1 ? [{ form: 'delta' as const, layer: index - 1, shape }] : []),
    ];
  });
}

/** Products of one form and layer are cut alike, whatever the number of samples. */
function keyOf(form: GemmForm, { inputs, outputs }: GemmShape): string {
  return `${form} ${inputs} ${outputs}`;
}

function chooserOf(choices: ReadonlyMap<string, GemmVariant>): VariantChooser {
  return (form, shape) => choices.get(keyOf(form, shape)) ?? defaultVariant(form, shape);
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
  const choices = new Map<string, GemmVariant>();
  for (const [i, product] of products.entries()) {
    const { columns } = productOf(product.form, product.shape);
    const variant = allVariants(product.form, columns).find(
      (candidate) => variantName(candidate) === names[i],
    );
    if (variant === undefined) return null;
    choices.set(keyOf(product.form, product.shape), variant);
  }
  return { ...planLayered(shape, chooserOf(choices)), variant: name };
}

/**
 * Measures the variants and names the best of each product.
 *
 * @param deadline - no further variant is begun after this, on the clock of `now`
 * @returns a variant's name for each of `productsOf(shape)`
 */
export async function tuneGemms(
  shape: ProblemShape,
  device: VariantDevice,
  open: (plan: Plan) => Promise<TimedBackend>,
  deadline: number,
  now: () => number = () => performance.now(),
  onProgress: (what: string, share: number) => void = () => {},
): Promise<readonly string[]> {
  const products = productsOf(shape);
  const fitting = products.map((product) => candidates(product.form, product.shape, device));
  const names = [...new Set(fitting.flat().map(variantName))];
  const best = products.map(({ form, shape: size }) => ({
    name: variantName(defaultVariant(form, size)),
    ms: Number.POSITIVE_INFINITY,
  }));
  for (const [done, name] of names.entries()) {
    if (now() > deadline) break;
    onProgress(`matrix products as ${name}`, done / names.length);
    const choices = new Map(
      products.flatMap(({ form, shape: size }, i) => {
        const variant = fitting[i].find((candidate) => variantName(candidate) === name);
        return variant === undefined ? [] : [[keyOf(form, size), variant] as const];
      }),
    );
    const timings = await timed(open, planLayered(shape, chooserOf(choices)));
    for (const [i, product] of products.entries()) {
      const ms = timeOf(product, timings);
      if (choices.has(keyOf(product.form, product.shape)) && ms < best[i].ms)
        best[i] = { name, ms };
    }
  }
  return best.map(({ name }) => name);
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

const KERNELS: Readonly<Record<GemmForm, readonly string[]>> = {
  forward: ['dense-forward'],
  delta: ['dense-backward-delta'],
  weights: ['dense-backward-weights', 'sum-partials'],
};

function timeOf({ form, layer }: GemmProduct, timings: readonly KernelTiming[]): number {
  const own = timings.filter(
    (timing) =>
      timing.part === 'step' && timing.layer === layer && KERNELS[form].includes(timing.kernel),
  );
  return own.length === 0
    ? Number.POSITIVE_INFINITY
    : own.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}
