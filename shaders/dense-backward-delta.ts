/**
 * The delta of a hidden layer: δ = (δ_next · W_next) ⊙ f'(A), one invocation a value.
 * The activation's derivative, and dropout's factor, are the epilogue.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { Activation } from '../src/model/network-spec';
import { derivative } from './activations';
import { type DropoutShape, dropoutScale } from './dropout';
import type { Kernel } from './kernel';

export interface DenseBackwardDeltaShape {
  /** Most samples in a batch. */
  readonly rows: number;
  /** Units of this layer: the inputs of the next. */
  readonly units: number;
  /** Units of the next layer. */
  readonly nextUnits: number;
  /** Where the next layer's weights start in the parameters. */
  readonly nextWeights: number;
  readonly activation: Activation;
  readonly dropout: DropoutShape | null;
}

const TILE = 8;

export const denseBackwardDelta: Kernel<DenseBackwardDeltaShape> = {
  name: 'dense-backward-delta',
  summary: 'Sends the delta of the next layer back through its weights',
  numpy: "dZ = (dZ_next @ W_next) * f'(Z)",
  bindings: () => [
    { name: 'step', access: 'step' },
    { name: 'parameters', access: 'read' },
    { name: 'next_delta', access: 'read' },
    { name: 'activation', access: 'read' },
    { name: 'delta', access: 'read_write' },
  ],
  source: (shape) => wgsl`
${derivative(shape.activation)}
#if ${shape.dropout !== null}
${shape.dropout === null ? '' : dropoutScale(shape.dropout)}
#endif

@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let unit = id.x;
  let row = id.y;
  if (unit >= ${shape.units}u || row >= step.rows) { return; }
  var sum = 0.0;
  for (var k = 0u; k < ${shape.nextUnits}u; k++) {
    sum += next_delta[row * ${shape.nextUnits}u + k]
      * parameters[${shape.nextWeights}u + k * ${shape.units}u + unit];
  }
  let index = row * ${shape.units}u + unit;
#if ${shape.dropout !== null}
  // The stored activation is f(Z) times the factor: take it out for f', put it on the delta.
  let scale = dropout_scale(row, unit);
  if (scale == 0.0) { delta[index] = 0.0; return; }
  delta[index] = sum * derivative(activation[index] / scale) * scale;
#else
  delta[index] = sum * derivative(activation[index]);
#endif
}`,
  workgroups: ({ rows, units }) => [Math.ceil(units / TILE), Math.ceil(rows / TILE), 1],
};
