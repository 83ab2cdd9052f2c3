/** Sums of the squares of a flat array, one for each workgroup's part of it. */
import { wgsl } from 'wgsl-preprocessor';
import type { Kernel } from './kernel';
import { type Parts, SUM_INVOCATIONS, treeSum } from './parts/shared-sums';

export interface SumSquaresShape {
  readonly length: number;
  /** How workgroups share the array. */
  readonly parts: Parts;
}

export const sumSquares: Kernel<SumSquaresShape> = {
  name: 'sum-squares',
  summary: 'Sums of squares, each over a part of the gradient or of the parameters',
  numpy: 'sums = np.add.reduceat(x**2, starts)',
  formulas: ['norm'],
  reference: [],
  judge: 'squares',
  bindings: () => [
    { name: 'values', access: 'read' },
    { name: 'sums', access: 'read_write' },
  ],
  source: ({ length, parts }) => wgsl`
var<workgroup> squares: array<f32, ${SUM_INVOCATIONS}>;

@compute @workgroup_size(${SUM_INVOCATIONS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let first = group.x * ${parts.terms}u;
  let end = min(first + ${parts.terms}u, ${length}u);
  var sum = 0.0;
  for (var i = first + local; i < end; i += ${SUM_INVOCATIONS}u) {
    sum += values[i] * values[i];
  }
  squares[local] = sum;
  ${treeSum('squares', 'local', SUM_INVOCATIONS)}
  if (local == 0u) { sums[group.x] = squares[0]; }
}`,
  workgroups: ({ parts }) => [parts.count, 1, 1],
};
