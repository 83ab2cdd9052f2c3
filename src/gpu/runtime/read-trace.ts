/** What the sample kernels keep, as plain arrays of samples × units: for checking them. */
import { packedLayout } from '../../../shaders/parts/packed-layout';
import { type TraceRegion, traceLayout } from '../../../shaders/parts/trace';
import { widthsOf } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import type { ProblemShape } from '../plan/plan';
import { sampleNetworkShape } from '../plan/sample-network';

/** Values of a batch, and of the test set where it was evaluated. */
export interface TraceValues {
  /** Inputs of each layer, (rows × units): features, then activations. */
  readonly inputs: readonly Float64Array[];
  /** Deltas of each layer, (rows × units). */
  readonly deltas: readonly Float64Array[];
  readonly losses: Float64Array;
  /** 1 for each sample that was predicted correctly, plus 2 where a logit was not finite. */
  readonly corrects: Float64Array;
  readonly testLosses: Float64Array;
  readonly testCorrects: Float64Array;
}

/** @param rows - samples of the batch */
export function readTrace(shape: ProblemShape, trace: Float32Array, rows: number): TraceValues {
  const widths = widthsOf(shape.spec);
  const layout = traceLayout(sampleNetworkShape(shape));
  const read = ({ start, stride }: TraceRegion, units: number, count: number, first = 0) =>
    Float64Array.from({ length: count * units }, (_, i) => {
      const [row, unit] = [Math.floor(i / units), i % units];
      return trace[4 * (start + unit * stride) + first + row];
    });
  const behind = 4 * layout.batchGroups;
  return {
    inputs: layout.inputs.map((region, l) => read(region, widths[l], rows)),
    deltas: layout.deltas.map((region, l) => read(region, widths[l + 1], rows)),
    losses: read(layout.losses, 1, rows),
    corrects: read(layout.corrects, 1, rows).map(flagsOf),
    testLosses: read(layout.losses, 1, shape.testSamples, behind),
    testCorrects: read(layout.corrects, 1, shape.testSamples, behind).map(flagsOf),
  };
}

/** A sample's flags without the stamp of the step that made them. */
function flagsOf(word: number): number {
  return word % 4;
}

/** The flat parameters from their packed copy. */
export function unpackParameters({ spec }: ProblemShape, packed: Float32Array): Float64Array {
  const parameters = new Float64Array(parameterLayout(spec).length);
  for (const layer of packedLayout(widthsOf(spec)).layers) {
    const { inputs, outputs, quads, start, weights, biases } = layer;
    for (let unit = 0; unit < outputs; unit++) {
      for (let k = 0; k <= inputs; k++) {
        const value = packed[4 * (start + k * quads) + unit];
        parameters[k === inputs ? biases + unit : weights + unit * inputs + k] = value;
      }
    }
  }
  return parameters;
}
