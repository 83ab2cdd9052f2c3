/**
 * Softmax, cross-entropy and the output layer's delta in one kernel, from logits:
 * log Σ exp(z - z_max) - (z_y - z_max), and softmax(z) - y. Predicts the first largest output.
 */
import { wgsl } from 'wgsl-preprocessor';
import { expLimited, log1p } from './parts/exponential';
import { lossKernel } from './parts/loss-reduction';

export const softmaxCrossEntropy = lossKernel(
  {
    name: 'softmax-cross-entropy',
    summary: 'Loss, accuracy and, in training, the delta of the softmax output',
    numpy: 'P = softmax(Z); loss = -mean(log(P[range(m), y])); dZ = P - one_hot(y)',
    reference: ['outputProbabilities', 'sampleLoss', 'outputDelta'],
  },
  (shape) => wgsl`${log1p()}
${expLimited()}
fn sample_loss(row: u32, label: u32) -> vec2<f32> {
  let first = row * ${shape.outputs}u;
  var predicted = 0u;
  var largest = logits[first];
  for (var k = 1u; k < ${shape.outputs}u; k++) {
    if (logits[first + k] > largest) { largest = logits[first + k]; predicted = k; }
  }
  // The largest term is exp(0) = 1: the sum of the others keeps the small losses exact.
  var others = 0.0;
  for (var k = 0u; k < ${shape.outputs}u; k++) {
    if (k != predicted) { others += exp_limited(logits[first + k] - largest); }
  }
#if ${shape.mode === 'train'}
  let inverse = 1.0 / (1.0 + others);
  for (var k = 0u; k < ${shape.outputs}u; k++) {
    delta[first + k] = exp_limited(logits[first + k] - largest) * inverse - f32(k == label);
  }
#endif
  return vec2(log_1p(others) + (largest - logits[first + label]), f32(predicted == label));
}`,
);
