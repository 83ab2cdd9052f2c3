/** Which states a backend has kept, and the way back to the beginning of an epoch from the nearest of them. */
import { type Backend, CHECKPOINT_SLOTS, type CheckpointSlot } from './backend';
import { nextTask } from './next-task';

/** A place in a run: epochs done, and batches of the next one. */
export interface Position {
  readonly epoch: number;
  readonly batch: number;
}

/**
 * Training is deterministic, so a state once kept stays that of its position, however often training
 * has gone back meanwhile.
 */
export class Checkpoints {
  readonly #backend: Backend;
  readonly #kept = new Map<CheckpointSlot, Position>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /**
   * Keeps the backend's state, which stands at `position`.
   *
   * @param needed - epochs whose beginnings must stay within reach: the first one that is not decided on,
   * and the one after the best where the run may return to it. They take a slot each at most, so that one
   * is always free; the third slot is used only where two are needed.
   * @throws BackendUnavailableError where the device has no room for another checkpoint
   */
  async keep(position: Position, needed: readonly number[]): Promise<void> {
    if ([...this.#kept.values()].some((kept) => compare(kept, position) === 0)) return;
    const taken = new Set(needed.map((epoch) => this.#nearest(epoch)?.slot));
    const slot = CHECKPOINT_SLOTS.filter((candidate) => !taken.has(candidate))[0];
    this.#kept.delete(slot);
    await this.#backend.checkpoint(slot);
    this.#kept.set(slot, position);
  }

  /**
   * Brings the backend to the beginning of an epoch, by training again what lies between; where
   * nothing so early was kept, to the earliest position that was. Nothing may be under way.
   */
  async goTo(epoch: number): Promise<Position> {
    const kept = this.#nearest(epoch);
    if (kept === undefined) throw new RangeError('no state was kept');
    await this.#backend.rollback(kept.slot);
    if (kept.position.epoch >= epoch) return kept.position;
    let steps = (epoch - kept.position.epoch) * this.#backend.batchesPerEpoch - kept.position.batch;
    for (let { batch } = kept.position; steps > 0; ) {
      const some = Math.min(steps, this.#backend.chunkSteps(batch));
      await this.#backend.trainBatches(some);
      steps -= some;
      batch = (batch + some) % this.#backend.batchesPerEpoch;
      await nextTask();
    }
    return { epoch, batch: 0 };
  }

  /** Brings the backend back to a position that was kept last. */
  async goBackTo(position: Position): Promise<void> {
    for (const [slot, kept] of this.#kept) {
      if (compare(kept, position) === 0) return this.#backend.rollback(slot);
    }
    throw new RangeError(`nothing was kept at epoch ${position.epoch}, batch ${position.batch}`);
  }

  /** Forgets what was kept after the beginning of an epoch, where it may be wrong; all without one. */
  forget(epoch = Number.NEGATIVE_INFINITY): void {
    const last = this.#nearest(epoch)?.position;
    for (const [slot, position] of this.#kept) {
      if (epoch < 0 || last === undefined || compare(position, last) > 0) this.#kept.delete(slot);
    }
  }

  /** The last state at or before the beginning of an epoch, else the first one after it. */
  #nearest(epoch: number): { slot: CheckpointSlot; position: Position } | undefined {
    const start = { epoch, batch: 0 };
    const all = [...this.#kept]
      .map(([slot, position]) => ({ slot, position }))
      .sort((a, b) => compare(a.position, b.position));
    return all.findLast(({ position }) => compare(position, start) <= 0) ?? all[0];
  }
}

/** Negative where `a` comes before `b`. */
function compare(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.batch - b.batch;
}
