/**
 * A race: backends train the same problem from the same start in alternating turns. The turn always
 * goes to the one that has computed for the least time, so all get the same time and the fastest gets
 * furthest. At marks along the way their parameters are kept, to be held against the reference's.
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
  readonly epochs: number;
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

export interface RaceProgress {
  readonly phase: 'opening' | 'racing' | 'timing kernels' | 'finished';
  readonly epochs: number;
  readonly lanes: readonly Lane[];
}

interface RaceOptions {
  readonly problem: Problem;
  readonly epochs: number;
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
  epochs = 0;
  compute = 0;
  turns = 0;
  obstacle: string | undefined;
  last: EpochMetrics | undefined;
  /** Epochs that fill a turn. */
  pace = 1;
  readonly #perEpoch: number[] = [];
  readonly #readback: number[] = [];

  constructor(
    readonly backend: Backend,
    readonly setup: number,
  ) {}

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
      ...(this.obstacle !== undefined && { obstacle: this.obstacle }),
      ...(this.#perEpoch.length > 0 && { perEpoch: spreadOf(this.#perEpoch) }),
      ...(this.#readback.length > 0 && { readback: spreadOf(this.#readback) }),
      ...(this.last !== undefined && { last: this.last }),
      ...(largest !== undefined && { drift: largest }),
    };
  }

  took(epochs: number, milliseconds: number): void {
    this.turns += 1;
    this.compute += milliseconds;
    this.#perEpoch.push(milliseconds / epochs);
    this.adapt(epochs, milliseconds);
  }

  tookReadback(milliseconds: number): void {
    this.#readback.push(milliseconds);
  }

  adapt(epochs: number, milliseconds: number): void {
    const fitting = Math.round((epochs * TURN_MS) / Math.max(milliseconds, 0.01));
    this.pace = Math.max(1, Math.min(fitting, 8 * this.pace));
  }
}

/** Runs the race to the end. A backend that cannot be had, or fails, leaves the others racing. */
export async function runRace(options: RaceOptions): Promise<RaceProgress> {
  const {
    problem,
    epochs,
    names,
    open,
    onProgress,
    atEnd,
    now = () => performance.now(),
  } = options;
  const entries: (Runner | Lane)[] = [];
  const drift = new Drift(names);
  let reportedAt = Number.NEGATIVE_INFINITY;
  const progress = (phase: RaceProgress['phase']): RaceProgress => ({
    phase,
    epochs,
    lanes: entries.map((entry) => (entry instanceof Runner ? entry.lane(drift) : entry)),
  });
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
        entries.push(new Runner(backend, now() - started));
      } catch (error) {
        entries.push({ name, obstacle: messageOf(error), epochs: 0, compute: 0, turns: 0 });
      }
    }
    for (const runner of runners()) await guarded(runner, () => warmUp(runner, problem, now));
    report('racing', true);
    const interval = Math.max(1, Math.ceil(epochs / MARKS));
    while (true) {
      const next = nextOf(runners(), epochs);
      if (next === undefined) break;
      await guarded(next, () => takeTurn(next, { epochs, interval, drift, now }));
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

/** Whoever has computed for the least time, and still has epochs to go. */
function nextOf(runners: readonly Runner[], epochs: number): Runner | undefined {
  return runners
    .filter((runner) => runner.epochs < epochs && runner.obstacle === undefined)
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
    await runner.backend.train(pace);
    runner.adapt(pace, now() - before);
  } while (now() - started < WARM_UP_MS);
  await runner.backend.load(initialState(problem));
}

interface Turn {
  readonly epochs: number;
  readonly interval: number;
  readonly drift: Drift;
  readonly now: () => number;
}

/** A few epochs, at most up to the next mark, where the parameters are read. */
async function takeTurn(runner: Runner, { epochs, interval, drift, now }: Turn): Promise<void> {
  const mark = Math.min(epochs, (Math.floor(runner.epochs / interval) + 1) * interval);
  const few = Math.min(runner.pace, mark - runner.epochs);
  const started = now();
  const metrics = await runner.backend.train(few);
  runner.took(few, now() - started);
  const wrong = metrics.findIndex(({ finite }) => !finite);
  if (wrong >= 0) {
    const epoch = runner.epochs + wrong + 1;
    runner.obstacle = `Diverged in epoch ${epoch}: a number was no longer finite.`;
    return;
  }
  runner.epochs += few;
  runner.last = metrics.at(-1);
  drift.metrics(runner.name, metrics);
  if (runner.epochs !== mark) return;
  const before = now();
  const parameters = await runner.backend.parameters();
  runner.tookReadback(now() - before);
  drift.parameters(runner.name, mark, parameters);
}
