/**
 * A convolution, forwards: its patches times its filters, as a matrix product that finds the patches where
 * they lie (implicit GEMM). Batch gather in the reader; bias, activation and dropout in the epilogue.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { LayerActivation } from '../src/layers/activation';
import type { ConvShape } from '../src/layers/conv2d/layer';
import { type Kernel, PERMUTATION } from './kernel';
import { activate } from './parts/activations';
import { type DropoutShape, dropoutScaleOf } from './parts/dropout';
import { type Gemm, gemm, gemmFeatures, gemmGrid } from './parts/gemm';
import { matrixAt, readBy, readFour, storageType } from './parts/gemm-operand';
import type { GemmVariant } from './parts/gemm-variant';
import { convCounts, patchValue } from './parts/patches';

export interface ConvForwardShape {
  /** Most samples in a batch; the step says how many there are. */
  readonly rows: number;
  readonly conv: ConvShape;
  /** Where the layer's weights and biases start in the parameters. */
  readonly weights: number;
  readonly biases: number;
  readonly activation: LayerActivation;
  /** Samples come through the permutation. */
  readonly gather: boolean;
  readonly dropout: DropoutShape | null;
  readonly variant: GemmVariant;
}

/** A row of the result is a place on a sample's image, a column a filter; both matrices are contiguous in k. */
function product({ conv, weights, variant }: ConvForwardShape): Gemm {
  const { patch, positions } = convCounts(conv);
  return {
    m: { perSample: positions },
    n: conv.filters,
    k: patch,
    left: { ...readBy('patch_value', patch, 'patch_place'), contiguous: 'k' },
    right: { ...matrixAt('weights', weights, patch), contiguous: 'k', gather: null },
    variant,
  };
}

export const convForward: Kernel<ConvForwardShape> = {
  name: 'conv-forward',
  summary: 'Each filter at each place of the image, plus bias, through the activation',
  numpy: "A = f(einsum('npk,fk->nfp', patches(A_in), W) + b)",
  formulas: ['conv-forward'],
  reference: ['convForward', 'convEach', 'activate', 'sigmoid'],
  judge: 'forward',
  features: ({ variant }) => gemmFeatures(variant),
  bindings: (shape) => [
    { name: 'step', access: 'step' },
    { name: 'weights', access: 'read', type: storageType(product(shape).right) },
    { name: 'biases', access: 'read' },
    { name: 'input', access: 'read' },
    ...(shape.gather ? [PERMUTATION] : []),
    { name: 'output', access: 'read_write' },
  ],
  source: (shape) => {
    const { conv, biases, activation, gather, dropout } = shape;
    const { positions, outputs } = convCounts(conv);
    return wgsl`
${activate(activation, 'vec4<f32>')}
#if ${dropout !== null}
${dropout === null ? '' : dropoutScaleOf()}
#endif
#if ${gather}
fn sample(row: u32) -> u32 { return permutation[step.first_row + row]; }
#endif
${patchValue(conv, gather)}

fn epilogue(row: u32, feature: u32, sum: vec4<f32>) {
  if (row >= step.rows * ${positions}u || feature >= ${conv.filters}u) { return; }
  let bias = ${readFour({ ...matrixAt('biases', biases, conv.filters), isWide: false }, '0u', 'feature')};
  let a = activate(sum + bias);
  let row_in_batch = row / ${positions}u;
  for (var i = 0u; i < min(4u, ${conv.filters}u - feature); i++) {
    let unit = (feature + i) * ${positions}u + row % ${positions}u;
#if ${dropout === null}
    output[row_in_batch * ${outputs}u + unit] = a[i];
#else
    output[row_in_batch * ${outputs}u + unit] = a[i] * dropout_scale_of(row_in_batch, unit, ${dropout?.layer ?? 0}u);
#endif
  }
}
${gemm(product(shape))}`;
  },
  workgroups: ({ rows, conv, variant }) =>
    gemmGrid(variant, rows * convCounts(conv).positions, conv.filters),
};
