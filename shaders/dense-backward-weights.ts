/**
 * Gradients of a layer's weights and biases: dW = δᵀ · A_in / m and db = Σ δ / m, summed over the
 * batch in order, one invocation a parameter. The biases are one more column, with input 1.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { Kernel } from './kernel';

export interface DenseBackwardWeightsShape {
  readonly inputs: number;
  readonly outputs: number;
  /** Where the layer's weights and biases start in the gradients. */
  readonly weights: number;
  readonly biases: number;
  /** Rows of the input come through the permutation. */
  readonly gather: boolean;
}

const TILE = 8;

export const denseBackwardWeights: Kernel<DenseBackwardWeightsShape> = {
  name: 'dense-backward-weights',
  summary: 'Gradients of weights and biases, the mean over the batch',
  numpy: 'dW = dZ.T @ A_in / m; db = dZ.sum(axis=0) / m',
  bindings: ({ gather }) => [
    { name: 'step', access: 'step' },
    { name: 'delta', access: 'read' },
    { name: 'input', access: 'read' },
    ...(gather ? [{ name: 'permutation', access: 'read', type: 'array<u32>' } as const] : []),
    { name: 'gradients', access: 'read_write' },
  ],
  source: (shape) => wgsl`
@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  let unit = id.y;
  if (column > ${shape.inputs}u || unit >= ${shape.outputs}u) { return; }
  var sum = 0.0;
  if (column == ${shape.inputs}u) {
    for (var row = 0u; row < step.rows; row++) {
      sum += delta[row * ${shape.outputs}u + unit];
    }
    gradients[${shape.biases}u + unit] = sum * step.inverse_rows;
    return;
  }
  for (var row = 0u; row < step.rows; row++) {
#if ${shape.gather}
    let source = permutation[step.first_row + row];
#else
    let source = row;
#endif
    sum += delta[row * ${shape.outputs}u + unit] * input[source * ${shape.inputs}u + column];
  }
  gradients[${shape.weights}u + unit * ${shape.inputs}u + column] = sum * step.inverse_rows;
}`,
  workgroups: ({ inputs, outputs }) => [
    Math.ceil((inputs + 1) / TILE),
    Math.ceil(outputs / TILE),
    1,
  ],
};
