/** The workloads that show how the time of an epoch grows: one of samples, width and depth at a time. */
import { SYNTHETIC_CLASSES } from './synthetic-problem';
import { type GrowthAxis, type GrowthPlace, syntheticWorkload, type Workload } from './workload';

/** What grows, and what stays as it is. */
interface Growth {
  /** The size as a chart's axis has it, as a sentence has it, and a value of it in a sentence. */
  readonly label: string;
  readonly quantity: string;
  readonly at: (size: string) => string;
  /** What grows and what stays, in words. */
  readonly title: string;
  /** Sizes of a full run and of a quick one, ascending. */
  readonly full: readonly number[];
  readonly quick: readonly number[];
  readonly network: (size: number) => readonly [widths: number[], samples: number];
  readonly activation: 'relu' | 'sigmoid';
}

/** What width and depth keep as it is. */
const BATCH = 256;
const WIDTH = 64;

export const GROWTH: Readonly<Record<GrowthAxis, Growth>> = {
  samples: {
    label: 'Samples',
    quantity: 'number of samples',
    at: (size) => `${size} samples`,
    title: '64→16→8→1, sigmoid, all samples in one batch',
    full: [144, 288, 576, 1152, 2304, 4608, 9216],
    quick: [144, 576, 2304, 9216],
    network: (size) => [[64, 16, 8, 1], size],
    activation: 'sigmoid',
  },
  width: {
    label: 'Width of the layers (units)',
    quantity: 'width',
    at: (size) => `width ${size}`,
    title: `width→width→width→${SYNTHETIC_CLASSES}, relu, a batch of ${BATCH}`,
    full: [16, 32, 64, 128, 256, 512, 1024],
    quick: [16, 64, 256, 512],
    network: (size) => [[size, size, size, SYNTHETIC_CLASSES], BATCH],
    activation: 'relu',
  },
  depth: {
    label: 'Hidden layers',
    quantity: 'number of hidden layers',
    at: (size) => `${size} hidden layers`,
    title: `hidden layers of ${WIDTH} units between ${WIDTH} inputs and ${SYNTHETIC_CLASSES} outputs, relu, a batch of ${BATCH}`,
    full: [1, 2, 3, 4, 6, 8],
    quick: [1, 2, 4, 8],
    network: (size) => [[WIDTH, ...Array(size).fill(WIDTH), SYNTHETIC_CLASSES], BATCH],
    activation: 'relu',
  },
};
export const GROWTH_AXES = Object.keys(GROWTH) as readonly GrowthAxis[];

/** A point of an axis: its epoch is a step. */
export function growthWorkload(
  axis: GrowthAxis,
  size: number,
): Workload & { readonly growth: GrowthPlace } {
  const { network, activation } = GROWTH[axis];
  const [widths, samples] = network(size);
  const step = syntheticWorkload(`growth-${axis}-${size}`, widths, samples, activation);
  return {
    ...step,
    unit: 'ms per epoch',
    growth: { axis, size, operations: step.operations },
  };
}
