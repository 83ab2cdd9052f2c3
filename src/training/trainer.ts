/**
 * Drives a backend through a configuration: chunks of steps, pause, step, early stopping, and an end
 * at the last finite epoch when training diverges. Chunks overlap, so their metrics come late; what
 * an epoch's metrics decide is then undone by going back to a checkpoint and training from there
 * again, which gives the same bits.
 */
import type { Backend, EpochMetrics, TrainingState, Underway } from './backend';
import { Checkpoints, type Position } from './checkpoints';
import { settingsAt } from './configuration/changes';
import type { Configuration } from './configuration/fields';
import { EarlyStopping } from './early-stopping';
import { InvalidInputError } from './errors';
import { History } from './history';
import { METRICS } from './metrics';
import { nextTask } from './next-task';

export type StopReason = 'finished' | 'paused' | 'early-stopping' | 'diverged';

export interface Outcome {
  readonly reason: StopReason;
  /** For people, where there is more to say than the reason. */
  readonly message?: string;
  /** The epoch, counted from 1, whose parameters were restored, where the history goes on behind it. */
  readonly restoredEpoch?: number;
}

interface TrainerOptions {
  /** Metrics of new epochs, in order; `from` is the first one's index. */
  readonly onEpochs?: (from: number, epochs: readonly EpochMetrics[]) => void;
  /** After each chunk, where it ended within an epoch or not; after `onEpochs`. */
  readonly onProgress?: () => void;
  /** Most steps a chunk; by default as many as the backend finds fit. */
  readonly mostSteps?: number;
  /** Keeps the run outside the backend while it trains. */
  readonly keeping?: Keeping;
}

/** How a run is kept while it trains: training waits for the copy of its state, and for nothing else. */
export interface Keeping {
  /** Asked whenever a chunk is sent: true has the state at its end copied. */
  readonly isDue: () => boolean;
  /** The run as it stood at the end of a chunk, once its metrics are in the history, which may go on beyond. */
  readonly keep: (saved: Omit<SavedRun, 'history'>) => void;
}

/** A run to save, and to go on with later as if it had not stopped. */
export interface SavedRun {
  readonly state: TrainingState;
  /** The epochs up to `state`. */
  readonly history: readonly EpochMetrics[];
  /** An earlier one, from which the best epoch and the beginning of the epoch under way can be had again. */
  readonly best?: TrainingState;
}

/** Chunks under way at once: one computes while the metrics of the one before travel back. */
const CHUNKS_IN_FLIGHT = 2;

/** Whole epochs, or a part of one: an epoch longer than a chunk ends with one, so that its end can be kept. */
interface Chunk {
  readonly steps: number;
  readonly metrics: Promise<readonly EpochMetrics[]>;
  /** The state at its end, where it is to be kept. */
  readonly state: Promise<TrainingState> | undefined;
}

/** Trains a backend by a configuration, with history, early stopping and pauses. */
export class Trainer {
  readonly history = new History();
  readonly #backend: Backend;
  readonly #configuration: Configuration;
  readonly #options: TrainerOptions;
  readonly #checkpoints: Checkpoints;
  #stopping: EarlyStopping | null;
  /** Batches done of the epoch under way. */
  #batch = 0;
  /** Where the backend will stand after the chunks under way. */
  #next: Position = { epoch: 0, batch: 0 };
  #outcome: Outcome | null = null;
  /** Handed out last, and the last one that is early enough to go back from it wherever that may be needed. */
  #offered: TrainingState | undefined;
  #anchor: TrainingState | undefined;
  #paused = false;
  #running = false;

  constructor(backend: Backend, configuration: Configuration, options: TrainerOptions = {}) {
    this.#backend = backend;
    this.#configuration = configuration;
    this.#options = options;
    this.#checkpoints = new Checkpoints(backend);
    this.#stopping = configuration.patience > 0 ? new EarlyStopping(configuration) : null;
  }

  /** Epochs done. */
  get epoch(): number {
    return this.history.length;
  }

  /** What is known of the epoch under way; null between two epochs. */
  get underway(): Underway | null {
    return this.#batch === 0 ? null : this.#backend.underway;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /**
   * Trains until the last epoch, early stopping, divergence or `pause`.
   *
   * @throws RangeError where the trainer is running already
   */
  run(): Promise<Outcome> {
    return this.#drive(this.#configuration.epochs);
  }

  /**
   * Trains `epochs` epochs, at most to the configured end.
   *
   * @throws RangeError where the trainer is running already
   */
  step(epochs = 1): Promise<Outcome> {
    return this.#drive(Math.min(this.epoch + epochs, this.#configuration.epochs));
  }

  /**
   * Trains one batch.
   *
   * @throws RangeError where the trainer is running already
   */
  async stepBatch(): Promise<Outcome> {
    if (this.epoch >= this.#configuration.epochs) return this.#outcome ?? { reason: 'finished' };
    return this.#drive(this.epoch + 1, 1);
  }

  /** Stops after the chunks under way; `run` goes on from there. */
  pause(): void {
    this.#paused = true;
  }

  /** Has the run kept as it stands, between two calls of `run` or `step`; not where it is over. */
  async keep(): Promise<void> {
    if (this.#outcome === null) this.#offer(await this.#backend.state());
  }

  /**
   * The run as it stands, between two calls of `run` or `step`. Where early stopping returned to an
   * earlier epoch, it is saved as it was then.
   */
  async save(): Promise<SavedRun> {
    this.#enter();
    try {
      const state = await this.#backend.state();
      const best = await this.#earlierState(state);
      const history = this.history.slice(0, state.epoch);
      return best === null ? { state, history } : { state, history, best };
    } finally {
      this.#running = false;
    }
  }

  /**
   * Goes on with a saved run.
   *
   * @throws InvalidInputError where the state does not fit the network or its own history
   */
  async restore({ state, history, best }: SavedRun): Promise<void> {
    if (history.length !== state.epoch) {
      throw new InvalidInputError('history', history.length, `${state.epoch} epochs, as the state`);
    }
    this.#enter();
    try {
      await this.#backend.load(state);
      this.#checkpoints.forget();
      if (best !== undefined) {
        await this.#backend.load(best);
        await this.#checkpoints.keep(best, [best.epoch]);
        await this.#backend.load(state);
      }
    } finally {
      this.#running = false;
    }
    this.history.truncate(0);
    this.history.append(history);
    this.#outcome = null;
    this.#anchor = best ?? state;
    this.#offered = state;
    this.#batch = state.batch;
    this.#stopping = this.#stopping === null ? null : new EarlyStopping(this.#configuration);
    history.forEach((metrics, epoch) => {
      const verdict = this.#stopping?.observe(epoch, metrics);
      if (verdict === 'stop') this.#end('early-stopping', `${this.#whyStopped()}.`);
    });
  }

  /** The state that going back from `here` may lead to, trained again from the nearest checkpoint; null where it is `here`. */
  async #earlierState(here: TrainingState): Promise<TrainingState | null> {
    const needed = this.#neededBy(here);
    if (isBy(here, needed)) return null;
    await this.#keep(here);
    await this.#checkpoints.goTo(needed);
    const state = await this.#backend.state();
    await this.#checkpoints.goBackTo(here);
    return state;
  }

  /** The best epoch so far, from 1; 0 where there is none. */
  get #afterBest(): number {
    return (this.#stopping?.bestEpoch ?? -1) + 1;
  }

  #enter(): void {
    if (this.#running) throw new RangeError('this trainer is already running');
    this.#running = true;
    this.#paused = false;
  }

  /** Trains to the beginning of epoch `target`, or so many steps. */
  async #drive(target: number, steps = Number.POSITIVE_INFINITY): Promise<Outcome> {
    if (this.#outcome !== null) return this.#outcome;
    this.#enter();
    const chunks: Chunk[] = [];
    try {
      this.#next = { epoch: this.epoch, batch: this.#batch };
      if (this.epoch === 0 && this.#batch === 0 && this.#options.keeping !== undefined) {
        this.#anchor = await this.#backend.state();
      }
      let left = steps;
      while (true) {
        while (
          !this.#paused &&
          this.#next.epoch < target &&
          left > 0 &&
          chunks.length < CHUNKS_IN_FLIGHT
        ) {
          const chunk = await this.#issue(this.#next, target, left);
          chunks.push(chunk);
          this.#next = this.#after(this.#next, chunk.steps);
          left -= chunk.steps;
        }
        const chunk = chunks.shift();
        if (chunk === undefined) break;
        const metrics = await chunk.metrics;
        const outcome = await this.#accept(metrics, chunks);
        if (outcome !== null) return outcome;
        this.#batch = this.#after({ epoch: 0, batch: this.#batch }, chunk.steps).batch;
        this.#append(metrics);
        if (chunk.state !== undefined) this.#offer(await chunk.state);
        this.#options.onProgress?.();
        await nextTask();
      }
      if (this.epoch < this.#configuration.epochs) return { reason: 'paused' };
      return await this.#finish();
    } catch (error) {
      await this.#recover(chunks);
      throw error;
    } finally {
      this.#running = false;
    }
  }

  #after({ epoch, batch }: Position, steps: number): Position {
    const { batchesPerEpoch } = this.#backend;
    const done = batch + steps;
    return { epoch: epoch + Math.floor(done / batchesPerEpoch), batch: done % batchesPerEpoch };
  }

  /** Sends a chunk from `from` on, of `most` steps at most. */
  async #issue(from: Position, target: number, most: number): Promise<Chunk> {
    if (from.batch === 0 || this.#checkpoints.isEmpty) await this.#keep(from);
    const { batchesPerEpoch } = this.#backend;
    const fitting = Math.min(
      this.#backend.chunkSteps(from.batch),
      this.#options.mostSteps ?? most,
      most,
    );
    const rest = batchesPerEpoch - from.batch;
    const epochs = Math.min(Math.floor(fitting / batchesPerEpoch), target - from.epoch);
    const whole = from.batch > 0 ? rest : epochs * batchesPerEpoch;
    const steps = fitting < rest ? fitting : whole;
    const metrics = this.#backend.trainBatches(steps);
    const state = this.#options.keeping?.isDue() ? this.#backend.state() : undefined;
    // Both are awaited when their turn comes; until then nobody listens.
    metrics.catch(() => {});
    state?.catch(() => {});
    return { steps, metrics, state };
  }

  /** Hands the run out as it stands at the end of a chunk whose epochs have all joined the history. */
  #offer(state: TrainingState): void {
    // What diverges within an epoch is found at its end; a state on the way there is none to go on from.
    const arrays = [state.parameters, ...state.optimizer];
    if (!arrays.every((array) => array.every(Number.isFinite))) return;
    const needed = this.#neededBy(state);
    this.#anchor =
      [state, this.#offered].find((each) => each && isBy(each, needed)) ?? this.#anchor;
    this.#offered = state;
    const best = this.#anchor === undefined || this.#anchor === state ? {} : { best: this.#anchor };
    this.#options.keeping?.keep({ state, ...best });
  }

  /** The epoch, counted from 1, whose end a run in this state may have to go back to. */
  #neededBy({ epoch }: Position): number {
    const after = this.#afterBest;
    return this.#mayReturn && after > 0 ? Math.min(after, epoch) : epoch;
  }

  /** After the last epoch: back to the best one, where that is wanted, as after stopping early. */
  async #finish(): Promise<Outcome> {
    if (!this.#mayReturn || this.#afterBest === this.epoch) return { reason: 'finished' };
    await this.#goTo(this.#afterBest, []);
    const best = `The ${this.#monitored} was best after epoch ${this.#afterBest}`;
    return this.#end('finished', `${best}, whose parameters were restored.`, this.#afterBest);
  }

  /** Whether the best epoch's parameters may come back. */
  get #mayReturn(): boolean {
    return this.#stopping !== null && this.#configuration.restoreBest;
  }

  #keep(position: Position): Promise<void> {
    const needed = this.#mayReturn ? [this.epoch, this.#afterBest] : [this.epoch];
    return this.#checkpoints.keep(position, needed);
  }

  /** After an error: back to where the history ends, so that the run can go on if the backend can. */
  async #recover(chunks: readonly Chunk[]): Promise<void> {
    await Promise.allSettled(chunks.map((chunk) => chunk.metrics));
    if (this.#checkpoints.isEmpty) return;
    this.#checkpoints.forget(this.epoch);
    await this.#checkpoints
      .goTo(this.epoch)
      .then(({ batch }) => {
        this.#batch = batch;
      })
      .catch(() => {});
  }

  /** Looks at a chunk's metrics before they join the history; returns the outcome if they end the run. */
  async #accept(
    metrics: readonly EpochMetrics[],
    later: readonly Chunk[],
  ): Promise<Outcome | null> {
    for (let i = 0; i < metrics.length; i++) {
      const epoch = this.epoch + i;
      if (!metrics[i].finite) {
        await this.#goTo(epoch, later);
        this.#append(metrics.slice(0, i));
        return this.#end('diverged', divergence(settingsAt(this.#configuration, epoch), epoch));
      }
      if (this.#stopping?.observe(epoch, metrics[i]) === 'stop') {
        const isBest = this.#configuration.restoreBest;
        await this.#goTo(isBest ? this.#afterBest : epoch + 1, later);
        this.#append(metrics.slice(0, i + 1));
        const restored = isBest ? ', whose parameters were restored' : '';
        const why = `${this.#whyStopped()}${restored}.`;
        return this.#end('early-stopping', why, isBest ? this.#afterBest : undefined);
      }
    }
    return null;
  }

  #whyStopped(): string {
    const { patience } = this.#configuration;
    const long = patience === 1 ? 'an epoch' : `${patience} epochs`;
    return `The ${this.#monitored} has not improved for ${long}; it was best after epoch ${this.#afterBest}`;
  }

  /** What early stopping watches, in words: `test loss`. */
  get #monitored(): string {
    const { monitor } = this.#configuration;
    return METRICS.find(({ name }) => name === monitor)?.title.toLowerCase() ?? monitor;
  }

  /** Brings the backend to the beginning of an epoch, once the chunks under way are over. */
  async #goTo(epoch: number, later: readonly Chunk[]): Promise<void> {
    await Promise.all(later.map((chunk) => chunk.metrics));
    const isThere = this.#next.epoch === epoch && this.#next.batch === 0;
    this.#batch = isThere ? 0 : (await this.#checkpoints.goTo(epoch)).batch;
  }

  #append(metrics: readonly EpochMetrics[]): void {
    if (metrics.length === 0) return;
    const from = this.epoch;
    this.history.append(metrics);
    this.#options.onEpochs?.(from, metrics);
  }

  #end(reason: StopReason, message: string, restoredEpoch?: number): Outcome {
    this.#outcome = { reason, message, ...(restoredEpoch !== undefined && { restoredEpoch }) };
    return this.#outcome;
  }
}

/** Whether a state stands at or before the end of epoch `epochs`, counted from 1. */
function isBy({ epoch, batch }: Position, epochs: number): boolean {
  return epoch < epochs || (epoch === epochs && batch === 0);
}

/** What diverged, and the likely cause with its remedy. */
function divergence(
  { learningRate, weightDecay, optimizer }: Configuration,
  epoch: number,
): string {
  const decay = learningRate * weightDecay;
  const remedy =
    decay > 2 && optimizer !== 'adam' && optimizer !== 'rmsprop'
      ? `The learning rate times the weight decay is ${Number(decay.toPrecision(3))}: above 2 every step makes the weights larger, so keep the product below 2.`
      : `A learning rate below ${learningRate} may help.`;
  return (
    `Training diverged in epoch ${epoch + 1}: a loss, gradient or parameter was no longer finite. ` +
    `The parameters of epoch ${epoch} are kept. ${remedy}`
  );
}
