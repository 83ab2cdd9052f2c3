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
  source: (shape) => {
    const { pool, activation, dropout } = shape;
    const { size, channels, height, width, outHeight, outWidth } = pool;
    const { across, down } = cellsOf(pool);
    const cells = across * down;
    const hasRest = height % size > 0 || width % size > 0;
    return wgsl`
${derivative(activation, 'f32')}
#if ${dropout !== null}
${dropout === null ? '' : dropoutScaleOf()}
#endif

@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let number = ${linearIndex(threadsOf(shape))};
  if (number >= step.rows * ${channels * cells}u) { return; }
  let map = number / ${cells}u;
  let i = number % ${cells}u / ${across}u;
  let j = number % ${across}u;
  let first = map * ${height * width}u + i * ${size * width}u + j * ${size}u;
  var best = first;
  var window_delta = 0.0;
#if ${hasRest}
  let end_y = min(${size}u, ${height}u - i * ${size}u);
  let end_x = min(${size}u, ${width}u - j * ${size}u);
  // What is left at the edges is in no window.
  if (i < ${outHeight}u && j < ${outWidth}u) {
#else
  let end_y = ${size}u;
  let end_x = ${size}u;
  {
#endif
    var largest = activation[first];
    for (var y = 0u; y < ${size}u; y++) {
      for (var x = 0u; x < ${size}u; x++) {
        let at = first + y * ${width}u + x;
        let value = activation[at];
        if (value > largest) {
          largest = value;
          best = at;
        }
      }
    }
    window_delta = next_delta[map * ${outHeight * outWidth}u + i * ${outWidth}u + j];
  }
  for (var y = 0u; y < end_y; y++) {
    for (var x = 0u; x < end_x; x++) {
      let at = first + y * ${width}u + x;
      let back = select(0.0, window_delta, at == best);
#if ${dropout === null}
      delta[at] = back * derivative(activation[at]);
#else
      // The stored activation is f(Z) times the factor: take it out for f', put it on the delta.
      let row = map / ${channels}u;
      let scale = dropout_scale_of(row, at - row * ${poolCounts(pool).inputs}u, ${dropout?.layer ?? 0}u);
      delta[at] = back * derivative(activation[at] / select(1.0, scale, scale > 0.0)) * scale;
#endif
    }
  }
}`;
  },
  workgroups: (shape) => linearGrid(threadsOf(shape)),
};

/** Windows, and what is left of one at the right and the lower edge. */
function cellsOf({ size, height, width }: PoolShape) {
  return { across: Math.ceil(width / size), down: Math.ceil(height / size) };
}

/** An invocation takes all values of a window, or of what is left of one. */
function threadsOf({ rows, pool }: MaxPoolBackwardDeltaShape): number {
  const { across, down } = cellsOf(pool);
  return rows * pool.channels * across * down;
}
