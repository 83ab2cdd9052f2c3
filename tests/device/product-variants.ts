/**
 * Ways to compute a product of a network that no plan takes yet, and some that one takes elsewhere, each as a
 * plan of its own: forward products whose sums over K are shared out, or whose tiles are smaller, and the
 * gradient of a convolution's weights in more parts. What a card makes of them decides whether they become
 * defaults (RESULTS.md).
 */
import { wgsl } from 'wgsl-preprocessor';
import {
  type DenseForwardShape,
  denseForward,
  denseForwardProduct,
} from '../../shaders/dense-forward';
import {
  instantiate,
  type Kernel,
  LINEAR_WORKGROUP,
  linearGrid,
  linearIndex,
} from '../../shaders/kernel';
import { activate } from '../../shaders/parts/activations';
import { gemm, gemmGrid } from '../../shaders/parts/gemm';
import { matrixAt, readFour, storageType, writeFour } from '../../shaders/parts/gemm-operand';
import { type GemmVariant, variantName } from '../../shaders/parts/gemm-variant';
import { fixedChooser } from '../../src/gpu/plan/choose-variant';
import type { GemmProduct } from '../../src/gpu/plan/layer-plan';
import { planLayered } from '../../src/gpu/plan/layered';
import { type Plan, type PlanStep, type ProblemShape, planStep } from '../../src/gpu/plan/plan';
import { words } from '../../src/gpu/plan/plan-buffers';
import { productsOf } from '../../src/gpu/tuning/tuned-layered';

/** A plan with a variant for some of its products, and which kernels to look at. */
export interface ProductVariant {
  readonly name: string;
  readonly products: readonly Pick<GemmProduct, 'layer' | 'kernels'>[];
  plan(): Plan;
}

const register = (rows: number, columns: number, splitK = 1): GemmVariant => ({
  ...{ kind: 'register', rows, columns, splitK },
});
const tile = (rows: number, columns: number, splitK = 1): GemmVariant => ({
  ...{ kind: 'tile', rows, columns, splitK },
});
const tile256 = (rows: number, columns: number, splitK = 1): GemmVariant => ({
  ...{ kind: 'tile256', rows, columns, splitK },
});

/** The most telling first. */
const FORWARD: readonly GemmVariant[] = [
  ...[tile(4, 4), tile(4, 4, 4), tile(2, 4), tile(4, 4, 2), tile(4, 4, 8), tile(2, 4, 2)],
  ...[tile256(4, 4, 4), tile256(2, 4), tile256(2, 4, 2), tile256(4, 4, 8), tile256(4, 4)],
  ...[register(2, 4), register(4, 4), register(4, 4, 4), register(4, 4, 8), register(8, 4, 8)],
];

/** Parts of the sums over places of samples, by the default's register block. */
const CONV_PARTS = [64, 128, 256, 512];

/** The forward products of the hidden dense layers, by each variant. */
export function forwardVariants(shape: ProblemShape): readonly ProductVariant[] {
  const hidden = shape.spec.layers.length - 1;
  const products = productsOf(shape).filter(
    ({ form, layer }) => form === 'forward' && layer <= hidden,
  );
  const looked = products.map(({ layer }) => ({
    layer,
    kernels: [denseForward.name, sumForward.name],
  }));
  return FORWARD.map((variant) => ({
    name: variantName(variant),
    products: looked,
    plan: () => {
      const plan = planWith(shape, products, { ...variant, splitK: 1 });
      return variant.splitK === 1 ? plan : splitForward(plan, variant);
    },
  }));
}

/** The gradients of the convolutions' weights in so many parts. */
export function convVariants(shape: ProblemShape): readonly ProductVariant[] {
  const products = productsOf(shape).filter(
    ({ form, shape: { isLong } }) => form === 'weights' && isLong === true,
  );
  return CONV_PARTS.map((splitK) => {
    const variant = register(4, 4, splitK);
    return { name: variantName(variant), products, plan: () => planWith(shape, products, variant) };
  });
}

function planWith(
  shape: ProblemShape,
  products: readonly GemmProduct[],
  variant: GemmVariant,
): Plan {
  const fixed = fixedChooser(shape);
  const isMeant = (form: string, rows: number, inputs: number, outputs: number) =>
    products.some(
      ({ form: own, shape: size }) =>
        own === form && size.rows === rows && size.inputs === inputs && size.outputs === outputs,
    );
  return planLayered(shape, (form, size) =>
    isMeant(form, size.rows, size.inputs, size.outputs) ? variant : fixed(form, size),
  );
}

/** The hidden layers' forward products as two dispatches each: the parts of the sums, and what becomes of them. */
function splitForward(plan: Plan, variant: GemmVariant): Plan {
  let most = 0;
  const step = plan.step.flatMap((one): readonly PlanStep[] => {
    const { kernel, layer, phase } = one;
    const shape = kernel.shape as unknown as DenseForwardShape;
    const isMeant =
      kernel.name === denseForward.name &&
      variantName(shape.variant) === variantName({ ...variant, splitK: 1 });
    if (!isMeant) return [one];
    const split = { ...shape, variant };
    most = Math.max(most, variant.splitK * shape.rows * shape.outputs);
    const parts = { ...one.buffers, partials: 'forward-partials' };
    return [
      planStep(phase, layer, instantiate(partialForward, split), parts),
      planStep(phase, layer, instantiate(sumForward, split), parts),
    ];
  });
  return { ...plan, step, buffers: [...plan.buffers, words('forward-partials', most)] };
}

const NOTES = {
  numpy: 'A = f(A_in @ W.T + b)',
  formulas: ['dense-forward'],
  reference: ['denseForward'],
  judge: 'forward',
} as const;

const partialForward: Kernel<DenseForwardShape> = {
  ...NOTES,
  name: denseForward.name,
  summary: 'Weighted sums of a layer, in parts of K',
  bindings: (shape) =>
    denseForward
      .bindings(shape)
      .filter(({ name }) => name !== 'biases')
      .map((binding) => (binding.name === 'output' ? { ...binding, name: 'partials' } : binding)),
  source: (shape) => {
    const { rows, outputs, gather } = shape;
    return wgsl`
#if ${gather}
fn sample(row: u32) -> u32 { return permutation[step.first_row + row]; }
#endif
fn epilogue(row: u32, unit: u32, sum: vec4<f32>) {
  if (row >= step.rows || unit >= ${outputs}u) { return; }
  ${writeFour(matrixAt('partials', 0, outputs), `(split * ${rows}u + row)`, 'unit', 'sum')}
}
${gemm(denseForwardProduct(shape))}`;
  },
  workgroups: ({ rows, outputs, variant }) => gemmGrid(variant, rows, outputs),
};

/** Four units of a sample an invocation. */
const sumForward: Kernel<DenseForwardShape> = {
  ...NOTES,
  name: 'sum-forward',
  summary: 'Adds up the parts of a layer’s sums, plus biases, through the activation',
  bindings: (shape) => {
    const type = storageType(matrixAt('output', 0, shape.outputs));
    return [
      { name: 'step', access: 'step' },
      { name: 'biases', access: 'read' },
      { name: 'partials', access: 'read', type },
      { name: 'output', access: 'read_write', type },
    ];
  },
  source: ({ rows, outputs, biases, activation, variant }) => {
    const vectors = Math.ceil(outputs / 4);
    const part = readFour(matrixAt('partials', 0, outputs), `(part * ${rows}u + row)`, 'unit');
    return wgsl`
${activate(activation, 'vec4<f32>')}
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${linearIndex(rows * vectors)};
  let row = i / ${vectors}u;
  let unit = i % ${vectors}u * 4u;
  if (row >= step.rows) { return; }
  var sum = ${readFour({ ...matrixAt('biases', biases, outputs), isWide: false }, '0u', 'unit')};
  for (var part = 0u; part < ${variant.splitK}u; part++) { sum += ${part}; }
  let a = activate(sum);
  ${writeFour(matrixAt('output', 0, outputs), 'row', 'unit', 'a')}
}`;
  },
  workgroups: ({ rows, outputs }) => linearGrid(rows * Math.ceil(outputs / 4)),
};
