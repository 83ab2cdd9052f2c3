/**
 * A backend for a problem whose settings change on the way: one backend after the other, each for the
 * epochs between two changes, and the state goes from one to the next. So a kernel is what it would be
 * in a run of these settings alone, and whoever trains sees one backend.
 */
import type {
  Backend,
  BackendInfo,
  CheckpointSlot,
  EpochMetrics,
  PlanDescription,
  Problem,
  TrainingState,
  Underway,
} from './backend';
import type { Position } from './checkpoints';
import { carriedOver, problemAt, stretchAt } from './course';
import { BackendUnavailableError } from './errors';
import { checkState } from './state';

/** Opens a backend for some of the epochs; `before` is the one that had those before them. */
type OpenPart = (part: Problem, before?: BackendInfo) => Promise<Backend>;

export class ChangingBackend implements Backend {
  readonly #problem: Problem;
  readonly #open: OpenPart;
  #part: Backend;
  /** Where the run stands after all that was asked for so far. */
  #position: Position;
  /** First epoch of the stretch that the part has by then. */
  #from: number;
  /** The change to another part, while it lasts: what is asked meanwhile waits for it. */
  #change: Promise<void> | undefined;
  /** Where each state was kept. */
  readonly #kept = new Map<CheckpointSlot, Position>();
  /** The states that the part keeps, and those of parts that are gone. */
  readonly #inside = new Set<CheckpointSlot>();
  readonly #outside = new Map<CheckpointSlot, TrainingState>();
  #isDisposed = false;

  private constructor(problem: Problem, open: OpenPart, part: Backend, epoch: number) {
    this.#problem = problem;
    this.#open = open;
    this.#part = part;
    this.#position = { epoch, batch: 0 };
    this.#from = stretchAt(problem, epoch)[0];
  }

  /**
   * @param epoch - that of the state which is loaded next, where one is: the first part is the one for it
   * @throws whatever `open` does
   */
  static async open(problem: Problem, open: OpenPart, epoch = 0): Promise<ChangingBackend> {
    const part = await open(problemAt(problem, epoch));
    return new ChangingBackend(problem, open, part, epoch);
  }

  /** The backend that has the epochs under way. */
  get part(): Backend {
    return this.#part;
  }

  get info(): BackendInfo {
    return this.#part.info;
  }

  get batchesPerEpoch(): number {
    return this.#part.batchesPerEpoch;
  }

  get underway(): Underway | null {
    return this.#part.underway;
  }

  describe(): PlanDescription | null {
    return this.#part.describe();
  }

  /** Not beyond the next change. */
  chunkSteps(batch: number): number {
    return Math.min(this.#part.chunkSteps(batch), this.#stepsToChange());
  }

  train(epochs: number): Promise<readonly EpochMetrics[]> {
    return this.trainBatches(epochs * this.batchesPerEpoch - this.#position.batch);
  }

  /** A change is made before the first step behind it, so that what ends there opens nothing more. */
  async trainBatches(batches: number): Promise<readonly EpochMetrics[]> {
    const metrics: Promise<readonly EpochMetrics[]>[] = [];
    for (let left = batches; left > 0; ) {
      this.#enter(this.#position, (here) => here);
      const some = Math.min(left, this.#stepsToChange());
      metrics.push(this.#ask((part) => part.trainBatches(some)));
      const { epoch, batch } = this.#position;
      const done = epoch * this.batchesPerEpoch + batch + some;
      this.#position = {
        epoch: Math.floor(done / this.batchesPerEpoch),
        batch: done % this.batchesPerEpoch,
      };
      left -= some;
    }
    return (await Promise.all(metrics)).flat();
  }

  parameters(): Promise<Float64Array> {
    return this.#ask((part) => part.parameters());
  }

  /** At a change: as the epochs before it left it, until a step behind it was taken. */
  state(): Promise<TrainingState> {
    return this.#ask((part) => part.state());
  }

  async load(state: TrainingState): Promise<void> {
    const carried = carriedOver(state, this.#problem);
    checkState(carried, this.#problem, this.info.precision);
    this.#enter(carried, () => carried);
    this.#position = carried;
    await this.#ask((part) => part.load(carried));
  }

  checkpoint(slot: CheckpointSlot): Promise<void> {
    this.#kept.set(slot, this.#position);
    return this.#ask((part) => {
      this.#outside.delete(slot);
      this.#inside.add(slot);
      return part.checkpoint(slot);
    });
  }

  /** @throws RangeError where nothing was kept in the slot */
  async rollback(slot: CheckpointSlot): Promise<void> {
    const kept = this.#kept.get(slot);
    if (kept === undefined) throw new RangeError(`nothing was kept in slot ${slot}`);
    this.#enter(kept, (here) => this.#outside.get(slot) ?? here);
    this.#position = kept;
    await this.#ask((part) => {
      const state = this.#outside.get(slot);
      if (state === undefined) return part.rollback(slot);
      return part.load(carriedOver(state, this.#problem));
    });
  }

  predict(features: Float64Array, count: number): Promise<Float64Array> {
    return this.#ask((part) => part.predict(features, count));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#part.dispose();
  }

  #stepsToChange(): number {
    const { epoch, batch } = this.#position;
    const [, to] = stretchAt(this.#problem, epoch);
    return (to - epoch) * this.batchesPerEpoch - batch;
  }

  /** Asks the part that has the epochs by then; in the order of the calls. */
  async #ask<T>(use: (part: Backend) => Promise<T>): Promise<T> {
    if (this.#change !== undefined) await this.#change;
    return use(this.#part);
  }

  /**
   * Has another part take over, where `epoch` is in another stretch than the part's.
   *
   * @param stateOf - what it begins with, by the state that the part leaves
   */
  #enter({ epoch }: Pick<Position, 'epoch'>, stateOf: (here: TrainingState) => TrainingState) {
    const [from] = stretchAt(this.#problem, epoch);
    const before = this.#from;
    if (from === before) return;
    this.#from = from;
    const earlier = this.#change ?? Promise.resolve();
    const change = earlier.then(() => this.#takeOver(epoch, stateOf));
    this.#change = change;
    const over = () => {
      if (this.#change === change) this.#change = undefined;
    };
    change.then(over, () => {
      this.#from = before;
      over();
    });
  }

  /** Nothing has changed where the next part cannot be opened, or this one gives its state no more. */
  async #takeOver(epoch: number, stateOf: (here: TrainingState) => TrainingState): Promise<void> {
    const last = this.#part;
    const next = await this.#open(problemAt(this.#problem, epoch), last.info);
    try {
      const here = await last.state();
      // What the last one keeps inside goes with it.
      for (const slot of this.#inside) {
        await last.rollback(slot);
        this.#outside.set(slot, await last.state());
      }
      await next.load(carriedOver(stateOf(here), this.#problem));
      if (this.#isDisposed) throw new BackendUnavailableError('unsupported', 'It was disposed of.');
    } catch (error) {
      next.dispose();
      throw error;
    }
    this.#inside.clear();
    last.dispose();
    this.#part = next;
  }
}
