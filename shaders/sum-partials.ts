/** Adds up the partial sums of a weight gradient whose batch was split, in order. */
import { wgsl } from 'wgsl-preprocessor';
import { type Kernel, LINEAR_WORKGROUP, linearGrid, linearIndex } from './kernel';

export interface SumPartialsShape {
  /** Values of the gradient. */
  readonly length: number;
  /** Where it starts in the gradients. */
  readonly weights: number;
  readonly splitK: number;
}

export const sumPartials: Kernel<SumPartialsShape> = {
  name: 'sum-partials',
  summary: 'Adds up the parts of a weight gradient',
  numpy: 'dW = partials.sum(axis=0) / m',
  formulas: ['dense-gradient'],
  reference: ['denseBackwardWeights'],
  judge: 'partials',
  bindings: () => [
    { name: 'step', access: 'step' },
    { name: 'partials', access: 'read' },
    { name: 'gradients', access: 'read_write' },
  ],
  source: ({ length, weights, splitK }) => wgsl`
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${linearIndex(length)};
  if (i >= ${length}u) { return; }
  var sum = 0.0;
  for (var split = 0u; split < ${splitK}u; split++) { sum += partials[split * ${length}u + i]; }
  gradients[${weights}u + i] = sum * step.inverse_rows;
}`,
  workgroups: ({ length }) => linearGrid(length),
};
