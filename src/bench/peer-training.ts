/** What the peers' trainings have in common: batch after batch, with a loss read only where it is asked for. */
import type { Training } from '../comparison/contender';
import type { Problem } from '../training/backend';
import { type Step, StepSequence } from '../training/steps';

/** @typeParam Loss - a step's loss, still on its device: the mean over its rows, before the update */
export abstract class PeerTraining<Loss extends { dispose(): void }> implements Training {
  readonly #steps: StepSequence;
  readonly #samples: number;
  #epoch = 0;
  #batch = 0;
  /** Of the epoch under way. */
  #order: Uint32Array | null = null;

  constructor({ hyperparameters, train }: Problem) {
    this.#steps = new StepSequence(hyperparameters, train.count);
    this.#samples = train.count;
  }

  /** @param rows - of the training set, in their order; null for all of them in its own */
  protected abstract step(step: Step, rows: Uint32Array | null): Loss;

  /** The number that a loss is; the loss is used up. */
  protected abstract read(loss: Loss): Promise<number>;

  /** Resolves when all arithmetic is done. */
  protected abstract settle(): Promise<unknown>;

  abstract dispose(): void;

  async train(epochs: number): Promise<void> {
    await this.trainBatches(epochs * this.#steps.batchesPerEpoch);
  }

  async trainBatches(batches: number): Promise<void> {
    for (let i = 0; i < batches; i++) this.#next().loss.dispose();
    await this.settle();
  }

  async losses(epochs: number): Promise<readonly number[]> {
    const losses: number[] = [];
    let sum = 0;
    while (losses.length < epochs) {
      const { step, loss } = this.#next();
      sum += (await this.read(loss)) * step.rows;
      if (!step.isLast) continue;
      losses.push(sum / this.#samples);
      sum = 0;
    }
    return losses;
  }

  #next(): { readonly step: Step; readonly loss: Loss } {
    const step = this.#steps.at(this.#epoch, this.#batch);
    if (step.isFirst) this.#order = this.#steps.orderOf(this.#epoch);
    const rows = this.#order?.subarray(step.firstRow, step.firstRow + step.rows) ?? null;
    this.#batch = step.isLast ? 0 : this.#batch + 1;
    if (step.isLast) this.#epoch++;
    return { step, loss: this.step(step, rows) };
  }
}

/** A trial of a form goes on for so long or so many batches. */
const TRIAL_MS = 300;
const MOST_TRIALS = 60;
const TRIAL_BATCHES = 2;

/**
 * Tries the forms that a training can have and opens the fastest one, at its start.
 *
 * @param forms - at least one; of a single one nothing is tried
 */
export async function openFastest<Form, Loss extends { dispose(): void }>(
  [first, ...others]: readonly Form[],
  open: (form: Form) => PeerTraining<Loss>,
): Promise<Training> {
  let fastest = first;
  let least = Number.POSITIVE_INFINITY;
  for (const form of others.length > 0 ? [first, ...others] : []) {
    const training = open(form);
    await training.trainBatches(1);
    const started = performance.now();
    let batches = 0;
    while (batches < MOST_TRIALS && performance.now() - started < TRIAL_MS) {
      await training.trainBatches(TRIAL_BATCHES);
      batches += TRIAL_BATCHES;
    }
    const ms = (performance.now() - started) / batches;
    if (ms < least) [fastest, least] = [form, ms];
    training.dispose();
  }
  return open(fastest);
}
