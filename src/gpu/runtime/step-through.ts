/**
 * Runs an epoch and a prediction of a plan one dispatch at a time, and shows the buffers of each
 * before and after it: for checking kernels, never for training.
 */
import { inputsOf } from '../../model/network-spec';
import type { Problem } from '../../training/backend';
import type { Plan, PlanStep } from '../plan/plan';
import type { StepTable } from '../plan/step-table';
import { layOutChunk, limitsOf } from './chunk';
import { copyAll, sizeOf } from './device-state';
import { type Part, Program } from './program';
import { uploadChunk, uploadPrediction, uploadProblem } from './upload';

/** The per-step values of a dispatch. */
export type DispatchEntry = ReturnType<StepTable['read']>;

/** Contents of a dispatch's buffers, by the names of its bindings. */
export type Contents = Readonly<Record<string, Uint32Array<ArrayBuffer>>>;

/** One dispatch that has run. */
export interface Dispatched {
  readonly part: Part;
  /** Its place in the part. */
  readonly index: number;
  readonly step: PlanStep;
  readonly entry: DispatchEntry;
  readonly before: Contents;
  readonly after: Contents;
}

/**
 * Compiles a plan and steps through the problem's first epoch, then through a prediction of the test
 * samples. Every dispatch takes one step, whatever the plan allows.
 *
 * @param look - called after each dispatch, in order
 * @throws BackendUnavailableError where the device has no room or a kernel does not compile
 */
export async function stepThrough(
  device: GPUDevice,
  plan: Plan,
  problem: Problem,
  look: (dispatched: Dispatched) => void,
): Promise<void> {
  const { test, spec } = problem;
  const program = await Program.compile(device, plan);
  try {
    const uploaded = uploadProblem(program, plan, problem);
    const { table, steps } = uploaded;
    const chunk = layOutChunk(
      { ...plan, stepsAtOnce: 1 },
      steps,
      table,
      { epoch: 0, batch: 0 },
      steps.batchesPerEpoch,
      limitsOf(problem),
    );
    for (const { entry } of chunk.dispatches) table.setEntries(entry, 1);
    uploadChunk(uploaded, chunk);
    const rows = Math.min(test.count, plan.predictionRows);
    const sample = test.features.subarray(0, rows * inputsOf(spec));
    const dispatches: readonly { readonly part: Part; readonly entry: number }[] = [
      { part: 'chunk', entry: 0 },
      ...chunk.dispatches,
      { part: 'prediction', entry: uploadPrediction(uploaded, sample, rows) },
    ];
    for (const { part, entry } of dispatches) {
      for (const [index, step] of plan[part].entries()) {
        const before = await read(device, program, step);
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        program.encodeOne(pass, part, index, entry);
        pass.end();
        device.queue.submit([encoder.finish()]);
        const after = await read(device, program, step);
        look({ part, index, step, entry: table.read(entry), before, after });
      }
    }
  } finally {
    program.dispose();
  }
}

/** Copies of all buffers that a step binds. */
async function read(device: GPUDevice, program: Program, step: PlanStep): Promise<Contents> {
  const bindings = Object.keys(step.buffers);
  const buffers = bindings.map((binding) => program.buffer(step.buffers[binding]));
  const bytes = sizeOf(buffers);
  const staging = await program.allocate({ name: 'a readback', bytes, use: 'staging' });
  try {
    const encoder = device.createCommandEncoder();
    copyAll(encoder, buffers, 'into', staging);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const copy = staging.getMappedRange().slice(0);
    let end = 0;
    return Object.fromEntries(
      bindings.map((binding, i) => {
        end += buffers[i].size;
        return [binding, new Uint32Array(copy.slice(end - buffers[i].size, end))];
      }),
    );
  } finally {
    program.free(staging);
  }
}
