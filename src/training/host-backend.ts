/**
 * A backend whose arithmetic runs on the CPU, in step with its caller. An engine does the arithmetic
 * of one batch; here is what surrounds it: epochs, metrics, state, checkpoints.
 */
import { inputsOf } from '../model/network-spec';
import type {
  Backend,
  BackendInfo,
  CheckpointSlot,
  EpochMetrics,
  Problem,
  TrainingState,
  Underway,
} from './backend';
import { BackendUnavailableError } from './errors';
import { metricsOf } from './metrics';
import { checkState, initialState, underwayOf } from './state';
import { StepCosts } from './step-costs';
import { type Step, StepSequence } from './steps';

/** Sums over samples: of the clipped loss, and of those predicted correctly. */
export interface LossSums {
  readonly loss: number;
  readonly correct: number;
}

/** What an engine knows of a training state. */
export type EngineState = Pick<TrainingState, 'parameters' | 'optimizer'>;

/** The arithmetic of a network on the CPU. */
export interface Engine {
  /** One update. `rows` are the batch's indices into the training set; null: all of it, in order. */
  step(step: Step, rows: Uint32Array | null): LossSums;
  /** The test set with the parameters as they are. */
  evaluate(): LossSums;
  /** Output probabilities (count × outputs). */
  predict(features: Float64Array, count: number): Float64Array;
  /** L2 norms of the last gradient and of the parameters. */
  norms(): { readonly gradient: number; readonly parameters: number };
  /** Whether the last step's gradient and the parameters are all finite. */
  isFinite(): boolean;
  /**
   * Parameters and the optimizer's arrays, as copies.
   *
   * @param room - what was saved before and may be written over; by default the arrays are new
   */
  save(room?: EngineState): EngineState;
  /** Copies what it is given. */
  load(state: EngineState): void;
  /** Gives back what it borrowed. */
  dispose?(): void;
}

/** A backend whose engine computes on this thread, batch by batch. */
export class HostBackend implements Backend {
  readonly #problem: Problem;
  readonly #steps: StepSequence;
  readonly #costs: StepCosts;
  readonly #now: () => number;
  readonly #checkpoints = new Map<CheckpointSlot, TrainingState>();
  #engine: Engine | null;
  #epoch = 0;
  #batch = 0;
  #running: LossSums = { loss: 0, correct: 0 };
  #finite = true;

  constructor(
    readonly info: BackendInfo,
    problem: Problem,
    engine: Engine,
    now = () => performance.now(),
  ) {
    this.#now = now;
    this.#problem = problem;
    this.#engine = engine;
    this.#steps = new StepSequence(problem.hyperparameters, problem.train.count);
    this.#costs = new StepCosts(this.#steps.batchesPerEpoch);
    engine.load(initialState(problem));
  }

  describe(): null {
    return null;
  }

  get batchesPerEpoch(): number {
    return this.#steps.batchesPerEpoch;
  }

  get underway(): Underway | null {
    return underwayOf(this.#steps, this.#problem.train.count, this.#batch, this.#running);
  }

  chunkSteps(batch: number): number {
    return this.#costs.stepsFrom(batch);
  }

  async train(epochs: number): Promise<readonly EpochMetrics[]> {
    return this.#advance(epochs * this.#steps.batchesPerEpoch - this.#batch);
  }

  async trainBatches(batches: number): Promise<readonly EpochMetrics[]> {
    return this.#advance(batches);
  }

  async parameters(): Promise<Float64Array> {
    return this.#live().save().parameters;
  }

  async state(): Promise<TrainingState> {
    return this.#state();
  }

  /** @param room - what is given back may be in its arrays */
  #state(room?: TrainingState): TrainingState {
    return {
      ...this.#live().save(room),
      epoch: this.#epoch,
      batch: this.#batch,
      running: this.#running,
    };
  }

  async load(state: TrainingState): Promise<void> {
    checkState(state, this.#problem, this.info.precision);
    this.#live().load(state);
    this.#epoch = state.epoch;
    this.#batch = state.batch;
    this.#running = state.running;
    this.#finite = true;
  }

  async checkpoint(slot: CheckpointSlot): Promise<void> {
    // Arrays of the epochs before would pile up until they are collected.
    this.#checkpoints.set(slot, this.#state(this.#checkpoints.get(slot)));
  }

  /** @throws RangeError where nothing was kept in the slot */
  async rollback(slot: CheckpointSlot): Promise<void> {
    this.#live();
    const kept = this.#checkpoints.get(slot);
    if (kept === undefined) throw new RangeError(`nothing was kept in slot ${slot}`);
    await this.load(kept);
  }

  /** @throws RangeError where `features` is not (count × inputs) */
  async predict(features: Float64Array, count: number): Promise<Float64Array> {
    const engine = this.#live();
    if (features.length !== count * inputsOf(this.#problem.spec)) {
      throw new RangeError(`${features.length} features are not ${count} samples`);
    }
    return count === 0 ? new Float64Array() : engine.predict(features, count);
  }

  dispose(): void {
    this.#engine?.dispose?.();
    this.#engine = null;
    this.#checkpoints.clear();
  }

  #advance(batches: number): readonly EpochMetrics[] {
    const engine = this.#live();
    const begin = this.#now();
    const completed: EpochMetrics[] = [];
    let order = this.#steps.orderOf(this.#epoch);
    for (let done = 0; done < batches; done++) {
      const step = this.#steps.at(this.#epoch, this.#batch);
      if (step.isFirst) {
        order = this.#steps.orderOf(this.#epoch);
        this.#running = { loss: 0, correct: 0 };
        this.#finite = true;
      }
      const rows = order?.subarray(step.firstRow, step.firstRow + step.rows) ?? null;
      const sums = engine.step(step, rows);
      const { loss, correct } = this.#running;
      this.#running = {
        loss: loss + sums.loss / this.#problem.train.count,
        correct: correct + sums.correct,
      };
      this.#finite &&= Number.isFinite(sums.loss) && engine.isFinite();
      this.#batch++;
      if (step.isLast) completed.push(this.#finishEpoch(engine, step.learningRate));
    }
    if (batches > 0) this.#costs.learn(batches, completed.length, this.#now() - begin);
    return completed;
  }

  #finishEpoch(engine: Engine, learningRate: number): EpochMetrics {
    const test = engine.evaluate();
    const { train, test: testSet, hyperparameters } = this.#problem;
    const norms = hyperparameters.norms ? engine.norms() : null;
    this.#epoch++;
    this.#batch = 0;
    return metricsOf({
      train: { ...this.#running, count: train.count },
      test: { ...test, loss: test.loss / testSet.count, count: testSet.count },
      learningRate,
      norms,
      finite: this.#finite,
    });
  }

  /** @throws BackendUnavailableError after `dispose` */
  #live(): Engine {
    if (this.#engine === null) {
      throw new BackendUnavailableError('unsupported', 'The backend was disposed of.');
    }
    return this.#engine;
  }
}
