/**
 * Autotuning: nobody can say in advance which plan is fastest on a device, so the candidates run on it,
 * with the real data. Each must go the layered schedule's way, in losses and in parameters, before its
 * time counts.
 */
import type { Backend, TrainingState } from '../../training/backend';
import { InvalidInputError, messageOf } from '../../training/errors';
import type { Plan } from '../plan/plan';
import type { Candidate } from './candidates';
import { type CandidateTiming, roundedMs, type TuningRecord } from './tuning-store';

export interface TuneOptions {
  /** Opens a backend on the device with this plan; the tuner disposes of it. */
  readonly open: (plan: Plan) => Promise<Backend>;
  readonly batchesPerEpoch: number;
  /** What is being tried, and the share of the candidates that is done. */
  readonly onProgress?: (what: string, share: number) => void;
  readonly now?: () => number;
}

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
/** A timing lasts at least so long, far above the clock's resolution and the cost of a readback. */
const LEAST_MS = 15;
/** After so long a candidate's timing is not repeated for a longer one. */
const CANDIDATE_MS = 300;
/** So long after the oracle the candidates may take: under a second with a quick step, five with a slow one. */
const TOTAL_MS = { quick: 600, slow: 3000 };
/** A step of the oracle is quick below this, in milliseconds. */
const QUICK_STEP_MS = 25;
/** A candidate that is slower or faster than the best by this factor at first sight is not timed again. */
const CLEAR = 1.2;
/** Where it is close, the least of so many timings counts: chance would decide by a single one. */
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
  let oracle: FirstSteps | null = null;
  let best = { name: candidates[0].name, ms: Number.POSITIVE_INFINITY };
  let begin = now();
  let total = TOTAL_MS.slow;
  const pace = new Pace();
  let tried = 0;
  for (const [index, candidate] of candidates.entries()) {
    const plan = candidate.plan();
    if ('declined' in plan) {
      timings.push({ candidate: candidate.name, msPerStep: null, note: plan.declined });
      continue;
    }
    // The oracle, and the candidate that is expected to win, are tried in any case.
    if (tried > 1 && now() - begin + pace.expected(plan) > total) {
      timings.push({ candidate: candidate.name, msPerStep: null, note: 'not tried: time was up' });
      continue;
    }
    tried++;
    options.onProgress?.(candidate.name, index / candidates.length);
    const start = now();
    const tookMs = () => roundedMs(now() - start);
    try {
      const backend = await options.open(plan);
      try {
        const first = await firstSteps(backend, options.batchesPerEpoch, now);
        oracle ??= first;
        const note = differenceOf(first, oracle);
        if (note !== '') {
          timings.push({ candidate: candidate.name, msPerStep: null, note, tookMs: tookMs() });
          continue;
        }
        const ms = await timeSteps(backend, first.msPerStep, best.ms, now);
        timings.push({ candidate: candidate.name, msPerStep: ms, note: '', tookMs: tookMs() });
        pace.saw(plan, now() - start);
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
      timings.push({ candidate: candidate.name, msPerStep: null, note: messageOf(error) });
    }
  }
  options.onProgress?.(best.name, 1);
  return { winner: best.name, timings };
}

/**
 * What a plan will take to be compiled and timed, from what others took: in proportion to the text of its
 * kernels, since compiling is most of it where time is short.
 */
class Pace {
  #msPerCharacter = 0;

  saw(plan: Plan, ms: number): void {
    this.#msPerCharacter = Math.max(this.#msPerCharacter, ms / textOf(plan));
  }

  expected(plan: Plan): number {
    return this.#msPerCharacter * textOf(plan);
  }
}

/** Characters of a plan's kernels for training. */
function textOf({ chunk, step, epoch }: Plan): number {
  const texts = new Set([...chunk, ...step, ...epoch].map(({ kernel }) => kernel.wgsl));
  return [...texts].reduce((sum, { length }) => sum + length, 0);
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
    return `its losses are ${apart.toExponential(1)} from the layered schedule's`;
  }
  const arrays = ({ parameters, optimizer }: TrainingState) => [parameters, ...optimizer];
  const [from, to] = [arrays(oracle.before), arrays(oracle.after)];
  for (const [i, values] of arrays(first.after).entries()) {
    const way = distance(to[i], from[i]);
    const off = distance(values, to[i]);
    if (!(off <= WAY_TOLERANCE * way + UNITS * distance(to[i]))) {
      const what = i === 0 ? 'parameters' : 'moments of the optimizer';
      return `its ${what} end ${off.toExponential(1)} from the layered schedule's, whose way is ${way.toExponential(1)}`;
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
 * Milliseconds a step, the least of a few rounds, each long enough to be trusted.
 *
 * @param first - of a single step, with all that it takes to wait for one
 */
async function timeSteps(
  backend: Backend,
  first: number,
  best: number,
  now: () => number,
): Promise<number> {
  const begin = now();
  let steps = 1;
  let elapsed = first;
  while (elapsed < LEAST_MS && now() - begin < CANDIDATE_MS) {
    steps = Math.ceil(steps * Math.min(8, Math.max(2, (1.2 * LEAST_MS) / Math.max(elapsed, 1))));
    elapsed = await timeOnce(backend, steps, now);
  }
  let least = elapsed / steps;
  for (let round = 1; round < ROUNDS; round++) {
    if (least > CLEAR * best || best > CLEAR * least) break;
    least = Math.min(least, (await timeOnce(backend, steps, now)) / steps);
  }
  return least;
}

async function timeOnce(backend: Backend, steps: number, now: () => number): Promise<number> {
  const begin = now();
  await backend.trainBatches(steps); // resolves with the readback, so the steps are done
  return now() - begin;
}
