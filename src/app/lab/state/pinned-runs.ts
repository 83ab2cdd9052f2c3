/** Pinned runs in the browser's memory, with few rows each; what is read is checked. */
import * as v from 'valibot';
import { BACKEND_NAMES } from '../../../training/backend';
import { configurationFromJson, configurationToJson } from '../../../training/configuration/json';
import { JUDGED_METRICS, type JudgedKey } from '../../../training/metrics';
import { onOtherTab, recall, remember } from '../../state/memory';
import { type KeptColumns, RunHistory } from '../../state/run-history';
import { spread } from '../../state/spread';
import type { RunEntry } from './run-entry';

const MEMORY = 'shaderprop.pinned-runs';
/** Rows that are kept of a run. */
const MOST_ROWS = 400;
export const MOST_PINNED = 20;

const COLUMN = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(2 * MOST_ROWS));
const JUDGED_KEYS = JUDGED_METRICS.map(({ key }) => key);
const COLUMNS = v.pipe(
  v.object(v.entriesFromList(['epoch', 'milliseconds', ...JUDGED_KEYS], COLUMN)),
  v.check((columns) => {
    const lengths = Object.values(columns).map(({ length }) => length);
    return lengths.every((length) => length > 0 && length === lengths[0]);
  }),
);
const SAVED_RUN = v.object({
  /** Of runs that a version before this one kept there is none. */
  key: v.optional(v.pipe(v.string(), v.maxLength(50))),
  name: v.pipe(v.string(), v.maxLength(200)),
  configuration: v.record(v.string(), v.unknown()),
  info: v.object({
    name: v.picklist(BACKEND_NAMES),
    adapter: v.string(),
    precision: v.picklist(['float32', 'float64']),
  }),
  batchesPerEpoch: v.pipe(v.number(), v.integer(), v.minValue(1)),
  columns: COLUMNS,
});

const SAVED = v.pipe(v.string(), v.parseJson(), v.array(v.unknown()));

/** A pinned run as it is remembered. */
type PinnedRun = Pick<RunEntry, 'configuration' | 'info' | 'history'> & {
  readonly key: string;
  readonly name: string;
};

/** A name for a run that no other tab has. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join('-');
}

/** The runs that were pinned, on earlier visits or in another tab; what cannot be read is left out. */
export function readPinned(): readonly PinnedRun[] {
  return stored().slice(0, MOST_PINNED).flatMap(readRun);
}

/** Hears when another tab pins, renames or deletes a run. */
export function onPinnedElsewhere(listener: () => void): void {
  onOtherTab(MEMORY, listener);
}

function stored(): readonly unknown[] {
  const { success, output } = v.safeParse(SAVED, recall(MEMORY) ?? '[]');
  return success ? output : [];
}

function readRun(value: unknown): PinnedRun[] {
  const { success, output } = v.safeParse(SAVED_RUN, value);
  if (!success) return [];
  try {
    const { key = newKey(), name, info, batchesPerEpoch, columns } = output;
    const configuration = configurationFromJson(output.configuration);
    const history = new RunHistory(batchesPerEpoch);
    history.recall(columns);
    return [{ key, name, info, configuration, history }];
  } catch {
    return []; // a configuration that this version does not know
  }
}

/**
 * Keeps the pinned runs of this tab; those that another tab has pinned meanwhile stay beside them.
 *
 * @param known - keys of all runs that this tab has read or written: one that is stored, known and not
 * among `runs` has been deleted here
 * @returns false where the browser keeps nothing
 */
export function writePinned(runs: readonly PinnedRun[], known: ReadonlySet<string>): boolean {
  const here = new Set([...known, ...runs.map(({ key }) => key)]);
  const others = stored().filter((value) => {
    const { success, output } = v.safeParse(SAVED_RUN, value);
    return success && output.key !== undefined && !here.has(output.key);
  });
  const own = runs
    .filter(({ history }) => history.length > 0)
    .map(({ key, name, info: { name: backend, adapter, precision }, configuration, history }) => ({
      key,
      name,
      configuration: configurationToJson(configuration),
      info: { name: backend, adapter, precision },
      batchesPerEpoch: history.batchesPerEpoch,
      columns: keptColumns(history),
    }));
  return remember(MEMORY, JSON.stringify([...own, ...others].slice(0, MOST_PINNED)));
}

/** A few rows, evenly spread, with the best one among them. */
function keptColumns(history: RunHistory): KeptColumns {
  const { length, bestRow, columns, epochs, milliseconds } = history;
  const rows = new Set(spread(length, MOST_ROWS));
  if (bestRow !== undefined) rows.add(bestRow);
  const kept = [...rows].sort((a, b) => a - b);
  const metrics = JUDGED_KEYS.map((key) => [key, kept.map((row) => columns[key][row])]);
  return {
    epoch: kept.map((row) => epochs[row]),
    milliseconds: kept.map((row) => milliseconds[row]),
    ...(Object.fromEntries(metrics) as Record<JudgedKey, number[]>),
  };
}
