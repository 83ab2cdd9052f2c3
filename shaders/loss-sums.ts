/** Adds up the sums that the workgroups of a loss kernel left, in fixed order, and writes the metrics. */
import { wgsl } from 'wgsl-preprocessor';
import type { Kernel } from './kernel';
import {
  LOSS_SUMS,
  type LossShape,
  metricsBindings,
  SUMS,
  writeMetrics,
} from './parts/loss-reduction';
import { type Parts, SUM_INVOCATIONS, treeSum } from './parts/shared-sums';

export interface LossSumsShape extends Pick<LossShape, 'mode'> {
  /** How the loss kernel before it shared the samples. */
  readonly parts: Parts;
}

export const lossSums: Kernel<LossSumsShape> = {
  name: 'loss-sums',
  summary: 'Adds up the losses and correct predictions of the parts of a batch',
  numpy: 'loss = sums.sum() / m',
  formulas: ['loss'],
  reference: [],
  judge: 'loss-sums',
  bindings: ({ mode }) => [
    { name: 'step', access: 'step' },
    { ...LOSS_SUMS, access: 'read' },
    ...metricsBindings(mode),
  ],
  source: ({ mode, parts }) => wgsl`
${SUMS}

@compute @workgroup_size(${SUM_INVOCATIONS})
fn main(@builtin(local_invocation_index) local: u32) {
  var loss = 0.0;
  var counts = vec3<u32>();
  for (var part = local; part < ${parts.count}u; part += ${SUM_INVOCATIONS}u) {
    let sum = sums[part];
    loss += bitcast<f32>(sum.x);
    counts = vec3(counts.x + sum.y, counts.y | sum.z, counts.z + sum.w);
  }
  losses[local] = loss;
  atomicAdd(&corrects, counts.x);
  atomicOr(&broken, counts.y);
  atomicAdd(&samples, counts.z);
  ${treeSum('losses', 'local', SUM_INVOCATIONS)}
  if (local != 0u) { return; }
  ${writeMetrics(mode)}
}`,
  workgroups: () => [1, 1, 1],
};
