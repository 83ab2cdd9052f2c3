/** Data sets in the order of the trace: features × samples, each set padded to fours. */
import { traceLayout } from '../../../shaders/parts/trace';
import { float32Features } from '../../data/samples';
import { inputsOf } from '../../model/network-spec';
import type { Problem, Samples } from '../../training/backend';
import { shapeOf } from './plan';
import { sampleNetworkShape } from './sample-network';

/** The start of the trace, features and ones, and the labels, as shaders/parts/trace.ts lays them out. */
export function traceData(problem: Problem): {
  readonly features: Float32Array<ArrayBuffer>;
  readonly labels: Uint32Array<ArrayBuffer>;
} {
  const { spec, train, test } = problem;
  const network = sampleNetworkShape(shapeOf(problem));
  const width = inputsOf(spec);
  const padded = (samples: Samples) => Math.ceil(samples.count / 4) * 4;
  const stride = padded(train) + padded(test);
  const { ones } = traceLayout(network);
  const features = new Float32Array(4 * (ones.start + ones.stride)).fill(1, 4 * ones.start);
  const labels = new Uint32Array(stride);
  for (const [samples, start] of [
    [train, 0],
    [test, padded(train)],
  ] as const) {
    const scaled = float32Features(samples);
    for (let row = 0; row < samples.count; row++) {
      labels[start + row] = samples.labels[row];
      for (let k = 0; k < width; k++) {
        features[k * stride + start + row] = scaled[row * width + k];
      }
    }
  }
  return { features, labels };
}
