/** A whole run without a page: prepare, train, evaluate; the result is one JSON document. */
import type { Cores } from '../cpu/threads/cores';
import { loadRows } from '../data/registry';
import type { WebGpuOptions } from '../gpu/backend';
import type { NetworkSpec } from '../model/network-spec';
import type { BackendInfo, BackendName, EpochMetrics } from '../training/backend';
import { checkConfiguration } from '../training/configuration/check';
import type { Configuration } from '../training/configuration/fields';
import { configurationToJson } from '../training/configuration/json';
import { InvalidInputError } from '../training/errors';
import { loadStart } from '../training/files/start-file';
import type { HistoryRecord } from '../training/history';
import { prepare } from '../training/prepare';
import { isPrinted, printedLine } from '../training/printed-lines';
import { Trainer } from '../training/trainer';
import { type FinalDocument, finalReport } from './final-report';
import { type KernelTimesDocument, timeKernelsOf } from './kernel-times';
import { openBackend } from './open-backend';
import type { RuntimeDocument } from './runtime-document';
import { type SnakeCased, snakeCased } from './snake-case';

export interface SessionOptions {
  readonly configuration: Configuration;
  readonly backend: BackendName;
  readonly webgpu?: WebGpuOptions;
  /** Of the backend cpu; by default the page's. */
  readonly cores?: Cores;
  /** A line for the first epoch, for every `printEvery`th and for the last. */
  readonly printEvery: number;
  /** Time each kernel after the run; by default not. */
  readonly kernelTimes?: boolean;
  /** Makes the document's file with the parameters in the end; by default there is none. */
  readonly parametersFile?: (
    spec: NetworkSpec,
    parameters: Float64Array,
    configuration: Configuration,
  ) => string;
  /** Called with each of the notebook's lines, in order. */
  readonly onLine?: (line: string) => void;
  /** Called after each chunk of steps with how many epochs are done, of how many. */
  readonly onProgress?: (epoch: number, epochs: number) => void;
  /** Asked after each chunk of steps: true ends training there, and the stop's reason is `paused`. */
  readonly isCancelled?: () => boolean;
}

/** A run as JSON. */
export interface TrainDocument {
  /** The whole configuration, with names in snake_case. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Who computed, and by which plan where there was a choice. */
  readonly backend: SnakeCased<BackendInfo>;
  readonly history: HistoryRecord;
  readonly final: FinalDocument;
  /** Milliseconds of wall time. */
  readonly timing: {
    /** Opening the backend: adapter, compilation, upload. */
    readonly setup_ms: number;
    readonly train_ms: number;
    /** `train_ms` divided by the epochs trained. */
    readonly ms_per_epoch: number;
  };
  /** Only where asked for, and not after a divergence: a file with the parameters in the end. */
  readonly parameters_file?: string;
  /** Only where asked for. */
  readonly kernel_times?: KernelTimesDocument;
  /** Only where training ended before its last epoch. */
  readonly stop?: { readonly reason: string; readonly message?: string };
  /** The epoch that `final` is of, where an earlier one than the last was restored. */
  readonly restored_epoch?: number;
  /** Only from the command line. */
  readonly runtime?: RuntimeDocument;
}

/**
 * Runs a configuration from the data to the final report. The backend is disposed of in any case.
 *
 * @throws InvalidInputError, DataFormatError, or BackendUnavailableError, before anything is trained;
 *   BackendUnavailableError also where the device is lost meanwhile
 */
export async function runSession(options: SessionOptions): Promise<TrainDocument> {
  const { printEvery, onLine, onProgress, isCancelled } = options;
  const configuration = checkConfiguration(options.configuration);
  if (!Number.isInteger(printEvery) || printEvery < 1) {
    throw new InvalidInputError('print_every', printEvery, 'an integer from 1');
  }
  const rows = await loadRows(configuration);
  const prepared = prepare(configuration, rows, await loadStart(configuration));
  const started = performance.now();
  const { webgpu, cores } = options;
  const backend = await openBackend(options.backend, prepared.problem, {
    ...webgpu,
    ...(cores && { cores }),
  });
  try {
    const opened = performance.now();
    const onEpochs = (from: number, epochs: readonly EpochMetrics[]) => {
      for (const [index, metrics] of epochs.entries()) {
        const epoch = from + index + 1;
        if (isPrinted(epoch, printEvery))
          onLine?.(printedLine(epoch, configuration.epochs, metrics));
      }
    };
    const trainer = new Trainer(backend, configuration, {
      onEpochs,
      onProgress: () => {
        onProgress?.(trainer.epoch, configuration.epochs);
        if (isCancelled?.()) trainer.pause();
      },
    });
    const { reason, message, restoredEpoch } = await trainer.run();
    const trained = performance.now();
    const { length } = trainer.history;
    const last = trainer.history.at(-1);
    if (last !== undefined && !isPrinted(length, printEvery)) {
      onLine?.(printedLine(length, configuration.epochs, last));
    }
    const { document: final } = await finalReport(backend, prepared);
    const trainMs = trained - opened;
    const { parametersFile } = options;
    const file =
      reason === 'diverged'
        ? undefined
        : parametersFile?.(prepared.problem.spec, await backend.parameters(), configuration);
    const kernelTimes = options.kernelTimes ? await timeKernelsOf(backend) : undefined;
    return {
      config: configurationToJson(configuration),
      backend: snakeCased(backend.info),
      history: trainer.history.toRecord(),
      final,
      timing: {
        setup_ms: opened - started,
        train_ms: trainMs,
        ms_per_epoch: trainMs / Math.max(1, trainer.history.length),
      },
      ...(file !== undefined && { parameters_file: file }),
      ...(kernelTimes !== undefined && { kernel_times: kernelTimes }),
      ...(restoredEpoch !== undefined && { restored_epoch: restoredEpoch }),
      ...(reason !== 'finished' && { stop: { reason, ...(message !== undefined && { message }) } }),
    };
  } finally {
    backend.dispose();
  }
}
