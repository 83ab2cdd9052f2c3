/** Max pooling, forwards: the largest value of each window. */
import { wgsl } from 'wgsl-preprocessor';
import type { PoolShape } from '../src/layers/max-pool2d/layer';
import { type Kernel, LINEAR_WORKGROUP, linearGrid, linearIndex, PERMUTATION } from './kernel';
import { poolCounts } from './parts/windows';

export interface MaxPoolForwardShape {
  /** Most samples in a batch. */
  readonly rows: number;
  readonly pool: PoolShape;
  /** Samples come through the permutation. */
  readonly gather: boolean;
}

export const maxPoolForward: Kernel<MaxPoolForwardShape> = {
  name: 'max-pool-forward',
  summary: 'The largest value of each window',
  numpy: 'A = windows(A_in).max(axis=-1)',
  formulas: ['max_pool-forward'],
  reference: ['poolForward', 'poolSources'],
  judge: 'forward',
  bindings: ({ gather }) => [
    { name: 'step', access: 'step' },
    { name: 'input', access: 'read' },
    ...(gather ? [PERMUTATION] : []),
    { name: 'output', access: 'read_write' },
  ],
  source: ({ rows, pool, gather }) => {
    const { size, height, width, outHeight, outWidth } = pool;
    const { inputs, outputs } = poolCounts(pool);
    return wgsl`
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${linearIndex(rows * outputs)};
  if (i >= step.rows * ${outputs}u) { return; }
  let row = i / ${outputs}u;
  let place = i % ${outputs}u;
  let channel = place / ${outHeight * outWidth}u;
  let y = place / ${outWidth}u % ${outHeight}u * ${size}u;
  let x = place % ${outWidth}u * ${size}u;
  let source = ${gather ? 'permutation[step.first_row + row]' : 'row'};
  let first = source * ${inputs}u + (channel * ${height}u + y) * ${width}u + x;
  var largest = input[first];
  for (var dy = 0u; dy < ${size}u; dy++) {
    for (var dx = 0u; dx < ${size}u; dx++) {
      let value = input[first + dy * ${width}u + dx];
      if (value > largest) { largest = value; }
    }
  }
  output[i] = largest;
}`;
  },
  workgroups: ({ rows, pool }) => linearGrid(rows * poolCounts(pool).outputs),
};
