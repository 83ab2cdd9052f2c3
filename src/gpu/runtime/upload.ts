/** Brings into a program's buffers what it works on: data, a training state, the steps of a chunk, a prediction. */

import { wordsOfBytes } from '../../../shaders/parts/byte-rows';
import { RUNNING, RUNNING_WORDS } from '../../../shaders/parts/loss-reduction';
import {
  BYTE_VALUES,
  float32Features,
  type Samples,
  scaledBytes,
  widthOf,
} from '../../data/samples';
import type { Problem, TrainingState } from '../../training/backend';
import { initialState } from '../../training/state';
import { StepSequence } from '../../training/steps';
import { FLOAT_BYTES, type Plan } from '../plan/plan';
import { ENTRY_BYTES, NO_STEP, StepTable, stepSettings, TABLE_ENTRIES } from '../plan/step-table';
import { traceData } from '../plan/trace-data';
import type { Chunk } from './chunk';
import type { Program } from './program';

/** A problem in the buffers of a program: what its training, its state and its predictions share. */
export interface UploadedProblem {
  readonly problem: Problem;
  readonly plan: Plan;
  readonly program: Program;
  readonly steps: StepSequence;
  readonly table: StepTable;
}

/** Writes training and test set as the plan has them, and the state before the first epoch. */
export function uploadProblem(program: Program, plan: Plan, problem: Problem): UploadedProblem {
  const steps = new StepSequence(problem.hyperparameters, problem.train.count);
  const table = new StepTable(stepSettings(problem));
  const uploaded = { problem, plan, program, steps, table };
  uploadData(uploaded);
  uploadState(uploaded, initialState(problem));
  return uploaded;
}

function uploadData({ program, plan, problem }: UploadedProblem): void {
  if (plan.data === 'trace') {
    const { features, labels } = traceData(problem);
    program.write('trace', features);
    program.write('labels', labels);
    return;
  }
  for (const set of ['train', 'test'] as const) {
    const samples = problem[set];
    program.write(`${set}-labels`, Uint32Array.from(samples.labels));
    if (plan.data === 'rows') program.write(`${set}-features`, float32Features(samples));
    else program.write(`${set}-bytes`, bytesInWords(samples));
  }
  if (plan.data === 'bytes') {
    const tables = program.buffer('scaled-bytes').size / FLOAT_BYTES / BYTE_VALUES;
    const { scaler, augmentation } = problem.train;
    program.write('scaled-bytes', scaledBytes(scaler, tables));
    if (augmentation?.hasNoise) {
      program.write('noise-steps', Float32Array.from(augmentation.noiseSteps));
    }
  }
}

/** Rows of bytes that begin with a whole word each. */
function bytesInWords(samples: Samples): Uint8Array<ArrayBuffer> {
  const { values, count } = samples;
  const width = widthOf(samples);
  const stride = 4 * wordsOfBytes(width);
  // As whoever planned `bytes` has made sure; on shared memory they never are.
  const bytes = values as Uint8Array<ArrayBuffer>;
  if (stride === width) return bytes;
  const padded = new Uint8Array(count * stride);
  for (let row = 0; row < count; row++) {
    padded.set(bytes.subarray(row * width, (row + 1) * width), row * stride);
  }
  return padded;
}

/** Writes parameters, the optimizer's arrays and the running sums. */
export function uploadState(
  { program, plan, steps }: UploadedProblem,
  { batch, parameters, optimizer, running }: TrainingState,
): void {
  const words = new Uint32Array(RUNNING_WORDS);
  words[RUNNING.loss] = new Uint32Array(new Float32Array([running.loss]).buffer)[0];
  words[RUNNING.correct] = running.correct;
  words[RUNNING.steps] = batch;
  words[RUNNING.samples] = batch * steps.batchRows;
  const contents = [...[parameters, ...optimizer].map((a) => Float32Array.from(a)), words];
  plan.state.forEach((name, i) => {
    program.write(name, contents[i]);
  });
}

/** Writes the orders of a chunk's epochs, one behind the other, and its entries of the step table. */
export function uploadChunk(
  { program, steps, table }: UploadedProblem,
  { orders, entries }: Pick<Chunk, 'orders' | 'entries'>,
): void {
  for (const [position, epoch] of orders.entries()) {
    const order = steps.orderOf(epoch) as Uint32Array<ArrayBuffer>; // never on shared memory
    program.write('permutation', order, position * order.byteLength);
  }
  program.write('step-table', new Uint8Array(table.bytes, 0, entries * ENTRY_BYTES));
}

/**
 * Writes `rows` samples to predict.
 *
 * @returns their entry of the step table, which lies behind those of the chunks
 */
export function uploadPrediction(
  { program, table }: UploadedProblem,
  features: Float64Array,
  rows: number,
): number {
  const entry = TABLE_ENTRIES;
  table.write(entry, { ...NO_STEP, rows, samples: rows });
  const start = entry * ENTRY_BYTES;
  program.write('step-table', new Uint8Array(table.bytes, start, ENTRY_BYTES), start);
  program.write('prediction-features', Float32Array.from(features));
  return entry;
}
