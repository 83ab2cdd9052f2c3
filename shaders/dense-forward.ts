/**
 * A dense layer, forwards: Z = A_in · Wᵀ + b and A = f(Z).
 * Batch gather in the prologue; bias, activation and dropout in the epilogue.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { LayerActivation } from '../src/layers/activation';
import { type Kernel, PERMUTATION } from './kernel';
import { activate } from './parts/activations';
import { type DropoutShape, dropoutScales } from './parts/dropout';
import { type Gemm, gemm, gemmFeatures, gemmGrid } from './parts/gemm';
import { matrixAt, readFour, storageType, writeFour } from './parts/gemm-operand';
import type { GemmVariant } from './parts/gemm-variant';

export interface DenseForwardShape {
  /** Most samples in a batch; the step says how many there are. */
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Where the layer's weights and biases start in the parameters. */
  readonly weights: number;
  readonly biases: number;
  readonly activation: LayerActivation;
  /** Rows come through the permutation. */
  readonly gather: boolean;
  readonly dropout: DropoutShape | null;
  readonly variant: GemmVariant;
}

/** A row of the result is a sample, a column a unit; both matrices are contiguous in k. */
export function denseForwardProduct({
  inputs,
  outputs,
  weights,
  gather,
  variant,
}: DenseForwardShape): Gemm {
  return {
    m: 'batch',
    n: outputs,
    k: inputs,
    left: { ...matrixAt('input', 0, inputs), contiguous: 'k', gather: gather ? 'sample' : null },
    right: { ...matrixAt('weights', weights, inputs), contiguous: 'k', gather: null },
    variant,
  };
}

export const denseForward: Kernel<DenseForwardShape> = {
  name: 'dense-forward',
  summary: 'Weighted sums of a layer, plus biases, through the activation',
  numpy: 'A = f(A_in @ W.T + b)',
  formulas: ['dense-forward'],
  reference: ['denseForward', 'activate', 'sigmoid'],
  judge: 'forward',
  features: ({ variant }) => gemmFeatures(variant),
  bindings: (shape) => [
    { name: 'step', access: 'step' },
    { name: 'weights', access: 'read', type: storageType(denseForwardProduct(shape).right) },
    { name: 'biases', access: 'read' },
    { name: 'input', access: 'read', type: storageType(denseForwardProduct(shape).left) },
    ...(shape.gather ? [PERMUTATION] : []),
    {
      name: 'output',
      access: 'read_write',
      type: storageType(matrixAt('output', 0, shape.outputs)),
    },
  ],
  source: (shape) => wgsl`
${activate(shape.activation, 'vec4<f32>')}
#if ${shape.dropout !== null}
${shape.dropout === null ? '' : dropoutScales(shape.dropout)}
#endif
#if ${shape.gather}
fn sample(row: u32) -> u32 { return permutation[step.first_row + row]; }
#endif

fn epilogue(row: u32, unit: u32, sum: vec4<f32>) {
  if (row >= step.rows || unit >= ${shape.outputs}u) { return; }
  let bias = ${readFour({ ...matrixAt('biases', shape.biases, shape.outputs), isWide: false }, '0u', 'unit')};
#if ${shape.dropout === null}
  let a = activate(sum + bias);
#else
  let a = activate(sum + bias) * dropout_scales(row, unit);
#endif
  ${writeFour(matrixAt('output', 0, shape.outputs), 'row', 'unit', 'a')}
}
${gemm(denseForwardProduct(shape))}`,
  workgroups: ({ rows, outputs, variant }) => gemmGrid(variant, rows, outputs),
};
