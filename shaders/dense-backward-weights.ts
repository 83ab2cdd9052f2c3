/**
 * Gradients of a layer's weights and biases: dW = δᵀ · A_in / m and db = Σ δ / m, summed over the
 * batch in a fixed order. Workgroups beside those of the product sum the biases' gradients, an invocation
 * for each, or many.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type Kernel, PERMUTATION } from './kernel';
import {
  type Gemm,
  gemm,
  gemmFeatures,
  gemmGrid,
  type RowReduction,
  reductionColumns,
} from './parts/gemm';
import { matrixAt, storageType, writeFour } from './parts/gemm-operand';
import { type GemmVariant, workgroupThreads, workgroupTile } from './parts/gemm-variant';
import { treeSum } from './parts/shared-sums';

export interface DenseBackwardWeightsShape {
  readonly inputs: number;
  readonly outputs: number;
  /** Where the layer's weights and biases start in the gradients. */
  readonly weights: number;
  readonly biases: number;
  /** Rows of the input come through the permutation. */
  readonly gather: boolean;
  /** Whether invocations share the sum of a bias's gradient. */
  readonly sharesBiases: boolean;
  readonly variant: GemmVariant;
}

/** A row of the result is a unit, a column an input; both matrices have a sample to a row: none is contiguous in k. */
function product(shape: DenseBackwardWeightsShape): Gemm {
  const { inputs, outputs, gather, variant } = shape;
  return {
    m: outputs,
    n: inputs,
    k: 'batch',
    left: { ...matrixAt('delta', 0, outputs), contiguous: 'mn', gather: null },
    right: { ...matrixAt('input', 0, inputs), contiguous: 'mn', gather: gather ? 'sample' : null },
    variant,
    reduceRows: shape.sharesBiases ? shareBiases(shape) : sumBiases(shape),
  };
}

/** Biases that a workgroup takes where invocations share their sums: neighbours in memory. */
const SHARED_BIASES = 8;

/** The biases' gradients of `count` units from `first` on, a thread a unit. */
function sumBiases({ outputs, biases, variant }: DenseBackwardWeightsShape): RowReduction {
  const source = wgsl`fn reduce_rows(first: u32, count: u32, thread: u32) {
  for (var unit = first + thread; unit < min(first + count, ${outputs}u); unit += ${workgroupThreads(variant)}u) {
    var sum = 0.0;
    for (var row = 0u; row < step.rows; row++) { sum += left_one(row, unit); }
    gradients[${biases}u + unit] = sum * step.inverse_rows;
  }
}`;
  return { source, most: Number.POSITIVE_INFINITY };
}

/** The same for a few units, whose samples the threads share out. */
function shareBiases(shape: DenseBackwardWeightsShape): RowReduction {
  const { inputs, outputs, biases, variant } = shape;
  const threads = workgroupThreads(variant);
  const units = Math.min(SHARED_BIASES, workgroupTile(variant, inputs).rows);
  const source = wgsl`var<workgroup> bias_sums: array<f32, ${threads}>;

fn reduce_rows(first: u32, count: u32, thread: u32) {
  let unit = min(first + thread % ${units}u, ${outputs - 1}u);
  var sum = 0.0;
  for (var row = thread / ${units}u; row < step.rows; row += ${threads / units}u) {
    sum += left_one(row, unit);
  }
  bias_sums[thread] = sum;
  ${treeSum('bias_sums', 'thread', threads, units)}
  if (thread < count && first + thread < ${outputs}u) {
    gradients[${biases}u + unit] = bias_sums[thread] * step.inverse_rows;
  }
}`;
  return { source, most: units };
}

export const denseBackwardWeights: Kernel<DenseBackwardWeightsShape> = {
  name: 'dense-backward-weights',
  summary: 'Gradients of weights and biases, the mean over the batch',
  numpy: 'dW = dZ.T @ A_in / m; db = dZ.sum(axis=0) / m',
  formulas: ['dense-gradient'],
  reference: ['denseBackwardWeights'],
  judge: 'gradients',
  features: ({ variant }) => gemmFeatures(variant),
  bindings: (shape) => {
    const partials = storageType(matrixAt('partials', 0, shape.inputs));
    return [
      { name: 'step', access: 'step' },
      { name: 'delta', access: 'read', type: storageType(product(shape).left) },
      { name: 'input', access: 'read', type: storageType(product(shape).right) },
      ...(shape.gather ? [PERMUTATION] : []),
      { name: 'gradients', access: 'read_write' },
      ...(shape.variant.splitK > 1
        ? [{ name: 'partials', access: 'read_write', type: partials } as const]
        : []),
    ];
  },
  source: (shape) => {
    const { inputs, outputs, weights } = shape;
    // Biases lie in the same buffer, anywhere, so the gradients are written float by float.
    const gradients = { ...matrixAt('gradients', weights, inputs), isWide: false };
    return wgsl`
#if ${shape.gather}
fn sample(row: u32) -> u32 { return permutation[step.first_row + row]; }
#endif

fn epilogue(unit: u32, column: u32, sum: vec4<f32>) {
  if (unit >= ${outputs}u || column >= ${inputs}u) { return; }
#if ${shape.variant.splitK > 1}
  ${writeFour(matrixAt('partials', 0, inputs), `(split * ${outputs}u + unit)`, 'column', 'sum')}
#else
  let mean = sum * step.inverse_rows;
  ${writeFour(gradients, 'unit', 'column', 'mean')}
#endif
}
${gemm(product(shape))}`;
  },
  workgroups: (shape) => {
    const { inputs, outputs, variant } = shape;
    const [x, y, z] = gemmGrid(variant, outputs, inputs);
    return [x + reductionColumns(product(shape)), y, z];
  },
};
