/** What a step costs, learned from the chunks that were trained, so that the next one takes a bearable time. */

/** A chunk aims at so many milliseconds, so that it stays below 50 where a step's cost varies. */
const CHUNK_MS = 25;

/** No step is taken to be quicker, in milliseconds: clocks may show none at all. */
const LEAST_MS = 1e-4;

/**
 * The cost of a step and of an epoch's evaluation. Estimates rise at once and fall by half at most: two
 * chunks whose ends are noticed together do not make the second one free.
 */
export class StepCosts {
  readonly #batchesPerEpoch: number;
  /** Milliseconds; infinite until there has been one, so that the first of each is tried alone. */
  #step = Number.POSITIVE_INFINITY;
  #evaluation = Number.POSITIVE_INFINITY;

  constructor(batchesPerEpoch: number) {
    this.#batchesPerEpoch = batchesPerEpoch;
  }

  /** Steps that a chunk should take from batch `batch` of an epoch on; at least one. */
  stepsFrom(batch: number): number {
    const rest = this.#batchesPerEpoch - batch;
    const toEnd = rest * this.#step + this.#evaluation;
    if (!(toEnd <= CHUNK_MS)) {
      // The last step brings the evaluation along.
      return Math.max(1, Math.min(rest - 1, Math.floor(CHUNK_MS / this.#step)));
    }
    const epoch = this.#batchesPerEpoch * this.#step + this.#evaluation;
    const epochs = Math.floor((CHUNK_MS - toEnd) / epoch);
    const left = CHUNK_MS - toEnd - epochs * epoch;
    const more = Math.min(this.#batchesPerEpoch - 1, Math.floor(left / this.#step));
    return rest + epochs * this.#batchesPerEpoch + more;
  }

  /** Takes in what `steps` steps cost, `evaluations` of which ended an epoch. */
  learn(steps: number, evaluations: number, milliseconds: number): void {
    const ms = Math.max(milliseconds, LEAST_MS * steps);
    if (!Number.isFinite(this.#step)) {
      this.#step = ms / steps;
      if (evaluations > 0) this.#evaluation = 0; // a part of the step, where each has one
      return;
    }
    const rest = ms - steps * this.#step;
    if (evaluations > 0 && rest >= 0) {
      const known = Number.isFinite(this.#evaluation) ? this.#evaluation : 0;
      this.#evaluation = Math.max(rest / evaluations, known / 2);
      return;
    }
    if (evaluations > 0 && !Number.isFinite(this.#evaluation)) this.#evaluation = 0;
    const expected = steps * this.#step + (evaluations > 0 ? evaluations * this.#evaluation : 0);
    const factor = Math.max(ms / expected, 1 / 2);
    this.#step = Math.max(LEAST_MS, this.#step * factor);
    if (evaluations > 0) this.#evaluation *= factor;
  }
}
