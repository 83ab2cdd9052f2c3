/**
 * The delta of the layer before a max pooling: the first largest value of a window gets the window's
 * delta, every other one 0. The activation's derivative, and dropout's factor, are the epilogue.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { LayerActivation } from '../src/layers/activation';
import type { PoolShape } from '../src/layers/max-pool2d/layer';
import { type Kernel, LINEAR_WORKGROUP, linearGrid, linearIndex } from './kernel';
import { derivative } from './parts/activations';
import { type DropoutShape, dropoutScaleOf } from './parts/dropout';
import { poolCounts } from './parts/windows';

export interface MaxPoolBackwardDeltaShape {
  /** Most samples in a batch. */
  readonly rows: number;
  readonly pool: PoolShape;
  /** Of the layer before, as is the dropout. */
  readonly activation: LayerActivation;
  readonly dropout: DropoutShape | null;
}

export const maxPoolBackwardDelta: Kernel<MaxPoolBackwardDeltaShape> = {
  name: 'max-pool-backward-delta',
  summary: 'Sends a window’s delta back to the first largest of its values',
  numpy: "dZ = where(is_first_largest(A), spread(dZ_next), 0) * f'(Z)",
  formulas: ['max_pool-delta'],
  reference: ['poolBackwardInput', 'poolSources', 'hiddenDelta', 'activationDerivative'],
  judge: 'delta',
  bindings: () => [
    { name: 'step', access: 'step' },
    { name: 'next_delta', access: 'read' },
    { name: 'activation', access: 'read' },
    { name: 'delta', access: 'read_write' },
  ],
  source: ({ rows, pool, activation, dropout }) => {
    const { size, height, width, outHeight, outWidth } = pool;
    const { inputs, outputs } = poolCounts(pool);
    return wgsl`
${derivative(activation, 'f32')}
#if ${dropout !== null}
${dropout === null ? '' : dropoutScaleOf()}
#endif

// The delta of the window that value \`unit\` of a sample is in, where it is the first largest there.
fn delta_of(row: u32, unit: u32) -> f32 {
  let channel = unit / ${height * width}u;
  let i = unit / ${width}u % ${height}u / ${size}u;
  let j = unit % ${width}u / ${size}u;
  if (i >= ${outHeight}u || j >= ${outWidth}u) { return 0.0; }
  let at = row * ${inputs}u + unit;
  let first = row * ${inputs}u + (channel * ${height}u + i * ${size}u) * ${width}u + j * ${size}u;
  var best = first;
  for (var dy = 0u; dy < ${size}u; dy++) {
    for (var dx = 0u; dx < ${size}u; dx++) {
      let other = first + dy * ${width}u + dx;
      if (activation[other] > activation[best]) { best = other; }
    }
  }
  if (best != at) { return 0.0; }
  return next_delta[row * ${outputs}u + (channel * ${outHeight}u + i) * ${outWidth}u + j];
}

@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${linearIndex(rows * inputs)};
  if (i >= step.rows * ${inputs}u) { return; }
  let row = i / ${inputs}u;
  let unit = i % ${inputs}u;
#if ${dropout === null}
  delta[i] = delta_of(row, unit) * derivative(activation[i]);
#else
  // The stored activation is f(Z) times the factor: take it out for f', put it on the delta.
  let scale = dropout_scale_of(row, unit, ${dropout?.layer ?? 0}u);
  delta[i] = delta_of(row, unit) * derivative(activation[i] / select(1.0, scale, scale > 0.0)) * scale;
#endif
}`;
  },
  workgroups: ({ rows, pool }) => linearGrid(rows * poolCounts(pool).inputs),
};
