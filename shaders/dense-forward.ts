/**
 * A dense layer, forwards: Z = A_in · Wᵀ + b and A = f(Z), one invocation an output value.
 * Batch gather in the prologue; bias, activation and dropout in the epilogue.
 */
import { wgsl } from 'wgsl-preprocessor';
import { activate, type LayerActivation } from './activations';
import { type DropoutShape, dropoutScale } from './dropout';
import type { Kernel } from './kernel';

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
}

const TILE = 8;

export const denseForward: Kernel<DenseForwardShape> = {
  name: 'dense-forward',
  summary: 'Weighted sums of a layer, plus biases, through the activation',
  numpy: 'A = f(A_in @ W.T + b)',
  bindings: ({ gather }) => [
    { name: 'step', access: 'step' },
    { name: 'parameters', access: 'read' },
    { name: 'input', access: 'read' },
    ...(gather ? [{ name: 'permutation', access: 'read', type: 'array<u32>' } as const] : []),
    { name: 'output', access: 'read_write' },
  ],
  source: (shape) => wgsl`
${activate(shape.activation)}
#if ${shape.dropout !== null}
${shape.dropout === null ? '' : dropoutScale(shape.dropout)}
#endif

@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let unit = id.x;
  let row = id.y;
  if (unit >= ${shape.outputs}u || row >= step.rows) { return; }
#if ${shape.gather}
  let source = permutation[step.first_row + row] * ${shape.inputs}u;
#else
  let source = row * ${shape.inputs}u;
#endif
  let weights = ${shape.weights}u + unit * ${shape.inputs}u;
  var z = parameters[${shape.biases}u + unit];
  for (var k = 0u; k < ${shape.inputs}u; k++) {
    z += input[source + k] * parameters[weights + k];
  }
  var a = activate(z);
#if ${shape.dropout !== null}
  a *= dropout_scale(row, unit);
#endif
  output[row * ${shape.outputs}u + unit] = a;
}`,
  workgroups: ({ rows, outputs }) => [Math.ceil(outputs / TILE), Math.ceil(rows / TILE), 1],
};
