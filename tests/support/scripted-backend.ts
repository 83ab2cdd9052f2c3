/**
 * A backend that computes nothing: epoch n gives the n-th metrics of a script, and its only parameter
 * is n itself. It answers late and out of step, as a device does, and checks what it is asked for.
 */
import type {
  Backend,
  BackendInfo,
  CheckpointSlot,
  EpochMetrics,
  TrainingState,
  Underway,
} from '../../src/training/backend';
import { nextTask } from '../../src/training/next-task';
import { StepCosts } from '../../src/training/step-costs';

export interface Script {
  /** Metrics of epoch `epoch`, from 0; asked for again where the epoch is trained again. */
  metrics(epoch: number): EpochMetrics;
  readonly batchesPerEpoch?: number;
  /** Milliseconds that a step of epoch `epoch` is said to take; by default 1. */
  stepMs?(epoch: number): number;
  /** Tasks until the metrics of the n-th call of `train` arrive, n from 0. */
  delay?(call: number): number;
  /** Thrown instead of keeping anything in a slot. */
  noRoom?(slot: CheckpointSlot): Error | null;
  /** Thrown by the n-th call of `train` or `trainBatches`, which then trains nothing. */
  error?(call: number): Error | null;
}

/** Metrics that say nothing but the epoch. */
export function plainMetrics(epoch: number, values: Partial<EpochMetrics> = {}): EpochMetrics {
  return {
    loss: 1 / (epoch + 1),
    accuracy: 0.5,
    valLoss: 1 / (epoch + 1),
    valAccuracy: 0.5,
    learningRate: 0.1,
    finite: true,
    ...values,
  };
}

export class ScriptedBackend implements Backend {
  readonly info: BackendInfo = {
    name: 'reference',
    adapter: 'scripted',
    precision: 'float64',
    isSoftware: false,
  };
  /** Calls of `train` whose metrics have not arrived yet, and the most of them at once. */
  inFlight = 0;
  mostInFlight = 0;
  /** Steps of each call, and what they are said to have taken. */
  readonly trained: number[] = [];
  readonly tookMs: number[] = [];
  readonly batchesPerEpoch: number;
  readonly #costs: StepCosts;
  #calls = 0;
  #epoch = 0;
  #batch = 0;
  /** Batches of the epoch under way whose metrics have arrived. */
  #known = 0;
  readonly #script: Script;
  readonly #kept = new Map<CheckpointSlot, { epoch: number; batch: number }>();

  constructor(script: Script) {
    this.#script = script;
    this.batchesPerEpoch = script.batchesPerEpoch ?? 1;
    this.#costs = new StepCosts(this.batchesPerEpoch);
  }

  describe(): null {
    return null;
  }

  get underway(): Underway | null {
    return this.#known === 0 ? null : { batch: this.#known, loss: 1, accuracy: 0.5 };
  }

  chunkSteps(batch: number): number {
    return this.#costs.stepsFrom(batch);
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Slots that something was ever kept in. */
  get slotsUsed(): number {
    return this.#kept.size;
  }

  async train(epochs: number): Promise<readonly EpochMetrics[]> {
    if (!Number.isInteger(epochs) || epochs < 1) throw new RangeError(`train(${epochs})`);
    return this.#advance(epochs * this.batchesPerEpoch - this.#batch);
  }

  async trainBatches(batches: number): Promise<readonly EpochMetrics[]> {
    return this.#advance(batches);
  }

  async parameters(): Promise<Float64Array> {
    return Float64Array.of(this.#epoch);
  }

  async state(): Promise<TrainingState> {
    return {
      epoch: this.#epoch,
      batch: this.#batch,
      parameters: await this.parameters(),
      optimizer: [],
      running: { loss: 0, correct: 0 },
    };
  }

  async load({ epoch, batch }: TrainingState): Promise<void> {
    this.#epoch = epoch;
    this.#batch = batch;
  }

  async checkpoint(slot: CheckpointSlot): Promise<void> {
    await nextTask();
    const error = this.#script.noRoom?.(slot) ?? null;
    if (error !== null) throw error;
    this.#kept.set(slot, { epoch: this.#epoch, batch: this.#batch });
  }

  async rollback(slot: CheckpointSlot): Promise<void> {
    const kept = this.#kept.get(slot);
    if (kept === undefined) throw new RangeError(`nothing in slot ${slot}`);
    if (this.inFlight > 0) throw new RangeError('rolled back under way');
    this.#epoch = kept.epoch;
    this.#batch = kept.batch;
  }

  async predict(): Promise<Float64Array> {
    return new Float64Array();
  }

  dispose(): void {}

  async #advance(batches: number): Promise<readonly EpochMetrics[]> {
    if (!Number.isInteger(batches) || batches < 1) throw new RangeError(`${batches} batches`);
    const call = this.#calls++;
    let tookMs = 0;
    this.trained.push(batches);
    const error = this.#script.error?.(call) ?? null;
    const metrics: EpochMetrics[] = [];
    for (let done = 0; error === null && done < batches; done++) {
      this.#batch++;
      tookMs += this.#script.stepMs?.(this.#epoch) ?? 1;
      if (this.#batch < this.batchesPerEpoch) continue;
      metrics.push(this.#script.metrics(this.#epoch));
      this.#batch = 0;
      this.#epoch++;
    }
    const end = this.#batch;
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    for (let left = this.#script.delay?.(call) ?? 0; left > 0; left--) await nextTask();
    this.inFlight--;
    if (error !== null) throw error;
    this.#known = end;
    this.tookMs.push(tookMs);
    this.#costs.learn(batches, metrics.length, tookMs);
    return metrics;
  }
}
