/**
 * Binary cross-entropy of one sigmoid output, with the output layer's delta, from logits:
 * max(z, 0) - z·y + log(1 + exp(-|z|)), and p - y. Predicts class 1 where p > 0.5, that is z > 0.
 */
import { wgsl } from 'wgsl-preprocessor';
import { sigmoid } from './parts/activations';
import { log1p } from './parts/exponential';
import { lossKernel } from './parts/loss-reduction';

export const binaryCrossEntropy = lossKernel(
  {
    name: 'binary-cross-entropy',
    summary: 'Loss, accuracy and, in training, the delta of the sigmoid output',
    numpy: 'loss = -mean(y * log(p) + (1 - y) * log(1 - p)); dZ = p - y',
    reference: ['sampleLoss', 'outputDelta'],
  },
  (shape) => wgsl`${log1p()}
${sigmoid()}
fn sample_loss(row: u32, label: u32) -> vec2<f32> {
  let z = logits[row];
  let y = f32(label);
#if ${shape.mode === 'train'}
  delta[row] = sigmoid(z) - y;
#endif
  return vec2(max(z, 0.0) - z * y + log_1p(exp_limited(-abs(z))), f32((z > 0.0) == (label == 1u)));
}`,
);
