/**
 * Time of each kernel by the device's own clock, where it has timestamp queries. Browsers round those
 * to 100 µs, so a kernel is repeated until its time stands far above that.
 */
import type { StepDescription } from '../../training/plan-description';
import { NO_STEP } from '../plan/step-table';
import { layOutChunk, limitsOf } from './chunk';
import { BUFFER_USAGE, MAP_MODE } from './flags';
import type { Part, Program } from './program';
import { type UploadedProblem, uploadChunk } from './upload';

/** What WebGPU rounds timestamps to, in nanoseconds, unless a developer flag is set. */
export const TIMESTAMP_RESOLUTION_NS = 100_000;

/** One dispatch of a plan and what it takes. */
export interface KernelTiming extends Pick<StepDescription, 'phase' | 'layer' | 'kernel'> {
  readonly part: Part;
  /** Milliseconds of one dispatch. */
  readonly milliseconds: number;
  /** Dispatches that were timed together. */
  readonly repetitions: number;
}

const PARTS = ['chunk', 'step', 'epoch'] as const;
/** A timing should be this many times the clock's resolution. */
const ABOVE_RESOLUTION = 20;
const MOST_REPETITIONS = 4096;

/**
 * Times every dispatch of a chunk's begin, a step and an epoch's end. The kernels run for real: keep the
 * training state and load it again afterwards.
 *
 * @throws RangeError where the device has no timestamp queries
 */
export async function timeKernels(
  device: GPUDevice,
  uploaded: UploadedProblem,
): Promise<readonly KernelTiming[]> {
  if (!device.features.has('timestamp-query')) {
    throw new RangeError('this device has no timestamp queries');
  }
  const { program, plan } = uploaded;
  const entries = uploadFirstStep(uploaded);
  const clock = new DeviceClock(device);
  try {
    const timings: KernelTiming[] = [];
    // Once untimed: what is first touched in memory, or compiled only when it runs, is no kernel's time.
    for (const part of PARTS) await clock.time(program, part, null, entries[part], 1);
    for (const part of PARTS) {
      for (const [index, { phase, layer, kernel }] of plan[part].entries()) {
        let repetitions = 1;
        let nanoseconds = await clock.time(program, part, index, entries[part], repetitions);
        while (
          nanoseconds < ABOVE_RESOLUTION * TIMESTAMP_RESOLUTION_NS &&
          repetitions < MOST_REPETITIONS
        ) {
          repetitions *= 4;
          nanoseconds = await clock.time(program, part, index, entries[part], repetitions);
        }
        const milliseconds = nanoseconds / repetitions / 1e6;
        timings.push({ part, phase, layer, kernel: kernel.name, milliseconds, repetitions });
      }
    }
    return timings;
  } finally {
    clock.dispose();
  }
}

/** Brings the first step along; gives the entry of the step table that each part is run with. */
function uploadFirstStep(
  uploaded: UploadedProblem,
): Readonly<Record<(typeof PARTS)[number], number>> {
  const { problem, plan, steps, table } = uploaded;
  const start = { epoch: 0, batch: 0 };
  const { orders, entries } = layOutChunk(plan, steps, table, start, 1, limitsOf(problem));
  const rows = Math.min(problem.test.count, plan.evaluationRows);
  // An epoch's end that evaluates has samples of the test set, not the batch's.
  table.write(entries, { ...NO_STEP, rows, samples: problem.test.count });
  uploadChunk(uploaded, { orders, entries: entries + 1 });
  return { chunk: 0, step: 0, epoch: plan.evaluation === 'epoch' ? entries : 0 };
}

class DeviceClock {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;

  constructor(device: GPUDevice) {
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = BUFFER_USAGE;
    this.#device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 });
    this.#resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
    this.#staging = device.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
  }

  /** Nanoseconds of `repetitions` runs of one dispatch, or of the whole part. */
  async time(
    program: Program,
    part: Part,
    index: number | null,
    entry: number,
    repetitions: number,
  ): Promise<number> {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass({
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 0,
        endOfPassWriteIndex: 1,
      },
    });
    for (let i = 0; i < repetitions; i++) {
      if (index === null) program.encode(pass, part, entry);
      else program.encodeOne(pass, part, index, entry);
    }
    pass.end();
    encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, 16);
    this.#device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(MAP_MODE.READ);
    const [begin, end] = new BigUint64Array(this.#staging.getMappedRange());
    this.#staging.unmap();
    return Number(end - begin);
  }

  dispose(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
  }
}
