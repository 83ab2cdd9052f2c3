/**
 * Drives a backend through a configuration: chunks of epochs, pause, step, early stopping, and an end
 * at the last finite epoch when training diverges. Chunks overlap, so their metrics come late; what
 * an epoch's metrics decide is then undone by going back to the chunk's checkpoint and training the
 * same epochs again, which gives the same bits.
 */
import {
  type Backend,
  CHECKPOINT_SLOTS,
  type CheckpointSlot,
  type EpochMetrics,
  type TrainingState,
} from './backend';
import type { Configuration } from './configuration/fields';
import { EarlyStopping } from './early-stopping';
import { InvalidInputError } from './errors';
import { History } from './history';
import { nextTask } from './next-task';

export type StopReason = 'finished' | 'paused' | 'early-stopping' | 'diverged';

export interface Outcome {
  readonly reason: StopReason;
  /** For people, where there is more to say than the reason. */
  readonly message?: string;
}

interface TrainerOptions {
  /** Metrics of new epochs, in order; `from` is the first one's index. */
  readonly onEpochs?: (from: number, epochs: readonly EpochMetrics[]) => void;
  /** Most epochs a chunk, for slow motion; by default as many as the time allows. */
  readonly mostEpochs?: number;
}

/** A run to save, and to go on with later as if it had not stopped. */
export interface SavedRun {
  readonly state: TrainingState;
  /** The epochs up to `state`. */
  readonly history: readonly EpochMetrics[];
  /** The best epoch so far, where early stopping may return to it. */
  readonly best?: TrainingState;
}

/** A chunk should take so long, in milliseconds: long enough to amortize a submit, short enough to answer. */
const CHUNK_MS = { least: 8, aim: 25, most: 50 };
/** Chunks under way at once: one computes while the metrics of the one before travel back. */
const CHUNKS_IN_FLIGHT = 2;

/** A copy of the state inside the backend, kept before epoch `from`. */
interface Checkpoint {
  readonly slot: CheckpointSlot;
  readonly from: number;
}

interface Chunk extends Checkpoint {
  readonly epochs: number;
  readonly metrics: Promise<readonly EpochMetrics[]>;
}

/** Trains a backend by a configuration, with history, early stopping and pauses. */
export class Trainer {
  readonly history = new History();
  readonly #backend: Backend;
  readonly #configuration: Configuration;
  readonly #options: TrainerOptions;
  #stopping: EarlyStopping | null;
  /** Where the best epoch's chunk began. */
  #best: Checkpoint | null = null;
  /** Where the epoch began that `stepBatch` has trained a part of. */
  #begun: Checkpoint | null = null;
  #outcome: Outcome | null = null;
  #paused = false;
  #running = false;
  #chunkEpochs = 1;

  constructor(backend: Backend, configuration: Configuration, options: TrainerOptions = {}) {
    this.#backend = backend;
    this.#configuration = configuration;
    this.#options = options;
    this.#stopping = configuration.patience > 0 ? new EarlyStopping(configuration) : null;
  }

  /** Epochs done. */
  get epoch(): number {
    return this.history.length;
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
    return this.#train(this.#configuration.epochs);
  }

  /**
   * Trains `epochs` epochs, at most to the configured end.
   *
   * @throws RangeError where the trainer is running already
   */
  step(epochs = 1): Promise<Outcome> {
    return this.#train(Math.min(this.epoch + epochs, this.#configuration.epochs));
  }

  /**
   * Trains one batch.
   *
   * @throws RangeError where the trainer is running already
   */
  async stepBatch(): Promise<Outcome> {
    if (this.epoch >= this.#configuration.epochs) return { reason: 'finished' };
    if (this.#outcome !== null) return this.#outcome;
    this.#enter();
    try {
      const checkpoint = await this.#keep([], this.epoch);
      this.#begun = checkpoint;
      const metrics = await this.#backend.trainBatches(1);
      return (await this.#accept(checkpoint, metrics)) ?? this.#standing();
    } finally {
      this.#running = false;
    }
  }

  /** Stops after the chunks under way; `run` goes on from there. */
  pause(): void {
    this.#paused = true;
  }

  /**
   * The run as it stands, between two calls of `run` or `step`. Where early stopping returned to an
   * earlier epoch, it is saved as it was then.
   */
  async save(): Promise<SavedRun> {
    this.#enter();
    try {
      const state = await this.#backend.state();
      const best = await this.#bestState(state);
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
      if (best !== undefined) {
        await this.#backend.load(best);
        await this.#backend.checkpoint(0);
        await this.#backend.load(state);
      }
    } finally {
      this.#running = false;
    }
    this.history.truncate(0);
    this.history.append(history);
    this.#outcome = null;
    this.#best = best === undefined ? null : { slot: 0, from: best.epoch };
    this.#begun = null;
    this.#stopping = this.#stopping === null ? null : new EarlyStopping(this.#configuration);
    history.forEach((metrics, epoch) => {
      const verdict = this.#stopping?.observe(epoch, metrics);
      if (verdict === 'stop') this.#end('early-stopping', `${this.#whyStopped()}.`);
    });
  }

  /** The state after the best epoch: `here`, or trained again from its chunk's checkpoint. */
  async #bestState(here: TrainingState): Promise<TrainingState | null> {
    if (this.#best === null || !this.#configuration.restoreBest) return null;
    const after = (this.#stopping?.bestEpoch ?? -1) + 1;
    if (here.epoch === after && here.batch === 0) return here;
    const slot = this.#freeSlot([]);
    await this.#backend.checkpoint(slot);
    await this.#goBack(this.#best, after - this.#best.from, []);
    const state = await this.#backend.state();
    await this.#backend.rollback(slot);
    return state;
  }

  #enter(): void {
    if (this.#running) throw new RangeError('this trainer is already running');
    this.#running = true;
    this.#paused = false;
  }

  async #train(target: number): Promise<Outcome> {
    if (this.#outcome !== null) return this.#outcome;
    this.#enter();
    const chunks: Chunk[] = [];
    try {
      let next = this.epoch;
      let last = performance.now();
      while (true) {
        while (!this.#paused && next < target && chunks.length < CHUNKS_IN_FLIGHT) {
          const epochs = Math.min(this.#chunkEpochs, target - next);
          chunks.push(await this.#issue(chunks, next, epochs));
          next += epochs;
        }
        const [chunk, ...later] = chunks;
        if (chunk === undefined) break;
        const outcome = await this.#accept(chunk, await chunk.metrics, later);
        if (outcome !== null) return outcome;
        chunks.shift();
        const now = performance.now();
        this.#adapt(chunk.epochs, now - last);
        last = now;
        await nextTask();
      }
      return this.#standing();
    } catch (error) {
      await this.#recover(chunks);
      throw error;
    } finally {
      this.#running = false;
    }
  }

  #standing(): Outcome {
    return { reason: this.epoch >= this.#configuration.epochs ? 'finished' : 'paused' };
  }

  async #issue(inFlight: readonly Chunk[], from: number, epochs: number): Promise<Chunk> {
    const checkpoint = await this.#keep(inFlight, from);
    const metrics = this.#backend.train(epochs);
    metrics.catch(() => {}); // awaited when its turn comes; until then nobody listens
    return { ...checkpoint, epochs, metrics };
  }

  /** Keeps the state before epoch `from`, unless that epoch is under way and its beginning is kept. */
  async #keep(inFlight: readonly Chunk[], from: number): Promise<Checkpoint> {
    if (this.#begun?.from === from) return this.#begun;
    const slot = this.#freeSlot(inFlight);
    await this.#backend.checkpoint(slot);
    return { slot, from };
  }

  #freeSlot(inFlight: readonly Chunk[]): CheckpointSlot {
    const taken = new Set(inFlight.map((chunk) => chunk.slot));
    if (this.#best !== null) taken.add(this.#best.slot);
    if (this.#begun?.from === this.epoch) taken.add(this.#begun.slot);
    return CHECKPOINT_SLOTS.find((candidate) => !taken.has(candidate)) ?? 0;
  }

  /** After an error: back to where the history ends, so that the run can go on if the backend can. */
  async #recover(chunks: readonly Chunk[]): Promise<void> {
    await Promise.allSettled(chunks.map((chunk) => chunk.metrics));
    const undone = chunks.find(({ from }) => from >= this.epoch);
    if (undone !== undefined) await this.#backend.rollback(undone.slot).catch(() => {});
  }

  /** Takes a chunk's metrics into the history; returns the outcome if they end the run. */
  async #accept(
    chunk: Checkpoint,
    metrics: readonly EpochMetrics[],
    later: readonly Chunk[] = [],
  ): Promise<Outcome | null> {
    for (let i = 0; i < metrics.length; i++) {
      const epoch = chunk.from + i;
      if (!metrics[i].finite) {
        await this.#goBack(chunk, i, later);
        this.#append(chunk.from, metrics.slice(0, i));
        return this.#end('diverged', divergence(epoch));
      }
      const verdict = this.#stopping?.observe(epoch, metrics[i]);
      if (verdict === 'improved') this.#best = { slot: chunk.slot, from: chunk.from };
      if (verdict === 'stop') {
        this.#append(chunk.from, metrics.slice(0, i + 1));
        return this.#stopEarly(chunk, i + 1, later);
      }
    }
    this.#append(chunk.from, metrics);
    return null;
  }

  async #stopEarly(chunk: Checkpoint, epochs: number, later: readonly Chunk[]): Promise<Outcome> {
    const best = this.#stopping?.bestEpoch ?? -1;
    const because = this.#whyStopped();
    if (this.#configuration.restoreBest && this.#best !== null) {
      await this.#goBack(this.#best, best + 1 - this.#best.from, later);
      return this.#end('early-stopping', `${because}, whose parameters were restored.`);
    }
    await this.#goBack(chunk, epochs, later);
    return this.#end('early-stopping', `${because}.`);
  }

  #whyStopped(): string {
    const { patience, monitor } = this.#configuration;
    const best = (this.#stopping?.bestEpoch ?? -1) + 1;
    return `${monitor} has not improved for ${patience} epochs; its best was epoch ${best}`;
  }

  /** Returns the backend to `epochs` epochs after a checkpoint. */
  async #goBack(checkpoint: Checkpoint, epochs: number, later: readonly Chunk[]): Promise<void> {
    await Promise.all(later.map((chunk) => chunk.metrics));
    await this.#backend.rollback(checkpoint.slot);
    if (epochs > 0) await this.#backend.train(epochs);
  }

  #append(from: number, metrics: readonly EpochMetrics[]): void {
    if (metrics.length === 0) return;
    this.history.append(metrics);
    this.#options.onEpochs?.(from, metrics);
  }

  #end(reason: StopReason, message: string): Outcome {
    this.#outcome = { reason, message };
    return this.#outcome;
  }

  #adapt(epochs: number, elapsedMs: number): void {
    const { least, aim, most } = CHUNK_MS;
    if (elapsedMs < least) this.#chunkEpochs = Math.max(this.#chunkEpochs, epochs * 2);
    else if (elapsedMs > most) {
      this.#chunkEpochs = Math.max(1, Math.floor((epochs * aim) / elapsedMs));
    }
    const slowest = this.#options.mostEpochs ?? Number.POSITIVE_INFINITY;
    this.#chunkEpochs = Math.min(this.#chunkEpochs, slowest);
  }
}

function divergence(epoch: number): string {
  return (
    `Training diverged in epoch ${epoch + 1}: a loss, gradient or parameter was no longer finite. ` +
    `The parameters of epoch ${epoch} are kept; a smaller learning rate may help.`
  );
}
