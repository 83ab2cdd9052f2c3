/**
 * Measures contenders on one workload: each is checked first, then warmed up, then timed in rounds
 * that take turns (A B C A B C …), so that a disturbance of the machine falls on all of them.
 */

import type { Problem } from '../training/backend';
import type { Contender, Training } from './contender';
import type { ContenderResult, WorkloadResult } from './contender-result';
import { lossBound } from './loss-bound';
import { RefusedError, refusalOf } from './refusal';
import { spreadOf } from './statistics';
import { type DeviceSpeed, timeSplit } from './time-split';
import type { Workload } from './workload';

/** How long measuring takes. */
export interface Pace {
  /** Rounds, and the least number of them for a contender that has used up its budget. */
  readonly rounds: number;
  readonly leastRounds: number;
  /** A contender trains about so long a round: as many epochs as fit, at least one. */
  readonly roundMs: number;
  readonly warmUpMs: number;
  /** Time for all the rounds of one contender. */
  readonly budgetMs: number;
  /** Points of the sweep whose step is expected to take longer are left out. */
  readonly longestStepMs: number;
}
export const FULL_PACE: Pace = {
  rounds: 15,
  leastRounds: 5,
  roundMs: 300,
  warmUpMs: 800,
  budgetMs: 8000,
  longestStepMs: 8000,
};
/** Of the whole sweep: many sizes, of which each only has to tell who is faster. */
export const SWEEP_PACE: Pace = {
  rounds: 5,
  leastRounds: 3,
  roundMs: 100,
  warmUpMs: 200,
  budgetMs: 2000,
  longestStepMs: 2000,
};
export const QUICK_PACE: Pace = {
  rounds: 5,
  leastRounds: 2,
  roundMs: 100,
  warmUpMs: 150,
  budgetMs: 1000,
  longestStepMs: 800,
};

export interface MeasureOptions {
  readonly workload: Workload;
  readonly contenders: readonly Contender[];
  /** Whose losses are right; it may be one of the contenders. */
  readonly judge: Contender;
  readonly pace: Pace;
  /** Asks the devices where the time went, after the rounds. */
  readonly splitsTime?: boolean;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

interface Entrant {
  readonly contender: Contender;
  readonly training: Training;
  readonly check: string;
  /** Epochs a round. */
  epochs: number;
  spent: number;
  /** Milliseconds an epoch, of each round. */
  readonly times: number[];
}

/**
 * Measures a workload.
 *
 * @throws the signal's reason where it is aborted, and what the judge throws
 */
export async function measureWorkload(options: MeasureOptions): Promise<WorkloadResult> {
  const { workload, contenders, judge, onProgress = () => {}, signal } = options;
  const problem = workload.problem();
  const open: Training[] = [];
  try {
    onProgress(`${workload.name}: ${judge.name} computes the losses to agree with`);
    const judged = await judge.prepare(problem);
    open.push(judged);
    const expected = await judged.losses(workload.checkedEpochs);
    const entrants: (Entrant | ContenderResult)[] = [];
    for (const contender of contenders) {
      signal?.throwIfAborted();
      onProgress(`${workload.name}: checking and warming up ${contender.name}`);
      const entrant = await enter(options, contender, problem, expected, judged);
      if ('training' in entrant && contender !== judge) open.push(entrant.training);
      entrants.push(entrant);
    }
    await takeTurns(options, entrants);
    const { problem: _, checkedEpochs: __, operations: ___, ...described } = workload;
    const splits = await splitTimes(options, entrants);
    return {
      ...described,
      contenders: entrants.map((entrant) => {
        const split = splits.get(entrant);
        return { ...resultOf(entrant), ...(split !== undefined && { split }) };
      }),
    };
  } finally {
    for (const training of open) training.dispose();
  }
}

/** Opens, checks and warms up a contender, or says why it has no time. The judge stands open already. */
async function enter(
  options: MeasureOptions,
  contender: Contender,
  problem: Problem,
  expected: readonly number[],
  judged: Training,
): Promise<Entrant | ContenderResult> {
  const { signal, workload, judge } = options;
  const isJudge = contender === judge;
  let training: Training | undefined;
  try {
    training = isJudge ? judged : await contender.prepare(problem);
    const check = isJudge
      ? 'ok (the others are compared with it)'
      : compareLosses(
          await training.losses(workload.checkedEpochs),
          expected,
          problem.train.count,
          judge.name,
        );
    if (!check.startsWith('ok')) throw new RefusedError(check);
    const entrant = { contender, training, check, epochs: 1, spent: 0, times: [] };
    await warmUp(options, entrant);
    return entrant;
  } catch (error) {
    if (!isJudge) training?.dispose();
    signal?.throwIfAborted();
    return withoutTime(contender, refusalOf(error));
  }
}

/**
 * `ok (…)` where every loss is within its bound of the judge's, else `failed: …` with the first that
 * is not.
 *
 * @param samples - how many losses each of the losses is the mean of
 */
export function compareLosses(
  losses: readonly number[],
  expected: readonly number[],
  samples: number,
  judge: string,
): string {
  if (losses.length !== expected.length) {
    return `failed: ${losses.length} losses instead of ${expected.length}`;
  }
  let largest = 0;
  for (const [epoch, loss] of losses.entries()) {
    const difference = Math.abs(loss - expected[epoch]);
    const bound = lossBound(expected[epoch], samples);
    // Written so that a loss that is not a number fails.
    if (!(difference <= bound)) {
      return `failed: loss ${loss} in epoch ${epoch + 1}, ${judge} has ${expected[epoch]}; at most ${bound.toExponential(1)} apart`;
    }
    largest = Math.max(largest, difference);
  }
  const leastBound = Math.min(...expected.map((loss) => lossBound(loss, samples)));
  return `ok (losses at most ${largest.toExponential(1)} from ${judge}, bound ${leastBound.toExponential(1)})`;
}

/** Trains until the machine is warm, and finds how many epochs fill a round. */
async function warmUp(options: MeasureOptions, entrant: Entrant): Promise<void> {
  const { roundMs, warmUpMs } = options.pace;
  let warmed = 0;
  while (true) {
    const elapsed = await timeOf(options, entrant);
    warmed += elapsed;
    const fitting = Math.max(1, Math.round((entrant.epochs * roundMs) / Math.max(elapsed, 0.01)));
    if (elapsed >= roundMs / 2 && (warmed >= warmUpMs || elapsed >= roundMs)) {
      entrant.epochs = fitting;
      return;
    }
    entrant.epochs = Math.min(fitting, entrant.epochs * 8);
  }
}

async function takeTurns(
  options: MeasureOptions,
  entrants: (Entrant | ContenderResult)[],
): Promise<void> {
  const { workload, pace, onProgress } = options;
  for (let round = 0; round < pace.rounds; round++) {
    onProgress?.(`${workload.name}: round ${round + 1} of ${pace.rounds}`);
    for (const [index, entrant] of entrants.entries()) {
      if (!('training' in entrant)) continue;
      if (entrant.times.length >= pace.leastRounds && entrant.spent >= pace.budgetMs) continue;
      try {
        const elapsed = await timeOf(options, entrant);
        entrant.spent += elapsed;
        entrant.times.push(elapsed / entrant.epochs);
      } catch (error) {
        options.signal?.throwIfAborted();
        entrants[index] = withoutTime(entrant.contender, refusalOf(error));
      }
    }
  }
}

/** Milliseconds of one round. */
async function timeOf(options: MeasureOptions, { training, epochs }: Entrant): Promise<number> {
  const { signal, now = () => performance.now() } = options;
  signal?.throwIfAborted();
  const started = now();
  await training.train(epochs);
  return now() - started;
}

/** Asks the devices where the time went; all are the same one, so its speed is measured once. */
async function splitTimes(
  { signal, splitsTime = false, workload, onProgress }: MeasureOptions,
  entrants: readonly (Entrant | ContenderResult)[],
): Promise<ReadonlyMap<Entrant | ContenderResult, NonNullable<ContenderResult['split']>>> {
  const splits = new Map<Entrant | ContenderResult, NonNullable<ContenderResult['split']>>();
  if (!splitsTime) return splits;
  let speed: DeviceSpeed | undefined;
  for (const entrant of entrants) {
    if (!('training' in entrant)) continue;
    const { contender, times } = entrant;
    const { device } = entrant.training;
    if (device === undefined) continue;
    signal?.throwIfAborted();
    onProgress?.(`${workload.name}: asking the device of ${contender.name}`);
    try {
      const epoch = await device.epoch();
      speed ??= await device.speed();
      splits.set(entrant, timeSplit(spreadOf(times).median, epoch, speed));
    } catch (error) {
      signal?.throwIfAborted();
      splits.set(entrant, { obstacle: refusalOf(error) });
    }
  }
  return splits;
}

function resultOf(entrant: Entrant | ContenderResult): ContenderResult {
  if (!('training' in entrant)) return entrant;
  const { contender, training, check, times } = entrant;
  const { median, min, max } = spreadOf(times);
  return {
    name: contender.name,
    median_ms: median,
    min_ms: min,
    max_ms: max,
    rounds: times.length,
    check,
    ...(training.note !== undefined && { note: training.note }),
  };
}

function withoutTime({ name }: Contender, check: string): ContenderResult {
  return { name, median_ms: null, min_ms: null, max_ms: null, rounds: 0, check };
}
