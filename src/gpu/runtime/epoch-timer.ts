/** Time of an epoch as training runs it, by the device's own clock: many in a submit, without the CPU. */
import { layOutChunk, limitsOf } from './chunk';
import { DeviceClock } from './device-clock';
import { type UploadedProblem, uploadChunk } from './upload';

export interface EpochTime {
  /** Milliseconds of an epoch on the device, its test set evaluated. */
  readonly milliseconds: number;
  /** Of an epoch; less than 1 where a dispatch takes many. */
  readonly dispatches: number;
}

/** A round is about as long as a submit of a training, in nanoseconds. */
const LEAST_NS = 2e7;
const ROUNDS = 5;

/**
 * Times epochs from the first one on. The kernels run for real: keep the training state and load it again
 * afterwards.
 *
 * @returns the median of a few rounds
 * @throws RangeError where the device has no timestamp queries
 */
export async function timeEpoch(device: GPUDevice, uploaded: UploadedProblem): Promise<EpochTime> {
  const clock = new DeviceClock(device);
  try {
    const { program, plan, problem, steps, table } = uploaded;
    const time = async (epochs: number) => {
      const batches = epochs * steps.batchesPerEpoch;
      const start = { epoch: 0, batch: 0 };
      const chunk = layOutChunk(plan, steps, table, start, batches, limitsOf(problem));
      uploadChunk(uploaded, chunk);
      const nanoseconds = await clock.time((pass) => {
        program.encode(pass, 'chunk', 0);
        for (const { part, entry } of chunk.dispatches) program.encode(pass, part, entry);
      });
      const done = chunk.batches / steps.batchesPerEpoch;
      const dispatches = chunk.dispatches.reduce((sum, { part }) => sum + plan[part].length, 0);
      return {
        nanoseconds,
        milliseconds: nanoseconds / done / 1e6,
        dispatches: (plan.chunk.length + dispatches) / done,
        isWhole: chunk.batches === batches,
      };
    };
    // Once untimed: what is first touched in memory, or compiled only when it runs, is no epoch's time.
    await time(1);
    let epochs = 1;
    let round = await time(epochs);
    while (round.nanoseconds < LEAST_NS && round.isWhole) {
      epochs *= 4;
      round = await time(epochs);
    }
    const times = [round.milliseconds];
    while (times.length < ROUNDS) times.push((await time(epochs)).milliseconds);
    const milliseconds = times.sort((a, b) => a - b)[times.length >> 1];
    return { milliseconds, dispatches: round.dispatches };
  } finally {
    clock.dispose();
  }
}
