/**
 * The sweep over sizes: a training step of a network with two hidden layers as wide as its input, on
 * WebGPU and on the CPU in turns, at each width and batch size. The two are held against each other
 * before their times count.
 */

import type { SweepPoint } from '../../comparison/crossover';
import { lossBound } from '../../comparison/loss-bound';
import { spreadOf } from '../../comparison/statistics';
import { SYNTHETIC_CLASSES, syntheticProblem } from '../../comparison/synthetic-problem';
import type { Backend, BackendName, Problem } from '../../training/backend';
import { messageOf } from '../../training/errors';
import { nextTask } from '../../training/next-task';

/** Sizes of a sweep, ascending. */
export interface SweepSizes {
  readonly widths: readonly number[];
  readonly batches: readonly number[];
}
export const SWEEPS = {
  quick: { widths: [16, 64, 256], batches: [32, 256] },
  full: { widths: [16, 32, 64, 128, 256, 512], batches: [32, 256, 1024] },
} as const satisfies Record<string, SweepSizes>;
export type SweepName = keyof typeof SWEEPS;

export interface SweepProgress {
  readonly points: readonly SweepPoint[];
  /** Sizes that were left out, with the reason. */
  readonly skipped: readonly string[];
  readonly done: number;
  readonly total: number;
  /** Whether the adapter is a software one; nothing before WebGPU was open. */
  readonly isSoftware?: boolean;
}

interface SweepOptions {
  readonly sizes: SweepSizes;
  readonly open: (name: BackendName, problem: Problem) => Promise<Backend>;
  readonly onProgress: (progress: SweepProgress) => void;
  readonly now?: () => number;
}

const ROUNDS = 5;
/** A round of a backend takes about so long: as many steps as fit, at least one. */
const ROUND_MS = 60;
/** Larger sizes are left out where a step is expected to take longer. */
const LONGEST_STEP_MS = 1500;
const CHECKED_STEPS = 2;

/** Measures every size. A size that cannot be had is named with its reason, and the sweep goes on. */
export async function runSweep(options: SweepOptions): Promise<SweepProgress> {
  const { widths, batches } = options.sizes;
  const points: SweepPoint[] = [];
  const skipped: string[] = [];
  let isSoftware: boolean | undefined;
  const total = widths.length * batches.length;
  let done = 0;
  const progress = (): SweepProgress => ({
    points: [...points],
    skipped: [...skipped],
    done,
    total,
    ...(isSoftware !== undefined && { isSoftware }),
  });
  options.onProgress(progress());
  for (const batch of batches) {
    let last: { width: number; slowest: number } | undefined;
    for (const width of widths) {
      // Four times the products for twice the width.
      const expected = last === undefined ? 0 : last.slowest * (width / last.width) ** 2;
      const name = `width ${width}, batch ${batch}`;
      if (expected > LONGEST_STEP_MS) {
        skipped.push(`${name}: about ${(expected / 1000).toPrecision(2)} s a step`);
      } else {
        try {
          const { point, ...adapter } = await measure(width, batch, options);
          isSoftware = adapter.isSoftware;
          points.push(point);
          last = { width, slowest: Math.max(point.webgpu, point.cpu) };
        } catch (error) {
          skipped.push(`${name}: ${messageOf(error)}`);
        }
      }
      done += 1;
      options.onProgress(progress());
    }
  }
  return progress();
}

interface Entrant {
  readonly backend: Backend;
  steps: number;
  readonly times: number[];
}

async function measure(
  width: number,
  batch: number,
  options: SweepOptions,
): Promise<{ point: SweepPoint; isSoftware: boolean }> {
  const { open, now = () => performance.now() } = options;
  const problem = syntheticProblem([width, width, width, SYNTHETIC_CLASSES], batch);
  const entrants: Entrant[] = [];
  const time = async (entrant: Entrant): Promise<number> => {
    const started = now();
    await entrant.backend.train(entrant.steps);
    return now() - started;
  };
  try {
    const losses: number[][] = [];
    for (const name of ['webgpu', 'cpu'] as const) {
      const entrant = { backend: await open(name, problem), steps: 1, times: [] };
      entrants.push(entrant);
      losses.push((await entrant.backend.train(CHECKED_STEPS)).map(({ loss }) => loss));
      for (let elapsed = 0; elapsed < ROUND_MS / 2; ) {
        elapsed = await time(entrant);
        const fitting = Math.round((entrant.steps * ROUND_MS) / Math.max(elapsed, 0.01));
        entrant.steps = Math.max(1, Math.min(fitting, 8 * entrant.steps));
      }
    }
    checkLosses(losses[0], losses[1], batch);
    for (let round = 0; round < ROUNDS; round++) {
      for (const entrant of entrants) {
        entrant.times.push((await time(entrant)) / entrant.steps);
        await nextTask();
      }
    }
    const [webgpu, cpu] = entrants.map(({ times }) => spreadOf(times).median);
    const { isSoftware } = entrants[0].backend.info;
    return { point: { width, batch, webgpu, cpu }, isSoftware };
  } finally {
    for (const { backend } of entrants) backend.dispose();
  }
}

/**
 * Both are float32: each may be off by its bound, so twice that apart.
 *
 * @throws Error where a loss is further apart, or is not a number
 */
function checkLosses(a: readonly number[], b: readonly number[], count: number): void {
  for (const [step, loss] of a.entries()) {
    const bound = 2 * lossBound(loss, count);
    // Written so that a loss that is not a number fails.
    if (Math.abs(loss - b[step]) <= bound) continue;
    throw new Error(`the losses of step ${step + 1} disagree: ${loss} and ${b[step]}`);
  }
}
