/**
 * A chunk: the run of steps that one submit brings. Here it is laid out, entry by entry, on the CPU;
 * the backend then only encodes it.
 */
import type { Problem } from '../../training/backend';
import type { Step, StepSequence } from '../../training/steps';
import type { Plan } from '../plan/plan';
import { permutationEpochs } from '../plan/plan-buffers';
import { type StepEntry, type StepTable, TABLE_ENTRIES } from '../plan/step-table';

/** One run of a part of the plan with an entry of the step table. */
export interface Dispatch {
  readonly part: 'step' | 'epoch';
  readonly entry: number;
}

/** An epoch's record as it must come back, and what the device does not write into it. */
export interface ExpectedRecord {
  /** From 0. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Stamps of the entries of its last step and of its evaluation. */
  readonly stamp: number;
  readonly valStamp: number;
}

export interface Chunk {
  readonly dispatches: readonly Dispatch[];
  /** Entries of the table that are in use. */
  readonly entries: number;
  /** Epochs whose orders go into the permutation buffer, one behind the other. */
  readonly orders: readonly number[];
  /** Of each epoch that the chunk completes, in the order of their records. */
  readonly records: readonly ExpectedRecord[];
  readonly batches: number;
  /** Where training stands afterwards. */
  readonly epoch: number;
  readonly batch: number;
}

export interface ChunkLimits {
  readonly trainSamples: number;
  readonly testSamples: number;
  /** Epochs whose orders the permutation buffer holds. */
  readonly orders: number;
}

/** The limits of a problem's chunks. */
export function limitsOf({ train, test }: Problem): ChunkLimits {
  return {
    trainSamples: train.count,
    testSamples: test.count,
    orders: permutationEpochs(train.count),
  };
}

/** Lays out up to `batches` batches, as many as the table and the permutation buffer hold. */
export function layOutChunk(
  plan: Pick<Plan, 'evaluation' | 'evaluationRows' | 'stepsAtOnce' | 'epoch'>,
  steps: StepSequence,
  table: StepTable,
  from: { readonly epoch: number; readonly batch: number },
  batches: number,
  limits: ChunkLimits,
): Chunk {
  let { epoch, batch } = from;
  let entry = 0;
  let done = 0;
  const dispatches: Dispatch[] = [];
  const orders: number[] = [];
  const records: ExpectedRecord[] = [];
  /** The epoch that waits for the step that evaluates it. */
  let waiting: Omit<ExpectedRecord, 'valStamp'> | null = null;
  const parts = Math.ceil(limits.testSamples / plan.evaluationRows);
  // Entries are kept back for each step's evaluation and for the end of the chunk.
  while (done < batches && entry + 1 + parts < TABLE_ENTRIES) {
    const step = steps.at(epoch, batch);
    if (!steps.isFullBatch && (step.isFirst || done === 0)) {
      if (orders.length === limits.orders) break;
      orders.push(epoch);
    }
    const orderStart = steps.isFullBatch ? 0 : (orders.length - 1) * limits.trainSamples;
    const record = records.length + Number(waiting !== null);
    const stamp = table.write(
      entry,
      entryOf(step, {
        firstRow: orderStart + step.firstRow,
        rows: step.rows,
        samples: limits.trainSamples,
        record,
        previous: previousOf(),
      }),
    );
    evaluated(stamp);
    dispatches.push({ part: 'step', entry: entry++ });
    done++;
    batch++;
    if (!step.isLast) continue;
    waiting = { epoch, learningRate: step.learningRate, stamp };
    if (plan.evaluation === 'epoch') {
      let stamp = 0;
      for (let firstRow = 0; firstRow < limits.testSamples; firstRow += plan.evaluationRows) {
        const rows = Math.min(plan.evaluationRows, limits.testSamples - firstRow);
        const samples = limits.testSamples;
        stamp = table.write(entry, entryOf(step, { firstRow, rows, samples, record, previous: 0 }));
        dispatches.push({ part: 'epoch', entry: entry++ });
      }
      evaluated(stamp);
    } else if (plan.epoch.length > 0) {
      dispatches.push({ part: 'epoch', entry: entry - 1 });
    }
    epoch++;
    batch = 0;
  }
  if (waiting !== null) {
    // A step without rows: it only evaluates the last epoch.
    const step = { ...steps.at(epoch - 1, 0), isFirst: false };
    const stamp = table.write(
      entry,
      entryOf(step, {
        firstRow: 0,
        rows: 0,
        samples: limits.trainSamples,
        record: records.length,
        previous: previousOf(),
      }),
    );
    evaluated(stamp);
    dispatches.push({ part: 'step', entry: entry++ });
  }
  const runs = plan.stepsAtOnce === 1 ? dispatches : inRuns(entry, plan.stepsAtOnce, table);
  return { dispatches: runs, entries: entry, orders, records, batches: done, epoch, batch };

  /** 1 + record of the epoch that waits; 0 for none. */
  function previousOf(): number {
    return waiting === null ? 0 : records.length + 1;
  }

  function evaluated(valStamp: number): void {
    if (waiting !== null) records.push({ ...waiting, valStamp });
    waiting = null;
  }
}

/** An entry field by field: copies of whole objects took as long as a small network's epoch on a card. */
function entryOf(
  { index, isFirst, learningRate, stepSize, inverseRootCorrection }: Step,
  {
    firstRow,
    rows,
    samples,
    record,
    previous,
  }: Required<Pick<StepEntry, 'firstRow' | 'rows' | 'samples' | 'record' | 'previous'>>,
): StepEntry {
  return {
    firstRow,
    rows,
    record,
    step: index,
    isFirst,
    learningRate,
    samples,
    stepSize,
    inverseRootCorrection,
    previous,
  };
}

/**
 * The dispatches of a chunk by submits: where the test set is evaluated in parts, each part has one of its
 * own, so that a device that shows a page as well is free in between.
 */
export function submitsOf(
  { dispatches }: Chunk,
  { evaluationRows }: Pick<Plan, 'evaluationRows'>,
  testSamples: number,
): readonly (readonly Dispatch[])[] {
  if (evaluationRows >= testSamples) return [dispatches];
  const submits: Dispatch[][] = [];
  let before: Dispatch['part'] | undefined;
  for (const dispatch of dispatches) {
    if (before !== 'step' || dispatch.part === 'epoch') submits.push([]);
    submits[submits.length - 1].push(dispatch);
    before = dispatch.part;
  }
  return submits;
}

/** Steps of a kernel that takes many: a dispatch for each run of them. */
function inRuns(entries: number, stepsAtOnce: number, table: StepTable): readonly Dispatch[] {
  const runs: Dispatch[] = [];
  for (let entry = 0; entry < entries; entry += stepsAtOnce) {
    table.setEntries(entry, Math.min(stepsAtOnce, entries - entry));
    runs.push({ part: 'step', entry });
  }
  return runs;
}
