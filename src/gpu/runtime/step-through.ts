/**
 * Runs steps and a prediction of a plan one dispatch at a time, and shows the buffers of each
 * before and after it: for checking kernels, never for training.
 */
import { scaledFeatures } from '../../data/samples';
import type { Problem, TrainingState } from '../../training/backend';
import { initialState } from '../../training/state';
import type { Plan, PlanStep } from '../plan/plan';
import type { StepTable } from '../plan/step-table';
import { layOutChunk, limitsOf } from './chunk';
import { copyAll, sizeOf } from './device-state';
import { MAP_MODE } from './flags';
import { type Part, Program } from './program';
import { uploadChunk, uploadPrediction, uploadProblem, uploadState } from './upload';

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

/** Where steps begin, and how many there are; left out: all of an epoch. */
export interface Passage {
  readonly from: TrainingState;
  readonly batches?: number;
}

/**
 * Compiles a plan and steps through some batches, by default the problem's first epoch, then through a
 * prediction of the test samples. Every dispatch takes one step, whatever the plan allows.
 *
 * @param look - called after each dispatch, in order
 * @returns the buffers of the training state behind the batches, parameters first
 * @throws BackendUnavailableError where the device has no room or a kernel does not compile
 */
export async function stepThrough(
  device: GPUDevice,
  plan: Plan,
  problem: Problem,
  look: (dispatched: Dispatched) => void,
  { from, batches }: Passage = { from: initialState(problem) },
): Promise<readonly Uint32Array<ArrayBuffer>[]> {
  const { test } = problem;
  const program = await Program.compile(device, plan);
  try {
    const uploaded = uploadProblem(program, plan, problem);
    uploadState(uploaded, from);
    const { table, steps } = uploaded;
    const chunk = layOutChunk(
      { ...plan, stepsAtOnce: 1 },
      steps,
      table,
      from,
      batches ?? steps.batchesPerEpoch,
      limitsOf(problem),
    );
    for (const { entry } of chunk.dispatches) table.setEntries(entry, 1);
    uploadChunk(uploaded, chunk);
    const rows = Math.min(test.count, plan.predictionRows);
    const sample = scaledFeatures(test, 0, rows);
    const run = async (part: Part, entry: number) => {
      for (const [index, step] of plan[part].entries()) {
        const before = await read(device, program, step.buffers);
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        program.encodeOne(pass, part, index, entry);
        pass.end();
        device.queue.submit([encoder.finish()]);
        const after = await read(device, program, step.buffers);
        look({ part, index, step, entry: table.read(entry), before, after });
      }
    };
    await run('chunk', 0);
    for (const { part, entry } of chunk.dispatches) await run(part, entry);
    const state = await read(device, program, plan.state);
    await run('prediction', uploadPrediction(uploaded, sample, rows));
    return Object.values(state);
  } finally {
    program.dispose();
  }
}

/** Copies of buffers, under the keys that their names have. */
async function read(
  device: GPUDevice,
  program: Program,
  names: Readonly<Record<string, string>> | readonly string[],
): Promise<Contents> {
  const bindings = Object.keys(names);
  const buffers = Object.values(names).map((name: string) => program.buffer(name));
  const bytes = sizeOf(buffers);
  const staging = await program.allocate({ name: 'a readback', bytes, use: 'staging' });
  try {
    const encoder = device.createCommandEncoder();
    copyAll(encoder, buffers, 'into', staging);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_MODE.READ);
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
