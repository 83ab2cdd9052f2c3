/**
 * The first run of a visitor is slowed down so that it can be watched, and the browser remembers that there
 * was one. Whoever chooses a speed has it at once.
 */
import { type Signal, signal } from '@preact/signals';
import { recall, remember } from './memory';
import type { Run } from './run';

/** How long the first run takes, about. */
const WATCH_SECONDS = 8;
/** The pace follows the time that is left this often: steps take time of their own. */
const ADJUST_MILLISECONDS = 500;
const MEMORY = 'shaderprop.watched';

/** Where the first run stands: to come, under way or paused, over, or of no more interest. */
type FirstRunState = 'due' | 'under-way' | 'over' | 'past';

export class FirstRun {
  readonly state: Signal<FirstRunState>;
  /** Epochs a second that it is slowed to; undefined where it is not. */
  readonly pace = signal<number | undefined>(undefined);
  /** False where there never was a first run to watch. */
  readonly isWatched: boolean;
  #endsAt = 0;
  #adjustedAt = 0;

  /** @param mayBe - false where a run was asked for by a link, or the page is part of another one */
  constructor(mayBe = false) {
    this.isWatched = mayBe && recall(MEMORY) === null;
    this.state = signal(this.isWatched ? 'due' : 'past');
  }

  /**
   * A run begins or goes on to its end at the speed of the machine, unless it is the first.
   *
   * @param now - in milliseconds
   * @returns its pace
   */
  begins(run: Run, now: number): number | undefined {
    if (this.state.value === 'over') this.leave();
    if (this.state.value === 'past') return undefined;
    remember(MEMORY, 'yes');
    this.state.value = 'under-way';
    const { epochs } = run.configuration;
    this.#endsAt = now + (1000 * WATCH_SECONDS * (epochs - run.history.length)) / epochs;
    return this.#paceAt(run, now);
  }

  /**
   * The run has come further: it keeps to its time, and what is left then comes at full speed.
   *
   * @returns true where it has another pace from now on
   */
  goesOn(run: Run, now: number): boolean {
    if (this.state.value !== 'under-way' || now - this.#adjustedAt < ADJUST_MILLISECONDS)
      return false;
    const before = this.pace.value;
    return this.#paceAt(run, now) !== before;
  }

  /** A run is over. */
  ends(): void {
    if (this.state.value !== 'under-way') return;
    this.state.value = 'over';
    this.pace.value = undefined;
  }

  /** The speed is chosen. */
  leave(): void {
    this.state.value = 'past';
    this.pace.value = undefined;
  }

  #paceAt({ configuration, history }: Run, now: number): number | undefined {
    this.#adjustedAt = now;
    const seconds = (this.#endsAt - now) / 1000;
    this.pace.value = seconds > 0 ? (configuration.epochs - history.length) / seconds : undefined;
    return this.pace.value;
  }
}
