/** Time of each kernel by the device's own clock, where it has timestamp queries. */
import type { StepDescription } from '../../training/plan-description';
import { NO_STEP } from '../plan/step-table';
import { layOutChunk, limitsOf } from './chunk';
import { DeviceClock } from './device-clock';
import type { Part } from './program';
import { type UploadedProblem, uploadChunk } from './upload';

/** One dispatch of a plan and what it takes. */
export interface KernelTiming extends Pick<StepDescription, 'phase' | 'layer' | 'kernel'> {
  readonly part: Part;
  /** Milliseconds of one dispatch. */
  readonly milliseconds: number;
  /** Dispatches that were timed together. */
  readonly repetitions: number;
}

const PARTS = ['chunk', 'step', 'epoch'] as const;

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
  const clock = new DeviceClock(device);
  try {
    const { program, plan } = uploaded;
    const entries = uploadFirstStep(uploaded);
    const timings: KernelTiming[] = [];
    // Once untimed: what is first touched in memory, or compiled only when it runs, is no kernel's time.
    for (const part of PARTS) await clock.time((pass) => program.encode(pass, part, entries[part]));
    for (const part of PARTS) {
      for (const [index, { phase, layer, kernel }] of plan[part].entries()) {
        const time = await clock.timeRepeated((pass) =>
          program.encodeOne(pass, part, index, entries[part]),
        );
        timings.push({ part, phase, layer, kernel: kernel.name, ...time });
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
