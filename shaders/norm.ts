/** The L2 norm of a flat array, by one workgroup in fixed order, into the running sums. */
import { wgsl } from 'wgsl-preprocessor';
import type { Kernel } from './kernel';
import { RUNNING } from './parts/loss-reduction';
import { SUM_INVOCATIONS, treeSum } from './parts/shared-sums';

export interface NormShape {
  readonly length: number;
  /** Of which array, and so where the norm goes. */
  readonly of: 'gradients' | 'parameters';
  /** What it finds: the array, or the sums that `sum-squares` made of it. */
  readonly values: 'plain' | 'sums of squares';
}

export const norm: Kernel<NormShape> = {
  name: 'norm',
  summary: 'The length of the gradient or of the parameters',
  numpy: 'np.sqrt((x**2).sum())',
  formulas: ['norm'],
  reference: [],
  judge: 'norm',
  bindings: () => [
    { name: 'values', access: 'read' },
    { name: 'running', access: 'read_write', type: 'array<u32>' },
  ],
  source: ({ length, of, values }) => wgsl`
var<workgroup> sums: array<f32, ${SUM_INVOCATIONS}>;

@compute @workgroup_size(${SUM_INVOCATIONS})
fn main(@builtin(local_invocation_index) local: u32) {
  var sum = 0.0;
  for (var i = local; i < ${length}u; i += ${SUM_INVOCATIONS}u) {
    sum += ${values === 'plain' ? 'values[i] * values[i]' : 'values[i]'};
  }
  sums[local] = sum;
  ${treeSum('sums', 'local', SUM_INVOCATIONS)}
  if (local == 0u) {
    running[${of === 'gradients' ? RUNNING.gradientNorm : RUNNING.parameterNorm}] = bitcast<u32>(sqrt(sums[0]));
  }
}`,
  workgroups: () => [1, 1, 1],
};
