/** Measures epochs as samples, width and depth grow, one at a time; growth.mjs runs it. */
import { backendTraining } from '../../src/comparison/backend-training';
import type { Contender } from '../../src/comparison/contender';
import { medianOf } from '../../src/comparison/contender-result';
import { SWEEP_PACE } from '../../src/comparison/measure';
import { measurePoints } from '../../src/comparison/run-points';
import { SYNTHETIC_CLASSES } from '../../src/comparison/synthetic-problem';
import { syntheticWorkload } from '../../src/comparison/workload';
import { createCpuBackend } from '../../src/cpu/backend';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend, Problem } from '../../src/training/backend';

/** What width and depth keep as it is. */
const BATCH = 256;
const WIDTH = 64;
/** Above this many operations an epoch the reference takes no part. */
const MOST_REFERENCE_OPERATIONS = 2e8;
/** A curve needs steadier times than a crossover, and the largest sizes tell the most. */
const PACE = { ...SWEEP_PACE, rounds: 7, roundMs: 40, warmUpMs: 100 };

interface Axis {
  readonly title: string;
  readonly sizes: readonly number[];
  readonly network: (size: number) => readonly [widths: number[], samples: number];
}

const AXES: Readonly<Record<string, Axis>> = {
  samples: {
    title: '64→16→8→1, all samples in one batch',
    sizes: [144, 288, 576, 1152, 2304, 4608, 9216],
    network: (size) => [[64, 16, 8, 1], size],
  },
  width: {
    title: `width→width→width→${SYNTHETIC_CLASSES}, a batch of ${BATCH}`,
    sizes: [16, 32, 64, 128, 256, 512, 1024],
    network: (size) => [[size, size, size, SYNTHETIC_CLASSES], BATCH],
  },
  depth: {
    title: `hidden layers of ${WIDTH} units between ${WIDTH} inputs and ${SYNTHETIC_CLASSES} outputs, a batch of ${BATCH}`,
    sizes: [1, 2, 3, 4, 6, 8],
    network: (size) => [[WIDTH, ...Array(size).fill(WIDTH), SYNTHETIC_CLASSES], BATCH],
  },
};

export interface Point {
  readonly axis: string;
  readonly title: string;
  readonly size: number;
  /** Floating-point operations of an epoch's matrix products. */
  readonly operations: number;
  /** Milliseconds an epoch by contender; null where there is no time. */
  readonly medians: Readonly<Record<string, number | null>>;
}

/** Each backend is checked against the reference before its time counts. */
export async function measure(): Promise<{ points: Point[]; skipped: string[] }> {
  const contender = (name: string, open: (problem: Problem) => Promise<Backend>): Contender => ({
    name,
    prepare: async (problem) => backendTraining(await open(problem)),
  });
  // Held to one schedule, so that a curve is that of one program and not of a choice.
  const webgpu = contender('webgpu-layered', (problem) =>
    createWebGpuBackend(problem, { gpu: navigator.gpu, schedule: 'layered' }),
  );
  const cpu = contender('cpu', createCpuBackend);
  const reference = contender('reference', createReferenceBackend);
  const points: Point[] = [];
  const skipped: string[] = [];
  for (const [axis, { title, sizes, network }] of Object.entries(AXES)) {
    await measurePoints({
      points: sizes.map((size) => ({
        ...syntheticWorkload(`${axis} ${size}`, ...network(size)),
        size,
      })),
      contendersOf: ({ operations }) =>
        operations <= MOST_REFERENCE_OPERATIONS ? [webgpu, cpu, reference] : [webgpu, cpu],
      ...{ reference, cpu, pace: PACE },
      keep: (result, { size, operations }) => {
        const names = result.contenders.map(({ name }) => name);
        const medians = Object.fromEntries(names.map((name) => [name, medianOf(result, name)]));
        points.push({ axis, title, size, operations, medians });
      },
      skip: (reason) => skipped.push(reason),
    });
  }
  return { points, skipped };
}
