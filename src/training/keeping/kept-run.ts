/**
 * A run as it is kept outside its backend: everything that it needs to go on with the same bits, as
 * sealed records. The history is cut into blocks, which never change once they are full, so that a long
 * run is not written anew each time.
 */
import * as v from 'valibot';
import { BACKEND_NAMES, type BackendName, type TrainingState } from '../backend';
import type { Configuration } from '../configuration/fields';
import { configurationFromJson, configurationToJson } from '../configuration/json';
import type { History } from '../history';
import { type EpochMetrics, METRICS, type MetricKey } from '../metrics';
import type { SavedRun } from '../trainer';
import { DamagedRecordError, type Numbers, type SealedRecord, seal, unseal } from './sealed-record';

/** Epochs of a block of the history. */
export const BLOCK_EPOCHS = 4096;

export interface KeptRun {
  readonly configuration: Configuration;
  /** Who computed it. */
  readonly backend: BackendName;
  /** Stable name of the plan that it ran, where there was a choice. */
  readonly plan?: string;
  readonly saved: Omit<SavedRun, 'history'>;
  /** It may go on beyond `saved.state`; what lies behind it is not kept. */
  readonly history: History;
  /** Milliseconds of training so far. */
  readonly trainMilliseconds: number;
  /** When it was kept, as `Date.now()` tells. */
  readonly keptAt: number;
}

/** A kept run as it is read again. */
export interface ReadRun extends Omit<KeptRun, 'saved' | 'history'> {
  readonly saved: SavedRun;
}

/** What is known of a kept run without reading all of it. */
export interface KeptSummary {
  readonly configuration: Configuration;
  readonly backend: BackendName;
  readonly epoch: number;
  readonly keptAt: number;
}

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const POSITION = v.object({
  epoch: COUNT,
  batch: COUNT,
  running: v.object({ loss: v.pipe(v.number(), v.finite()), correct: COUNT }),
  /** Arrays of the optimizer. */
  moments: COUNT,
});
const SUMMARY = v.object({
  configuration: v.pipe(
    v.unknown(),
    v.transform((json) => configurationFromJson(json)),
  ),
  backend: v.picklist(BACKEND_NAMES),
  epoch: COUNT,
  keptAt: v.number(),
});
/** Those that every epoch has are all there, unless there is no epoch. */
const METRIC_KEYS = v.pipe(
  v.array(v.picklist(METRICS.map(({ key }) => key))),
  v.check(
    (keys) =>
      keys.length === 0 ||
      METRICS.every(({ key, known }) => known !== 'always' || keys.includes(key)),
  ),
);
const RUN = v.object({
  ...SUMMARY.entries,
  plan: v.exactOptional(v.string()),
  trainMilliseconds: v.number(),
  state: POSITION,
  best: v.exactOptional(POSITION),
  metrics: METRIC_KEYS,
});

/** A run without the blocks of its history that are full. */
export function sealRun(run: KeptRun): Promise<Uint8Array<ArrayBuffer>> {
  const { state, best } = run.saved;
  const columns = columnsOf(run.history, fullBlocks(state.epoch) * BLOCK_EPOCHS, state.epoch);
  const header: v.InferInput<typeof RUN> = {
    ...summaryOf(run),
    ...(run.plan !== undefined && { plan: run.plan }),
    trainMilliseconds: run.trainMilliseconds,
    state: positionOf(state),
    ...(best !== undefined && { best: positionOf(best) }),
    metrics: columns.map(([key]) => key),
  };
  const arrays = [state, ...(best === undefined ? [] : [best])].flatMap((each) =>
    [each.parameters, ...each.optimizer].map(narrow),
  );
  return seal(header, [...arrays, ...columns.map(([, values]) => values)]);
}

/** The blocks from `from` on that the history of a run has full, by their numbers. */
export async function sealBlocks(
  { history, saved }: KeptRun,
  from: number,
): Promise<ReadonlyMap<number, Uint8Array<ArrayBuffer>>> {
  const blocks = new Map<number, Uint8Array<ArrayBuffer>>();
  for (let block = from; block < fullBlocks(saved.state.epoch); block++) {
    const columns = columnsOf(history, block * BLOCK_EPOCHS, (block + 1) * BLOCK_EPOCHS);
    const names = columns.map(([key]) => key);
    const arrays = columns.map(([, values]) => values);
    blocks.set(block, await seal(names, arrays));
  }
  return blocks;
}

export function sealSummary(run: KeptRun): Promise<Uint8Array<ArrayBuffer>> {
  return seal(summaryOf(run), []);
}

/**
 * A run from its records.
 *
 * @param blockOf - the record of a full block of its history
 * @throws DamagedRecordError where a record is missing, not whole, or not what it should be
 */
export async function unsealRun(
  record: Uint8Array<ArrayBuffer>,
  blockOf: (block: number) => Promise<Uint8Array<ArrayBuffer> | undefined>,
): Promise<ReadRun> {
  const { header, arrays } = await unseal(record);
  const { state, best, metrics, epoch, ...rest } = parsed(RUN, header);
  const left = [...arrays];
  const take = (count: number): Numbers[] => {
    if (count > left.length) throw new DamagedRecordError('The record lacks an array.');
    return left.splice(0, count);
  };
  const stateOf = ({ moments, ...position }: v.InferOutput<typeof POSITION>): TrainingState => {
    const [parameters, ...optimizer] = take(1 + moments).map((array) => Float64Array.from(array));
    return { ...position, parameters, optimizer };
  };
  const saved = { state: stateOf(state), ...(best !== undefined && { best: stateOf(best) }) };
  const history: EpochMetrics[] = [];
  for (let block = 0; block < fullBlocks(epoch); block++) {
    const bytes = await blockOf(block);
    if (bytes === undefined) throw new DamagedRecordError(`Block ${block} of the history is gone.`);
    history.push(...epochsOf(await unsealBlock(bytes)));
  }
  const columns = take(metrics.length);
  history.push(...epochsOf(metrics.map((key, i) => [key, columns[i]] as const)));
  if (history.length !== epoch) {
    throw new DamagedRecordError(`The history has ${history.length} epochs and not ${epoch}.`);
  }
  return { ...rest, saved: { ...saved, history } };
}

/** @throws DamagedRecordError where the record is not whole, or no summary */
export async function unsealSummary(record: Uint8Array<ArrayBuffer>): Promise<KeptSummary> {
  return parsed(SUMMARY, (await unseal(record)).header);
}

async function unsealBlock(bytes: Uint8Array<ArrayBuffer>) {
  const { header, arrays }: SealedRecord = await unseal(bytes);
  return parsed(METRIC_KEYS, header).map((key, i) => [key, arrays[i]] as const);
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  header: unknown,
): v.InferOutput<Schema> {
  try {
    return v.parse(schema, header);
  } catch (error) {
    throw new DamagedRecordError(`The record is not that of a run: ${String(error)}`);
  }
}

function summaryOf({ configuration, backend, saved, keptAt }: KeptRun) {
  const { epoch } = saved.state;
  return { configuration: configurationToJson(configuration), backend, epoch, keptAt };
}

function positionOf({ epoch, batch, running, optimizer }: TrainingState) {
  return { epoch, batch, running, moments: optimizer.length };
}

/** Blocks of a history that are full, and do not change any more. */
function fullBlocks(epochs: number): number {
  return Math.floor(epochs / BLOCK_EPOCHS);
}

/** The metrics that are known of epochs `from` to `to`, each as one array. */
function columnsOf({ columns }: History, from: number, to: number) {
  return METRICS.flatMap(({ key }): (readonly [MetricKey, Float64Array])[] =>
    columns[key].length === 0 ? [] : [[key, Float64Array.from(columns[key].slice(from, to))]],
  );
}

/** Epochs from their columns; only finite ones join a history. */
function epochsOf(columns: readonly (readonly [string, Numbers])[]): EpochMetrics[] {
  const length = columns[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, epoch) => {
    const values = columns.map(([key, array]) => [key, array[epoch]] as const);
    // The columns are those of every metric that was known, so this is what they are.
    return { ...Object.fromEntries(values), finite: true } as unknown as EpochMetrics;
  });
}

/** The same numbers in half the bytes, where float32 holds all of them, as a GPU's are. */
function narrow(values: Float64Array): Numbers {
  const half = Float32Array.from(values);
  return values.every((value, i) => Object.is(half[i], value)) ? half : values;
}
