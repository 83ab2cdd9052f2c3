/** Trains in chunks: each is submitted at once, and its metrics travel back while the next one computes. */
import { RECORD_WORDS, RUNNING_WORDS } from '../../../shaders/parts/loss-reduction';
import type { EpochMetrics, Underway } from '../../training/backend';
import { BackendUnavailableError } from '../../training/errors';
import { underwayOf } from '../../training/state';
import { StepCosts } from '../../training/step-costs';
import { FLOAT_BYTES } from '../plan/plan';
import { STAGING_BUFFERS } from '../plan/plan-buffers';
import { type Chunk, layOutChunk, limitsOf, submitsOf } from './chunk';
import type { DeviceState } from './device-state';
import { decodeRecords, readRunning } from './read-metrics';
import { StagingRing } from './staging-ring';
import { type UploadedProblem, uploadChunk } from './upload';
import type { WorkQueue } from './work-queue';

/** Submits as many steps at a time as take a bearable time, by what it learns of their costs. */
export class ChunkRunner {
  readonly #queue: WorkQueue;
  readonly #uploaded: UploadedProblem;
  readonly #state: DeviceState;
  readonly #now: () => number;
  readonly #costs: StepCosts;
  readonly #ring: StagingRing;
  /** When the last submit that was read back was over. */
  #over = Number.NEGATIVE_INFINITY;
  #underway: Underway | null = null;

  /** @param now - in milliseconds */
  constructor(queue: WorkQueue, uploaded: UploadedProblem, state: DeviceState, now: () => number) {
    this.#queue = queue;
    this.#uploaded = uploaded;
    this.#state = state;
    this.#now = now;
    this.#costs = new StepCosts(uploaded.steps.batchesPerEpoch);
    const { program } = uploaded;
    this.#ring = new StagingRing(
      Array.from({ length: STAGING_BUFFERS }, (_, i) => program.buffer(`metrics-staging-${i}`)),
    );
  }

  /** As `Backend.underway` has it. */
  get underway(): Underway | null {
    return this.#underway;
  }

  /** As `Backend.chunkSteps` has it. */
  chunkSteps(batch: number): number {
    return this.#costs.stepsFrom(batch);
  }

  /**
   * Trains in its turn, chunk after chunk.
   *
   * @param batches - how many, by where training stands at that turn
   */
  async train(
    batches: (position: DeviceState['position']) => number,
  ): Promise<readonly EpochMetrics[]> {
    const readbacks = await this.#queue.inOrder(async () => {
      const submitted: Promise<readonly EpochMetrics[]>[] = [];
      for (let left = batches(this.#state.position); left > 0; ) {
        const staging = await this.#ring.take();
        this.#queue.throwIfEnded();
        const chunk = this.#submit(
          Math.min(left, this.chunkSteps(this.#state.position.batch)),
          staging,
        );
        left -= chunk.batches;
        const metrics = this.#collect(staging, chunk, this.#now());
        metrics.catch(() => {}); // awaited below; a later submit may fail first
        submitted.push(metrics);
      }
      return submitted;
    });
    return (await Promise.all(readbacks)).flat();
  }

  /** Submits up to `batches` batches, as many as a chunk holds, and the parts of an evaluation one by one. */
  #submit(batches: number, staging: GPUBuffer): Chunk {
    const { program, plan, steps, table, problem } = this.#uploaded;
    const { position } = this.#state;
    const chunk = layOutChunk(plan, steps, table, position, batches, limitsOf(problem));
    uploadChunk(this.#uploaded, chunk);
    const submits = submitsOf(chunk, plan, problem.test.count);
    for (const [i, dispatches] of submits.entries()) {
      this.#queue.submit((encoder) => {
        const pass = encoder.beginComputePass();
        if (i === 0) program.encode(pass, 'chunk', 0);
        for (const { part, entry } of dispatches) program.encode(pass, part, entry);
        pass.end();
        if (i === submits.length - 1) this.#encodeReadback(encoder, chunk, staging);
      });
    }
    this.#state.position = { epoch: chunk.epoch, batch: chunk.batch };
    return chunk;
  }

  /** Copies a chunk's records and the running sums to where the host reads them. */
  #encodeReadback(encoder: GPUCommandEncoder, chunk: Chunk, staging: GPUBuffer): void {
    const { program } = this.#uploaded;
    const bytes = recordBytes(chunk);
    if (bytes > 0) encoder.copyBufferToBuffer(program.buffer('metrics'), 0, staging, 0, bytes);
    const running = program.buffer('running');
    encoder.copyBufferToBuffer(running, 0, staging, bytes, running.size);
  }

  async #collect(
    staging: GPUBuffer,
    chunk: Chunk,
    submitted: number,
  ): Promise<readonly EpochMetrics[]> {
    const { steps, problem } = this.#uploaded;
    try {
      const words = await this.#queue.map(
        staging,
        recordBytes(chunk) + FLOAT_BYTES * RUNNING_WORDS,
      );
      const now = this.#now();
      // What was submitted behind another has waited for it.
      const took = now - Math.max(submitted, this.#over);
      this.#costs.learn(chunk.batches, chunk.records.length, took);
      this.#over = now;
      const running = readRunning(words.subarray(-RUNNING_WORDS));
      this.#underway = underwayOf(steps, problem.train.count, chunk.batch, running);
      return decodeRecords(words, chunk.records, problem);
    } catch (error) {
      if (!(error instanceof BackendUnavailableError)) throw error;
      return await this.#queue.fail(error);
    } finally {
      this.#ring.giveBack(staging);
    }
  }
}

/** Bytes of a chunk's records. */
function recordBytes({ records }: Chunk): number {
  return records.length * RECORD_WORDS * FLOAT_BYTES;
}
