/**
 * Autotuning: nobody can say in advance which plan is fastest on a device, so the candidates run on it,
 * with the real data. Each must go the layered schedule’s way, in losses and in parameters, before its
 * time counts.
 */
import type { Backend, TrainingState } from '../../training/backend';
import type { Plan } from '../plan/plan';
import type { Candidate } from './candidates';
import { LEAST_MS, meetAgain, type Seen, timeOnce } from './final';
import { type TrialOptions, Trials } from './trials';
import type { TuningRecord } from './tuning-store';

/** Epochs that each candidate is checked by; batches, where an epoch has many. */
const CHECKED = 2;
/** Two float32 plans may differ by this much, relative to the loss or to 1, after so few steps. */
const TOLERANCE = 1e-4;
/**
 * So far from where the oracle's parameters are another's may be, as a share of the way that the oracle's
 * came. Losses alone do not tell: from a start on a plateau they hardly move, and standing still would
 * pass. Rounding takes far less than a percent of so few steps, a step left out or too large far more.
 */
const WAY_TOLERANCE = 0.01;
/** Rounding of the parameters themselves, which is all there is where they hardly move: two units of a float32. */
const UNITS = 2 ** -22;
/** After so long a candidate's timing is not repeated for a longer one. */
const CANDIDATE_MS = 300;
/** So long after the oracle all the others may take: under a second with a quick step, five with a slow one. */
const TOTAL_MS = { quick: 600, slow: 3000 };
/** A step of the oracle is quick below this, in milliseconds. */
const QUICK_STEP_MS = 25;
/** Of that, what is left to the best, for meeting again. */
const FINAL_SHARE = 1 / 3;

/**
 * Compares the candidates and names the fastest: each has a look at it, and those that come close to the
 * best meet again, if there is time.
 *
 * @param candidates - the oracle first, it wins where nothing else is sound; then by expectation,
 * since the last ones may not be tried
 * @throws whatever the oracle fails with
 */
export async function tune(
  candidates: readonly Candidate[],
  batchesPerEpoch: number,
  options: TrialOptions,
): Promise<TuningRecord> {
  const trials = new Trials(options);
  const { now } = trials;
  let oracle: FirstSteps | null = null;
  let end = Number.POSITIVE_INFINITY;
  let finalMs = 0;
  const seen: Seen[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const measure = async (backend: Backend, plan: Plan) => {
      const first = await firstSteps(backend, batchesPerEpoch, now);
      oracle ??= first;
      const note = differenceOf(first, oracle);
      if (note !== '') return { msPerStep: null, note };
      const msPerStep = await timeSteps(backend, first.msPerStep, now);
      seen.push({ name: candidate.name, plan, msPerStep });
      return { msPerStep, note };
    };
    const share = (index / candidates.length) * (1 - FINAL_SHARE);
    await trials.run(candidate, share, measure, index === 0);
    if (index === 0) {
      const usual = seen[0].msPerStep < QUICK_STEP_MS ? TOTAL_MS.quick : TOTAL_MS.slow;
      const total = options.totalMs ?? usual;
      finalMs = FINAL_SHARE * total;
      end = now() + total;
      trials.deadline = end - finalMs;
    }
  }
  const final = await meetAgain(seen, trials, Math.min(end, now() + finalMs));
  options.onProgress?.(final.winner, 1);
  return { winner: final.winner, timings: [...trials.timings, ...final.timings] };
}

/** Where a backend's first few steps led it. */
interface FirstSteps {
  readonly losses: readonly number[];
  readonly before: TrainingState;
  readonly after: TrainingState;
  /** Of the last of them. */
  readonly msPerStep: number;
}

async function firstSteps(
  backend: Backend,
  batchesPerEpoch: number,
  now: () => number,
): Promise<FirstSteps> {
  const before = await backend.state();
  const losses: number[] = [];
  const isLong = batchesPerEpoch > 8;
  let begin = 0;
  for (let i = 0; i < CHECKED; i++) {
    begin = now();
    if (isLong) await backend.trainBatches(1);
    else losses.push(...(await backend.train(1)).flatMap(({ loss, valLoss }) => [loss, valLoss]));
  }
  const msPerStep = (now() - begin) / (isLong ? 1 : batchesPerEpoch);
  const after = await backend.state();
  if (isLong) losses.push(after.running.loss);
  return { losses, before, after, msPerStep };
}

/** In words, how a candidate's first steps differ from the oracle's; empty where rounding explains it. */
function differenceOf(first: FirstSteps, oracle: FirstSteps): string {
  const apart = largestDifference(first.losses, oracle.losses);
  if (!(apart <= TOLERANCE)) {
    return `its losses are ${apart.toExponential(1)} from the layered schedule’s`;
  }
  const arrays = ({ parameters, optimizer }: TrainingState) => [parameters, ...optimizer];
  const [from, to] = [arrays(oracle.before), arrays(oracle.after)];
  for (const [i, values] of arrays(first.after).entries()) {
    const way = distance(to[i], from[i]);
    const off = distance(values, to[i]);
    if (!(off <= WAY_TOLERANCE * way + UNITS * distance(to[i]))) {
      const what = i === 0 ? 'parameters' : 'moments of the optimizer';
      return `its ${what} end ${off.toExponential(1)} from the layered schedule’s, whose way is ${way.toExponential(1)}`;
    }
  }
  return '';
}

/** Euclidean distance of two points, or of one from zero. */
function distance(a: Float64Array, b?: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b?.[i] ?? 0)) ** 2, 0));
}

function largestDifference(values: readonly number[], oracle: readonly number[]): number {
  return values.reduce((largest, value, i) => {
    const difference = Math.abs(value - oracle[i]) / Math.max(1, Math.abs(oracle[i]));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
  }, 0);
}

/**
 * Milliseconds a step, of a run that is long enough to be trusted.
 *
 * @param first - of a single step, with all that it takes to wait for one
 */
async function timeSteps(backend: Backend, first: number, now: () => number): Promise<number> {
  const begin = now();
  let steps = 1;
  let elapsed = first;
  while (elapsed < LEAST_MS && now() - begin < CANDIDATE_MS) {
    steps = Math.ceil(steps * Math.min(8, Math.max(2, (1.2 * LEAST_MS) / Math.max(elapsed, 1))));
    elapsed = await timeOnce(backend, steps, now);
  }
  return elapsed / steps;
}
