/** Trains every preset in turn: what the notebook's challenges give on this machine, as one table. */
import type { Cores } from '../cpu/threads/cores';
import type { WebGpuOptions } from '../gpu/backend';
import type { AcquiredDevice } from '../gpu/runtime/device';
import type { BackendName } from '../training/backend';
import { checkConfiguration } from '../training/configuration/check';
import type { Configuration } from '../training/configuration/fields';
import { BackendUnavailableError, messageOf } from '../training/errors';
import { PRESETS, type Preset } from '../training/presets';
import { toCsv } from './csv';
import { runSession, type TrainDocument } from './run';
import type { RuntimeDocument } from './runtime-document';

/** A preset's result; null where it failed. Metrics are those of its last epoch. */
export interface RunAllRow {
  readonly name: string;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly val_loss: number | null;
  readonly val_accuracy: number | null;
  /** First epoch, counted from 1, with a test accuracy of 99 % or more; null where there is none. */
  readonly epochs_to_99: number | null;
  /** Wall time of training, in milliseconds, without opening the backend. */
  readonly ms: number | null;
  readonly ms_per_epoch: number | null;
  readonly backend: BackendName;
  readonly adapter: string | null;
  /** Why it failed, or why it ended in a divergence. */
  readonly error: string | null;
  /** Only from the command line. */
  readonly runtime?: RuntimeDocument;
}

const COLUMNS = [
  'name',
  'loss',
  'accuracy',
  'val_loss',
  'val_accuracy',
  'epochs_to_99',
  'ms',
  'ms_per_epoch',
  'backend',
  'adapter',
  'error',
] as const satisfies readonly Exclude<keyof RunAllRow, 'runtime'>[];

/** Where a run of all presets stands. */
export interface RunAllProgress {
  /** The preset under way. */
  readonly preset: Preset;
  /** Its place, from 0, and the number of presets. */
  readonly index: number;
  readonly count: number;
  /** Epochs of it that are done, of how many. */
  readonly epoch: number;
  readonly epochs: number;
}

export interface RunAllOptions {
  readonly backend: BackendName;
  readonly webgpu?: WebGpuOptions;
  /** Of the backend cpu; by default the page's. */
  readonly cores?: Cores;
  /** Gives each preset the device to use and to leave alone; by default each takes one of its own. */
  readonly device?: () => Promise<AcquiredDevice>;
  /** Settings that take the place of every preset's own. */
  readonly settings?: Partial<Configuration>;
  /** Called with a line as each preset starts: `3/16 challenge-1-lr-0.3`. */
  readonly onLine?: (line: string) => void;
  /** Called after each chunk of epochs. */
  readonly onProgress?: (progress: RunAllProgress) => void;
  /** Called with each row as it comes. */
  readonly onRow?: (row: RunAllRow, index: number) => void;
  /** Asked after each chunk of epochs: true ends the run with the rows of the presets that are done. */
  readonly isCancelled?: () => boolean;
  /** By default all. */
  readonly presets?: readonly Preset[];
}

/** Trains the presets one after the other. One that fails says so in its row, and the next one starts. */
export async function runAll(options: RunAllOptions): Promise<readonly RunAllRow[]> {
  const { presets = PRESETS, onLine, onProgress, onRow, isCancelled } = options;
  const count = presets.length;
  const rows: RunAllRow[] = [];
  for (const [index, preset] of presets.entries()) {
    if (isCancelled?.()) break;
    onLine?.(`${index + 1}/${count} ${preset.name}`);
    const row = await runPreset(preset, options, (epoch, epochs) =>
      onProgress?.({ preset, index, count, epoch, epochs }),
    );
    if (row === null) break;
    rows.push(row);
    onRow?.(row, index);
  }
  return rows;
}

/**
 * Milliseconds before each try of a preset; only one that lost its device is tried again, and gives the
 * same numbers. A driver that starts anew has no adapter for a moment.
 */
const WAITS_MS = [0, 300, 2000];

/** The row of a preset; null where it was cancelled. */
async function runPreset(
  preset: Preset,
  options: RunAllOptions,
  onProgress: (epoch: number, epochs: number) => void,
): Promise<RunAllRow | null> {
  let isLost = false;
  let failed: RunAllRow | undefined;
  for (const wait of WAITS_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      return await tryPreset(preset, options, onProgress);
    } catch (error) {
      failed = failedRow(preset.name, options.backend, messageOf(error));
      if (!(error instanceof BackendUnavailableError)) break;
      isLost ||= error.reason === 'device-lost' || error.reason === 'device-error';
      if (!isLost) break;
    }
  }
  return failed ?? null;
}

async function tryPreset(
  { name, configuration: own }: Preset,
  { backend, webgpu, cores, device, settings, isCancelled }: RunAllOptions,
  onProgress: (epoch: number, epochs: number) => void,
): Promise<RunAllRow | null> {
  const configuration = checkConfiguration({ ...own, ...settings });
  const document = await runSession({
    configuration,
    backend,
    webgpu: {
      ...webgpu,
      ...(backend === 'webgpu' && device !== undefined && { device: await device() }),
    },
    ...(cores && { cores }),
    printEvery: configuration.epochs,
    onProgress,
    ...(isCancelled === undefined ? {} : { isCancelled }),
  });
  // A preset that was broken off has no result.
  return document.stop?.reason === 'paused' ? null : rowOf(name, document);
}

function rowOf(name: string, { history, backend, timing, stop }: TrainDocument): RunAllRow {
  const reached = history.val_accuracy.findIndex((accuracy) => accuracy >= 0.99);
  return {
    name,
    loss: history.loss.at(-1) ?? null,
    accuracy: history.accuracy.at(-1) ?? null,
    val_loss: history.val_loss.at(-1) ?? null,
    val_accuracy: history.val_accuracy.at(-1) ?? null,
    epochs_to_99: reached < 0 ? null : reached + 1,
    ms: timing.train_ms,
    ms_per_epoch: timing.ms_per_epoch,
    backend: backend.name,
    adapter: backend.adapter,
    error: stop?.reason === 'diverged' ? (stop.message ?? stop.reason) : null,
  };
}

function failedRow(name: string, backend: BackendName, error: string): RunAllRow {
  const nothing = Object.fromEntries(COLUMNS.map((column) => [column, null]));
  return { ...(nothing as Record<(typeof COLUMNS)[number], null>), name, backend, error };
}

/** The rows as CSV with a header line. */
export function rowsToCsv(rows: readonly RunAllRow[]): string {
  return toCsv([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))]);
}
