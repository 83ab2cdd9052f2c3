/**
 * How each kernel's work is shared out: the arguments of its slices. A slice has results of its own, and
 * each of its sums is whole and in the order of the kernel's: any number of threads gives the same bits.
 */
import type { Kernels } from '../kernels';
import { BLOCK, PANEL, roundUp } from '../panels';

/** Bytes of a unit's eight samples in a panel, of a step in a block, and of a tile in float64. */
const UNIT_BYTES = 4 * PANEL;
const STEP_BYTES = 4 * BLOCK;
export const TILE_BYTES = 8 * BLOCK * PANEL;
/** Bytes of a patch of so many values, and of the tile behind it. */
export function patchBytes(depth: number): number {
  return UNIT_BYTES * (depth + BLOCK);
}
/** Bytes of what three weights of a filter meet, and of the sums of `area` of them: see `convBackwardWeights`. */
export function tapBytes(area: number): number {
  return 4 * 8 * UNIT_BYTES + 32 + 16 * BLOCK * roundUp(area, 3);
}
/** Values that lie in one line of the cache: two threads should not write to the same. */
const LINE = 16;

/** A value that is moved or updated takes about as long as so many multiply-adds. */
const VALUE_WORK = 8;

type Arguments<K extends keyof Kernels> = Parameters<Kernels[K]>;

/** Work in pieces: piece `first` to `first + count` is what `slice` gives. */
interface Division<K extends keyof Kernels> {
  /** About how much it is, in multiply-adds. */
  readonly work: number;
  readonly pieces: number;
  readonly slice: (first: number, count: number, index: number) => Arguments<K>;
}

/** Null where the work is a sum over all of it. */
type Divide<K extends keyof Kernels> = ((...given: Arguments<K>) => Division<K>) | null;

/** The order in which threads count the kernels is that of these names. */
export const DIVISIONS = {
  packRows: (matrix, rows, columns, blocks) => ({
    work: VALUE_WORK * rows * columns,
    pieces: Math.ceil(rows / BLOCK),
    slice: (first, count) => [
      matrix + first * BLOCK * 4 * columns,
      Math.min(count * BLOCK, rows - first * BLOCK),
      columns,
      blocks + first * columns * STEP_BYTES,
    ],
  }),
  packColumns: (matrix, stride, rows, columns, blocks) => ({
    work: VALUE_WORK * rows * columns,
    pieces: Math.ceil(columns / BLOCK),
    slice: (first, count) => [
      matrix + 4 * first * BLOCK,
      stride,
      rows,
      Math.min(count * BLOCK, columns - first * BLOCK),
      blocks + first * rows * STEP_BYTES,
    ],
  }),
  transposePanels: (panels, stride, units, count, groups, groupStride, width) => ({
    work: VALUE_WORK * units * count * PANEL,
    pieces: count,
    slice: (first, slice) => [
      panels + first * stride,
      stride,
      units,
      slice,
      groups + first * PANEL * 4 * width,
      groupStride,
      width,
    ],
  }),
  gatherSamples: (features, stride, rows, count, zeros, columns, panels, panelStride, ...to) => {
    const [groups, groupStride] = to;
    return {
      work: VALUE_WORK * count * columns,
      pieces: Math.ceil(count / PANEL),
      slice: (first, slice) => [
        rows === 0 ? features + first * PANEL * stride : features,
        stride,
        rows === 0 ? 0 : rows + 4 * first * PANEL,
        Math.min(slice * PANEL, count - first * PANEL),
        zeros,
        columns,
        panels + first * panelStride,
        panelStride,
        groups === 0 ? 0 : groups + first * PANEL * UNIT_BYTES,
        groupStride,
      ],
    };
  },
  unpackBytes: (bytes, scaled, tableStride, rows, count, columns, to, stride) => ({
    work: VALUE_WORK * count * columns,
    pieces: count,
    slice: (first, slice) => [
      rows === 0 ? bytes + first * columns : bytes,
      scaled,
      tableStride,
      rows === 0 ? 0 : rows + 4 * first,
      slice,
      columns,
      to + first * stride,
      stride,
    ],
  }),
  moveBytes: (bytes, rows, from, count, channels, height, width, shift, epoch, seed, to) => ({
    work: VALUE_WORK * count * channels * height * width,
    pieces: count,
    slice: (first, slice) => [
      ...([bytes, rows === 0 ? 0 : rows + 4 * first, from + first, slice] as const),
      ...([channels, height, width, shift, epoch, seed] as const),
      to + first * channels * height * width,
    ],
  }),
  addNoise: (rows, from, count, columns, steps, epoch, seed, to, stride) => ({
    work: VALUE_WORK * count * columns,
    pieces: count,
    slice: (first, slice) => [
      ...([rows === 0 ? 0 : rows + 4 * first, from + first, slice] as const),
      ...([columns, steps, epoch, seed, to + first * stride, stride] as const),
    ],
  }),
  gatherLabels: null,
  forward: (weights, blocks, inputs, input, inputStride, panels, output, outputStride, ...rest) => {
    const [biases, units, activation, slope, mask] = rest;
    const slice = (panel: number, panelCount: number, block: number, blockCount: number) => {
      const offset = panel * outputStride + block * BLOCK * UNIT_BYTES;
      return [
        weights + block * inputs * STEP_BYTES,
        blockCount,
        inputs,
        input + panel * inputStride,
        inputStride,
        panelCount,
        output + offset,
        outputStride,
        biases + 4 * block * BLOCK,
        Math.min(blockCount * BLOCK, units - block * BLOCK),
        activation,
        slope,
        mask === 0 ? 0 : mask + offset,
      ] as Arguments<'forward'>;
    };
    return { work: panels * PANEL * units * inputs, ...alongLonger(panels, blocks, slice) };
  },
  backwardDelta: (weights, blocks, nextUnits, nextDelta, nextStride, panels, delta, ...rest) => {
    const [stride, activations, units, activation, slope, mask, keep] = rest;
    const slice = (panel: number, panelCount: number, block: number, blockCount: number) => {
      const offset = panel * stride + block * BLOCK * UNIT_BYTES;
      return [
        weights + block * nextUnits * STEP_BYTES,
        blockCount,
        nextUnits,
        nextDelta + panel * nextStride,
        nextStride,
        panelCount,
        delta + offset,
        stride,
        activations + offset,
        Math.min(blockCount * BLOCK, units - block * BLOCK),
        activation,
        slope,
        mask === 0 ? 0 : mask + offset,
        keep,
      ] as Arguments<'backwardDelta'>;
    };
    return { work: panels * PANEL * units * nextUnits, ...alongLonger(panels, blocks, slice) };
  },
  backwardWeights: (delta, units, samples, input, inputStride, inputs, gradient, ...rest) => {
    const [scale, adds, tile] = rest;
    return {
      work: samples * units * inputs,
      pieces: Math.ceil(units / BLOCK),
      slice: (first, count, index) => [
        delta + first * samples * STEP_BYTES,
        Math.min(count * BLOCK, units - first * BLOCK),
        samples,
        input,
        inputStride,
        inputs,
        gradient + 4 * first * BLOCK * inputs,
        scale,
        adds,
        tile + index * TILE_BYTES,
      ],
    };
  },
  backwardBiases: (delta, stride, panels, units, places, gradient, scale, adds) => ({
    work: VALUE_WORK * panels * PANEL * units * places,
    pieces: Math.ceil(units / LINE),
    slice: (first, count) => [
      delta + first * LINE * UNIT_BYTES * places,
      stride,
      panels,
      Math.min(count * LINE, units - first * LINE),
      places,
      gradient + 4 * first * LINE,
      scale,
      adds,
    ],
  }),
  packChannels: null,
  convForward: (weights, depth, shape, input, inputStride, from, rows, ...rest) => {
    const [output, outputStride, width, biases, filters, activation, slope, mask, patch] = rest;
    return {
      work: rows * PANEL * width * filters * depth,
      pieces: rows,
      slice: (first, count, index) => [
        ...([weights, depth, shape, input, inputStride, from + first, count] as const),
        ...([output, outputStride, width, biases, filters, activation, slope, mask] as const),
        patch + index * patchBytes(depth),
      ],
    };
  },
  convBackwardDelta: (weights, depth, shape, nextDelta, nextStride, from, rows, ...rest) => {
    const [delta, stride, width, activations, channels, activation, slope, mask, keep, patch] =
      rest;
    return {
      work: rows * PANEL * width * channels * depth,
      pieces: rows,
      slice: (first, count, index) => [
        ...([weights, depth, shape, nextDelta, nextStride, from + first, count] as const),
        ...([delta, stride, width, activations, channels, activation, slope, mask, keep] as const),
        patch + index * patchBytes(depth),
      ],
    };
  },
  convBackwardWeights: (delta, deltaStride, shape, input, inputStride, panels, from, ...rest) => {
    const [pieces, area, places, gradient, scale, adds, scratch] = rest;
    return {
      work: pieces * BLOCK * area * places * panels * PANEL,
      pieces,
      slice: (first, count, index) => [
        ...([delta, deltaStride, shape, input, inputStride, panels, from + first, count] as const),
        ...([area, places, gradient, scale, adds, scratch + index * tapBytes(area)] as const),
      ],
    };
  },
  poolForward: (input, inputStride, panels, channels, height, width, size, ...to) => {
    const [output, outputStride] = to;
    return {
      work: VALUE_WORK * panels * PANEL * channels * height * width,
      pieces: panels,
      slice: (first, count) => [
        ...([input + first * inputStride, inputStride, count] as const),
        ...([channels, height, width, size] as const),
        ...([output + first * outputStride, outputStride] as const),
      ],
    };
  },
  poolBackward: (nextDelta, nextStride, panels, channels, height, width, size, ...rest) => {
    const [delta, stride, activations, activation, slope, mask, keep] = rest;
    return {
      work: VALUE_WORK * panels * PANEL * channels * height * width,
      pieces: panels,
      slice: (first, count) => [
        ...([nextDelta + first * nextStride, nextStride, count] as const),
        ...([channels, height, width, size] as const),
        ...([delta + first * stride, stride, activations + first * stride] as const),
        ...([activation, slope, mask === 0 ? 0 : mask + first * stride, keep] as const),
      ],
    };
  },
  // A sum over the samples, and little beside the products.
  binaryCrossEntropy: null,
  softmaxCrossEntropy: null,
  sigmoidProbabilities: null,
  softmaxProbabilities: null,
  maskPanels: (mask, stride, panels, units, firstRow, ...rest) => ({
    work: VALUE_WORK * panels * PANEL * units,
    pieces: panels,
    slice: (first, count) => [
      mask + first * stride,
      stride,
      count,
      units,
      firstRow + first * PANEL,
      ...rest,
    ],
  }),
  addScaled: (target, source, length, factor) =>
    ofValues(length, (at, count) => [target + at, source + at, count, factor]),
  sgdUpdate: (parameters, gradients, velocity, length, ...rest) =>
    ofValues(length, (at, count) => [
      parameters + at,
      gradients + at,
      velocity === 0 ? 0 : velocity + at,
      count,
      ...rest,
    ]),
  rmspropUpdate: (parameters, gradients, squareAverage, length, ...rest) =>
    ofValues(length, (at, count) => [
      parameters + at,
      gradients + at,
      squareAverage + at,
      count,
      ...rest,
    ]),
  adamUpdate: (parameters, gradients, first, second, length, ...rest) =>
    ofValues(length, (at, count) => [
      parameters + at,
      gradients + at,
      first + at,
      second + at,
      count,
      ...rest,
    ]),
  sumOfSquares: null,
} as const satisfies { [K in keyof Kernels]: Divide<K> };

/** Flat arrays: `slice` takes the bytes before its first value, and how many values. */
function ofValues<A>(length: number, slice: (at: number, count: number) => A) {
  return {
    work: VALUE_WORK * length,
    pieces: Math.ceil(length / LINE),
    slice: (first: number, count: number) =>
      slice(4 * first * LINE, Math.min(count * LINE, length - first * LINE)),
  };
}

/** A product's result by samples or by units, of which there is more. */
function alongLonger<A>(
  panels: number,
  blocks: number,
  slice: (panel: number, panels: number, block: number, blocks: number) => A,
) {
  return panels >= blocks
    ? { pieces: panels, slice: (first: number, count: number) => slice(first, count, 0, blocks) }
    : { pieces: blocks, slice: (first: number, count: number) => slice(0, panels, first, count) };
}
