/**
 * A race: backends train the same problem from the same start in alternating turns. The turn always
 * goes to the one that has computed for the least time, so all get the same time and the fastest gets
 * furthest. At marks along the way their parameters are kept, to be held against the reference's.
 * It goes over a number of epochs, or for a time, step by step, where an epoch is long.
 */

import { type Spread, spreadOf } from '../../comparison/statistics';
import type {
  Backend,
  BackendInfo,
  BackendName,
  EpochMetrics,
  Problem,
} from '../../training/backend';
import { messageOf } from '../../training/errors';
import { nextTask } from '../../training/next-task';
import { initialState } from '../../training/state';
import { Drift, type LargestDrift } from './race-drift';

/** One backend's part in the race so far. */
export interface Lane {
  readonly name: BackendName;
  /** Why it does not run, or ran no further. */
  readonly obstacle?: string;
  readonly info?: BackendInfo;
  /** Milliseconds until it stood ready: adapter, measuring of plans, compilation, upload. */
  readonly setup?: number;
  /** Epochs done, with the share of the one under way. */
  readonly epochs: number;
  /** Updates of the parameters, of a race for a time. */
  readonly steps?: number;
  /** Training loss of the epoch under way so far, of a race for a time. */
  readonly loss?: number;
  /** Milliseconds of all turns. */
  readonly compute: number;
  /** Milliseconds an epoch, over the turns; metrics of every epoch included. */
  readonly perEpoch?: Spread;
  /** Milliseconds to bring all parameters back to the CPU. */
  readonly readback?: Spread;
  readonly turns: number;
  /** Test loss and accuracy of the last epoch. */
  readonly last?: EpochMetrics;
  /** Largest differences from the reference, where both have been; nothing for the reference itself. */
  readonly drift?: LargestDrift;
}

/** How long a race is: so many epochs for each, or so much time. */
export type RaceLength = { readonly epochs: number } | { readonly milliseconds: number };

export interface RaceProgress {
  readonly phase: 'opening' | 'racing' | 'timing kernels' | 'finished';
  readonly length: RaceLength;
  /** Epochs of the whole race; of one for a time, of whoever is furthest. */
  readonly epochs: number;
  readonly lanes: readonly Lane[];
}

interface RaceOptions {
  readonly problem: Problem;
  readonly length: RaceLength;
  readonly names: readonly BackendName[];
  readonly open: (name: BackendName, problem: Problem) => Promise<Backend>;
  readonly onProgress: (progress: RaceProgress) => void;
  /** Called with the backends at the end, before they are freed. */
  readonly atEnd?: (backends: readonly Backend[]) => Promise<void>;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** A turn should take so long: far above the clock's resolution, short enough to look like a race. */
const TURN_MS = 60;
const WARM_UP_MS = 60;
/** Marks at which parameters are compared, beside the last epoch. */
const MARKS = 20;
/** People hear of the race this often at most. */
const REPORT_MS = 100;

/** A backend in the race. */
class Runner {
  /** Epochs, or steps in a race for a time. */
  done = 0;
  compute = 0;
  turns = 0;
  obstacle: string | undefined;
  last: EpochMetrics | undefined;
  /** Epochs, or steps, that fill a turn. */
  pace = 1;
  readonly #perEpoch: number[] = [];
  readonly #readback: number[] = [];

  constructor(
    readonly backend: Backend,
    readonly setup: number,
    readonly isByStep: boolean,
  ) {}

  get epochs(): number {
    return this.isByStep ? this.done / this.backend.batchesPerEpoch : this.done;
  }

  /** Trains so many epochs, or steps. */
  train(few: number): Promise<readonly EpochMetrics[]> {
    return this.isByStep ? this.backend.trainBatches(few) : this.backend.train(few);
  }

  get name(): BackendName {
    return this.backend.info.name;
  }

  lane(drift: Drift): Lane {
    const largest = drift.of(this.name);
    return {
      name: this.name,
      info: this.backend.info,
      setup: this.setup,
      epochs: this.epochs,
      compute: this.compute,
      turns: this.turns,
      ...(this.isByStep && { steps: this.done }),
      ...(this.isByStep && this.backend.underway && { loss: this.backend.underway.loss }),
      ...(this.obstacle !== undefined && { obstacle: this.obstacle }),
      ...(this.#perEpoch.length > 0 && { perEpoch: spreadOf(this.#perEpoch) }),
      ...(this.#readback.length > 0 && { readback: spreadOf(this.#readback) }),
      ...(this.last !== undefined && { last: this.last }),
      ...(largest !== undefined && { drift: largest }),
    };
  }

  took(few: number, milliseconds: number): void {
    this.turns += 1;
    this.compute += milliseconds;
    const epochs = this.isByStep ? few / this.backend.batchesPerEpoch : few;
    this.#perEpoch.push(milliseconds / epochs);
    this.adapt(few, milliseconds);
  }

  tookReadback(milliseconds: number): void {
    this.#readback.push(milliseconds);
  }

  adapt(few: number, milliseconds: number): void {
    const fitting = Math.round((few * TURN_MS) / Math.max(milliseconds, 0.01));
    this.pace = Math.max(1, Math.min(fitting, 8 * this.pace));
  }
}

/** Runs the race to the end. A backend that cannot be had, or fails, leaves the others racing. */
export async function runRace(options: RaceOptions): Promise<RaceProgress> {
  const {
    problem,
    length,
    names,
    open,
    onProgress,
    atEnd,
    now = () => performance.now(),
  } = options;
  const entries: (Runner | Lane)[] = [];
  const drift = new Drift(names);
  let reportedAt = Number.NEGATIVE_INFINITY;
  const isByStep = 'milliseconds' in length;
  const progress = (phase: RaceProgress['phase']): RaceProgress => {
    const lanes = entries.map((entry) => (entry instanceof Runner ? entry.lane(drift) : entry));
    const furthest = Math.max(0, ...lanes.map((lane) => lane.epochs));
    return { phase, length, epochs: isByStep ? furthest : length.epochs, lanes };
  };
  const report = (phase: RaceProgress['phase'], isDue = false) => {
    const time = now();
    if (!isDue && time - reportedAt < REPORT_MS) return;
    reportedAt = time;
    onProgress(progress(phase));
  };
  const runners = () => entries.filter((entry) => entry instanceof Runner);
  try {
    for (const name of names) {
      report('opening', true);
      const started = now();
      try {
        const backend = await open(name, problem);
        entries.push(new Runner(backend, now() - started, isByStep));
      } catch (error) {
        entries.push({ name, obstacle: messageOf(error), epochs: 0, compute: 0, turns: 0 });
      }
    }
    for (const runner of runners()) await guarded(runner, () => warmUp(runner, problem, now));
    report('racing', true);
    while (true) {
      const next = nextOf(runners(), length);
      if (next === undefined) break;
      await guarded(next, () => takeTurn(next, { length, drift, now }));
      report('racing');
      await nextTask();
    }
    report('timing kernels', true);
    await atEnd?.(runners().map(({ backend }) => backend));
    return progress('finished');
  } finally {
    for (const { backend } of runners()) backend.dispose();
  }
}

/** Whoever has computed for the least time, and still has some way to go. */
function nextOf(runners: readonly Runner[], length: RaceLength): Runner | undefined {
  const isUnderWay = ({ done, compute }: Runner) =>
    'epochs' in length ? done < length.epochs : compute < length.milliseconds;
  return runners
    .filter((runner) => isUnderWay(runner) && runner.obstacle === undefined)
    .reduce<Runner | undefined>(
      (least, runner) => (least === undefined || runner.compute < least.compute ? runner : least),
      undefined,
    );
}

async function guarded(runner: Runner, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    runner.obstacle = messageOf(error);
  }
}

/** Trains until pipelines and compilers are warm, then returns to the start. */
async function warmUp(runner: Runner, problem: Problem, now: () => number): Promise<void> {
  const started = now();
  do {
    const { pace } = runner;
    const before = now();
    await runner.train(pace);
    runner.adapt(pace, now() - before);
  } while (now() - started < WARM_UP_MS);
  await runner.backend.load(initialState(problem));
}

interface Turn {
  readonly length: RaceLength;
  readonly drift: Drift;
  readonly now: () => number;
}

/**
 * Where the parameters are read next. Nobody knows how many steps a race for a time has, nor whether the
 * slowest makes ten: the marks are after 1, 2, 4, 8, … of them.
 */
function markAfter(done: number, length: RaceLength): number {
  if ('milliseconds' in length) return done === 0 ? 1 : 2 ** (Math.floor(Math.log2(done)) + 1);
  const interval = Math.max(1, Math.ceil(length.epochs / MARKS));
  return Math.min(length.epochs, (Math.floor(done / interval) + 1) * interval);
}

/** A few epochs or steps, at most up to the next mark, where the parameters are read. */
async function takeTurn(runner: Runner, { length, drift, now }: Turn): Promise<void> {
  const mark = markAfter(runner.done, length);
  const few = Math.min(runner.pace, mark - runner.done);
  const started = now();
  const metrics = await runner.train(few);
  runner.took(few, now() - started);
  const wrong = metrics.findIndex(({ finite }) => !finite);
  if (wrong >= 0) {
    const epoch = Math.floor(runner.epochs) + wrong + 1;
    runner.obstacle = `Diverged in epoch ${epoch}: a number was no longer finite.`;
    return;
  }
  runner.done += few;
  runner.last = metrics.at(-1) ?? runner.last;
  drift.metrics(runner.name, metrics);
  if (runner.done !== mark) return;
  const before = now();
  const parameters = await runner.backend.parameters();
  runner.tookReadback(now() - before);
  drift.parameters(runner.name, mark, parameters);
}
