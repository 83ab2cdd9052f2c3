/**
 * The trace: one buffer with what the sample kernels leave for the gradient kernels, all of it units
 * × samples, four samples to a vec4, so that a sum over samples reads straight on. It starts with the
 * features of the whole data set: training samples, then test samples, each padded to fours.
 */
import type { LayerActivation } from '../../src/layers/activation';
import type { Output } from '../../src/model/network-spec';

/** What the kernels of the sample-parallel and the persistent schedule are made of. */
export interface SampleNetworkShape {
  /** From the inputs to the outputs. */
  readonly widths: readonly number[];
  /** Of each hidden layer. */
  readonly activations: readonly LayerActivation[];
  readonly output: Output;
  readonly trainSamples: number;
  readonly testSamples: number;
  /** Most samples in a batch. */
  readonly batchRows: number;
  /** Samples of a batch come through the permutation. */
  readonly gather: boolean;
  readonly hasDropout: boolean;
}

/** A part of the trace: value (unit, group) is vec4 number `start + unit · stride + group`. */
export interface TraceRegion {
  readonly start: number;
  readonly stride: number;
}

export interface TraceLayout {
  /** Groups of four samples: of a batch, of the training set and of the test set. */
  readonly batchGroups: number;
  readonly trainGroups: number;
  readonly testGroups: number;
  readonly features: TraceRegion;
  /** Ones, for the samples of a batch: the input whose weights are the biases. */
  readonly ones: TraceRegion;
  /** Inputs of each layer for the samples of the batch: features, or the activations before it. */
  readonly inputs: readonly TraceRegion[];
  /** Deltas of each layer. */
  readonly deltas: readonly TraceRegion[];
  /** Loss of each sample, batch first, then test set. */
  readonly losses: TraceRegion;
  /** Of each sample: 1 where it was predicted correctly, plus 2 where a logit was not finite, plus 4 times the step's stamp. */
  readonly corrects: TraceRegion;
  /** vec4s in all. */
  readonly length: number;
}

/** Where each part of the trace lies; starts, strides and length in vec4s, a group of four samples each. */
export function traceLayout(shape: SampleNetworkShape): TraceLayout {
  const groups = (samples: number) => Math.ceil(samples / 4);
  const batchGroups = groups(shape.batchRows);
  const trainGroups = groups(shape.trainSamples);
  const testGroups = groups(shape.testSamples);
  let length = 0;
  const region = (units: number, stride: number): TraceRegion => {
    const start = length;
    length += units * stride;
    return { start, stride };
  };
  const { widths, gather } = shape;
  const features = region(widths[0], trainGroups + testGroups);
  const ones = region(1, batchGroups);
  const inputs = [
    gather ? region(widths[0], batchGroups) : features,
    ...widths.slice(1, -1).map((width) => region(width, batchGroups)),
  ];
  const deltas = widths.slice(1).map((width) => region(width, batchGroups));
  const losses = region(1, batchGroups + testGroups);
  const corrects = region(1, batchGroups + testGroups);
  return {
    batchGroups,
    trainGroups,
    testGroups,
    features,
    ones,
    inputs,
    deltas,
    losses,
    corrects,
    length,
  };
}

/** WGSL index of value (unit, `position`) of a region, in elements of `count` samples. */
export function placeIn(
  { start, stride }: TraceRegion,
  unit: number | string,
  position: string,
  count: number,
): string {
  const scale = 4 / count;
  return typeof unit === 'number'
    ? `${(start + unit * stride) * scale}u + ${position}`
    : `${start * scale}u + ${unit} * ${stride * scale}u + ${position}`;
}
