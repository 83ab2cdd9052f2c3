/**
 * Autotuning: nobody can say in advance which plan is fastest on a device, so the candidates run on it,
 * with the real data. Each must give the layered schedule's losses before its time counts.
 */
import type { Backend } from '../training/backend';
import { InvalidInputError } from '../training/errors';
import type { Candidate } from './candidates';
import { messageOf } from './device';
import type { Plan } from './plan';
import type { CandidateTiming, TuningRecord } from './tuning-store';

export interface TuneOptions {
  /** Opens a backend on the device with this plan; the tuner disposes of it. */
  readonly open: (plan: Plan) => Promise<Backend>;
  readonly batchesPerEpoch: number;
  /** What is being tried, and the share of the candidates that is done. */
  readonly onProgress?: (what: string, share: number) => void;
  readonly now?: () => number;
}

/** Batches whose losses are compared. */
const CHECKED_EPOCHS = 2;
/** Two float32 plans may differ by this much, relative to the loss or to 1, after so few steps. */
const TOLERANCE = 1e-4;
/** A timing lasts at least so long, far above the clock's resolution and the cost of a readback. */
const LEAST_MS = 15;
/** No candidate may be timed longer than this; slow ones are judged by fewer steps. */
const CANDIDATE_MS = 300;
/** So long after the oracle no further candidate is begun: under a second with a quick step, five with a slow one. */
const TOTAL_MS = { quick: 600, slow: 3000 };
/** A step of the oracle is quick below this, in milliseconds. */
const QUICK_STEP_MS = 25;
/** A candidate this much slower than the best at first sight is not timed again. */
const HOPELESS = 1.5;
const ROUNDS = 2;

/**
 * Compares the candidates and names the fastest.
 *
 * @param candidates - the oracle first, it wins where nothing else is sound; then by expectation,
 * since the last ones may not be tried
 */
export async function tune(
  candidates: readonly Candidate[],
  options: TuneOptions,
): Promise<TuningRecord> {
  const now = options.now ?? (() => performance.now());
  const timings: CandidateTiming[] = [];
  let oracle: readonly number[] | null = null;
  let best = { name: candidates[0].name, ms: Number.POSITIVE_INFINITY };
  let begin = now();
  let total = TOTAL_MS.slow;
  for (const [index, candidate] of candidates.entries()) {
    // The oracle, and the candidate that is expected to win, are tried in any case.
    if (index > 1 && now() - begin > total) {
      timings.push({ variant: candidate.name, msPerStep: null, note: 'not tried: time was up' });
      continue;
    }
    options.onProgress?.(candidate.name, index / candidates.length);
    const plan = candidate.plan();
    if ('declined' in plan) {
      timings.push({ variant: candidate.name, msPerStep: null, note: plan.declined });
      continue;
    }
    try {
      const backend = await options.open(plan);
      try {
        const losses = await firstLosses(backend, options.batchesPerEpoch);
        oracle ??= losses;
        const apart = largestDifference(losses, oracle);
        if (!(apart <= TOLERANCE)) {
          const note = `its losses are ${apart.toExponential(1)} from the layered schedule's`;
          timings.push({ variant: candidate.name, msPerStep: null, note });
          continue;
        }
        const ms = await timeSteps(backend, best.ms, now);
        timings.push({ variant: candidate.name, msPerStep: ms, note: '' });
        if (index === 0) {
          begin = now();
          if (ms < QUICK_STEP_MS) total = TOTAL_MS.quick;
        }
        if (ms < best.ms) best = { name: candidate.name, ms };
      } finally {
        backend.dispose();
      }
    } catch (error) {
      if (candidate === candidates[0] || error instanceof InvalidInputError) throw error;
      timings.push({ variant: candidate.name, msPerStep: null, note: messageOf(error) });
    }
  }
  options.onProgress?.(best.name, 1);
  return { winner: best.name, timings };
}

/** Losses after the first few steps; of whole epochs where those are short. */
async function firstLosses(backend: Backend, batchesPerEpoch: number): Promise<readonly number[]> {
  if (batchesPerEpoch > 8) {
    await backend.trainBatches(CHECKED_EPOCHS);
    const { running } = await backend.state();
    return [running.loss];
  }
  const epochs = await backend.train(CHECKED_EPOCHS);
  return epochs.flatMap(({ loss, valLoss }) => [loss, valLoss]);
}

function largestDifference(values: readonly number[], oracle: readonly number[]): number {
  return values.reduce((largest, value, i) => {
    const difference = Math.abs(value - oracle[i]) / Math.max(1, Math.abs(oracle[i]));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
  }, 0);
}

/** Milliseconds a step, the least of a few rounds, each long enough to be trusted. */
async function timeSteps(backend: Backend, best: number, now: () => number): Promise<number> {
  const begin = now();
  let steps = 1;
  let elapsed = await timeOnce(backend, steps, now);
  while (elapsed < LEAST_MS && now() - begin < CANDIDATE_MS) {
    steps = Math.ceil(steps * Math.min(8, Math.max(2, (1.2 * LEAST_MS) / Math.max(elapsed, 1))));
    elapsed = await timeOnce(backend, steps, now);
  }
  let least = elapsed / steps;
  for (let round = 1; round < ROUNDS; round++) {
    if (least > HOPELESS * best || now() - begin + elapsed > CANDIDATE_MS) break;
    least = Math.min(least, (await timeOnce(backend, steps, now)) / steps);
  }
  return least;
}

async function timeOnce(backend: Backend, steps: number, now: () => number): Promise<number> {
  const begin = now();
  await backend.trainBatches(steps); // resolves with the readback, so the steps are done
  return now() - begin;
}
