/** Probabilities from logits, for predictions: sigmoid, or softmax over a row. */
import { wgsl } from 'wgsl-preprocessor';
import type { Output } from '../src/model/network-spec';
import { type Kernel, LINEAR_WORKGROUP, linearGrid, linearIndex } from './kernel';
import { sigmoid } from './parts/activations';
import { expLimited } from './parts/exponential';

export interface OutputProbabilitiesShape {
  /** Most rows. */
  readonly rows: number;
  readonly outputs: number;
  readonly output: Output;
}

export const outputProbabilities: Kernel<OutputProbabilitiesShape> = {
  name: 'output-probabilities',
  summary: 'Probabilities of the classes from the logits',
  numpy: 'P = sigmoid(Z)  or  P = softmax(Z)',
  formulas: ['dense-forward'],
  reference: ['outputProbabilities'],
  judge: 'probabilities',
  bindings: () => [
    { name: 'step', access: 'step' },
    { name: 'logits', access: 'read' },
    { name: 'probabilities', access: 'read_write' },
  ],
  source: ({ rows, outputs, output }) => wgsl`
#if ${output === 'sigmoid'}
${sigmoid()}
#else
${expLimited()}
#endif
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = ${linearIndex(rows)};
  if (row >= step.rows) { return; }
#if ${output === 'sigmoid'}
  probabilities[row] = sigmoid(logits[row]);
#else
  let first = row * ${outputs}u;
  var largest = logits[first];
  for (var k = 1u; k < ${outputs}u; k++) { largest = max(largest, logits[first + k]); }
  var sum = 0.0;
  for (var k = 0u; k < ${outputs}u; k++) { sum += exp_limited(logits[first + k] - largest); }
  for (var k = 0u; k < ${outputs}u; k++) {
    probabilities[first + k] = exp_limited(logits[first + k] - largest) / sum;
  }
#endif
}`,
  workgroups: ({ rows }) => linearGrid(rows),
};
