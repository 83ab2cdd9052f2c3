/** The workloads that show how the time of an epoch grows: one of samples, width and depth at a time. */

import { operationsOf, type Workload } from './sweep-workloads';
import { SYNTHETIC_CLASSES, syntheticProblem } from './synthetic-problem';

export const GROWTH_AXES = ['samples', 'width', 'depth'] as const;
export type GrowthAxis = (typeof GROWTH_AXES)[number];

/** Where a workload stands on its axis. */
export interface GrowthPlace {
  readonly axis: GrowthAxis;
  /** Samples, units of every layer but the last, or hidden layers. */
  readonly size: number;
  /** Floating-point operations of an epoch's matrix products. */
  readonly operations: number;
}

interface GrowthWorkload extends Workload {
  readonly growth: GrowthPlace;
}

/** Sizes along each axis, ascending. */
type GrowthSizes = Readonly<Record<GrowthAxis, readonly number[]>>;
export const FULL_GROWTH: GrowthSizes = {
  samples: [144, 288, 576, 1152, 2304, 4608, 9216],
  width: [16, 32, 64, 128, 256, 512, 1024],
  depth: [1, 2, 3, 4, 6, 8],
};
export const QUICK_GROWTH: GrowthSizes = {
  samples: [144, 576, 2304, 9216],
  width: [16, 64, 256, 512],
  depth: [1, 2, 4, 8],
};

/** What an axis keeps as it is. */
const BATCH = 256;
const WIDTH = 64;

/** What grows along an axis, and what stays, in words. */
export const GROWTH_TITLES: Readonly<Record<GrowthAxis, string>> = {
  samples: '64→16→8→1, sigmoid, all samples in one batch',
  width: `width→width→width→${SYNTHETIC_CLASSES}, relu, a batch of ${BATCH}`,
  depth: `hidden layers of ${WIDTH} units between ${WIDTH} inputs and ${SYNTHETIC_CLASSES} outputs, relu, a batch of ${BATCH}`,
};

/** A point of an axis: one step of SGD on one synthetic batch, so that an epoch is a step. */
export function growthWorkload(axis: GrowthAxis, size: number): GrowthWorkload {
  const { widths, samples } = networkOf(axis, size);
  const operations = operationsOf(widths, samples);
  return {
    name: `growth-${axis}-${size}`,
    title: `${widths.join('→')}, SGD; one step on a synthetic batch of ${samples}`,
    unit: 'ms per epoch',
    checkedEpochs: 2,
    operations,
    growth: { axis, size, operations },
    problem: () => syntheticProblem(widths, samples, axis === 'samples' ? 'sigmoid' : 'relu'),
  };
}

function networkOf(axis: GrowthAxis, size: number): { widths: number[]; samples: number } {
  switch (axis) {
    case 'samples':
      return { widths: [64, 16, 8, 1], samples: size };
    case 'width':
      return { widths: [size, size, size, SYNTHETIC_CLASSES], samples: BATCH };
    case 'depth': {
      const hidden = Array.from({ length: size }, () => WIDTH);
      return { widths: [WIDTH, ...hidden, SYNTHETIC_CLASSES], samples: BATCH };
    }
    default:
      return axis satisfies never;
  }
}
