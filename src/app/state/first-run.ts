/**
 * The first run of a visitor is slowed down so that it can be watched, and the browser remembers that there
 * was one; so is another one, where somebody asks for that. Whoever chooses a speed has it at once.
 */
import { type Signal, signal } from '@preact/signals';
import { recall, remember } from './memory';
import type { Run } from './run';

/** How long the first run takes, about. */
const WATCH_SECONDS = 8;
/** Where the test loss moves by so much an epoch there is something to watch. */
const MOVING = 1e-4;
/** Epochs that its movement is measured over. */
const MOVING_EPOCHS = 10;
/** So many times slower than on an average where there is something to watch, and faster where there is not. */
const EMPHASIS = 3;
/** A pace that differs by less is the same. */
const SAME_SHARE = 0.2;
const MEMORY = 'shaderprop.watched';

/**
 * Where the first run stands: to come; under way or paused; over; then the one after it, at full speed,
 * under way and over; and of no more interest.
 */
type FirstRunState = 'due' | 'under-way' | 'over' | 'full-speed' | 'compared' | 'past';

export class FirstRun {
  readonly state: Signal<FirstRunState>;
  /** Epochs a second that it is slowed to; undefined where it is not. */
  readonly pace = signal<number | undefined>(undefined);
  /** False where there never was a first run to watch. */
  readonly isWatched: boolean;
  #endsAt = 0;

  /** @param mayBe - false where a run was asked for by a link, or the page is part of another one */
  constructor(mayBe = false) {
    this.isWatched = mayBe && recall(MEMORY) === null;
    this.state = signal(this.isWatched ? 'due' : 'past');
  }

  /** The next run is slowed down like a first one. */
  again(): void {
    this.state.value = 'due';
  }

  /**
   * A run begins or goes on to its end at the speed of the machine, unless it is the first.
   *
   * @param now - in milliseconds
   * @returns its pace
   */
  begins(run: Run, now: number): number | undefined {
    switch (this.state.value) {
      case 'due':
      case 'under-way': {
        remember(MEMORY, 'yes');
        this.state.value = 'under-way';
        const { epochs } = run.configuration;
        this.#endsAt = now + (1000 * WATCH_SECONDS * (epochs - run.history.length)) / epochs;
        this.pace.value = this.#averageAt(run, now);
        return this.pace.value;
      }
      case 'over':
        this.state.value = 'full-speed';
        return undefined;
      case 'compared':
        this.leave();
        return undefined;
      default:
        return undefined;
    }
  }

  /**
   * The run has come further: it is slow where its loss moves, keeps to its time on the whole, and what is
   * left then comes at full speed.
   *
   * @returns true where it has another pace from now on
   */
  goesOn(run: Run, now: number): boolean {
    if (this.state.value !== 'under-way') return false;
    const average = this.#averageAt(run, now);
    const before = this.pace.value;
    const pace = average && (isMoving(run) ? average / EMPHASIS : average * EMPHASIS);
    if (pace === before) return false;
    if (pace !== undefined && before !== undefined) {
      if (Math.abs(pace / before - 1) < SAME_SHARE) return false;
    }
    this.pace.value = pace;
    return true;
  }

  /** A run is over. */
  ends(): void {
    this.pace.value = undefined;
    if (this.state.value === 'under-way') this.state.value = 'over';
    else if (this.state.value === 'full-speed') this.state.value = 'compared';
  }

  /** The speed is chosen. */
  leave(): void {
    this.state.value = 'past';
    this.pace.value = undefined;
  }

  /** Epochs a second that bring the run to its end in time; undefined where the time is over. */
  #averageAt({ configuration, history }: Run, now: number): number | undefined {
    const seconds = (this.#endsAt - now) / 1000;
    return seconds > 0 ? (configuration.epochs - history.length) / seconds : undefined;
  }
}

/** Whether the test loss of the last epochs moves. */
function isMoving({ history }: Run): boolean {
  const { valLoss } = history.columns;
  const last = history.length - 1;
  const first = Math.max(0, last - MOVING_EPOCHS);
  return Math.abs(valLoss[last] - valLoss[first]) > MOVING * (last - first);
}
