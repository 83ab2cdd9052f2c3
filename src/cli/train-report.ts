/** The report of a run as text: what the notebook prints at its end, then who computed and how long. */
import {
  classificationReport,
  formatClassificationReport,
} from '../evaluation/classification-report';
import type { KernelTiming } from '../gpu/runtime/kernel-timer';
import type { TrainDocument } from '../session/run';
import type { RunAllRow } from '../session/run-all';
import type { RuntimeDocument } from '../session/runtime-document';
import { formatFixed } from '../training/format-fixed';
import { shortNames } from './short-names';
import { textTable } from './text-table';

/**
 * The report's lines, without a newline at the end.
 *
 * @param names - of the classes; the document has them in full, and here long ones are shortened
 */
export function trainReport(document: TrainDocument, names: readonly string[]): string {
  const { final, stop } = document;
  return [
    ...(stop ? [`Stopped: ${stop.message ?? stop.reason}`, ''] : []),
    `Test Loss:     ${formatFixed(final.loss, 4)}`,
    `Test Accuracy: ${formatFixed(final.accuracy, 4)}`,
    '',
    'Confusion Matrix:',
    formatMatrix(final.confusion_matrix),
    '',
    'Classification Report:',
    formatClassificationReport(
      classificationReport(final.confusion_matrix, shortNames(names)),
    ).trimEnd(),
    '',
    ...timingLines(document),
    ...kernelLines(document),
  ].join('\n');
}

function timingLines({ backend, timing, runtime }: TrainDocument): string[] {
  return [
    `Backend: ${backend.name} (${backend.precision}), ${backend.adapter}`,
    ...(runtime === undefined ? [] : [`Runtime: ${runtimeWords(runtime)}`]),
    `Time:    setup ${timing.setup_ms.toFixed(1)} ms, training ${timing.train_ms.toFixed(1)} ms, ${timing.ms_per_epoch.toFixed(4)} ms an epoch`,
    ...(backend.is_software ? ['         software adapter: not a GPU’s timing'] : []),
    ...planLines(backend),
  ];
}

/** `Dawn 0.6.2, SwiftShader driver 5.0.0`. */
export function runtimeWords({ engine, version, driver }: RuntimeDocument): string {
  return `${engine} ${version}${driver === null ? '' : `, ${driver}`}`;
}

/** The plan that ran, who chose it, and what the candidates took. */
function planLines({ plan }: TrainDocument['backend']): string[] {
  if (plan === undefined) return [];
  const width = Math.max(...plan.timings.map(({ candidate }) => candidate.length));
  return [
    `Plan:    ${plan.candidate} (${plan.chosen_by})`,
    ...plan.timings.map(({ candidate, ms_per_step, note, took_ms }) => {
      const time = ms_per_step === null ? note : `${ms_per_step.toFixed(4)} ms a step`;
      const took = took_ms === undefined ? '' : `, tried in ${took_ms.toFixed(0)} ms`;
      return `         ${candidate.padEnd(width)}  ${time}${took}`;
    }),
    ...(plan.tuning_ms === undefined
      ? []
      : [`         measured in ${plan.tuning_ms.toFixed(0)} ms in all, compiling included`]),
  ];
}

const PART_TITLES = {
  chunk: 'before a submit’s first step',
  step: 'a step',
  epoch: 'after an epoch',
  prediction: 'a prediction',
} as const satisfies Record<KernelTiming['part'], string>;

/** The time of each kernel, where it was asked for; or what there is instead. */
function kernelLines({ kernel_times: times, timing }: TrainDocument): string[] {
  if (times === undefined) return [];
  if (times.resolution_ms === null) {
    return [
      '',
      `No times of kernels: ${times.obstacle ?? 'there is no clock for them'}.`,
      `Only the time of whole submits is offered: ${timing.ms_per_epoch.toFixed(4)} ms an epoch, as above.`,
    ];
  }
  const rows = times.kernels.map(({ part, phase, layer, kernel, ms, repetitions }) => [
    kernel,
    phase,
    layer === 0 ? 'all' : `${layer}`,
    ms.toFixed(4),
    repetitions.toLocaleString('en'),
    PART_TITLES[part],
  ]);
  const inStep = times.kernels.filter(({ part }) => part === 'step');
  const sum = inStep.reduce((total, { ms }) => total + ms, 0);
  return [
    '',
    'Time of each kernel:',
    textTable([['kernel', 'phase', 'layer', 'ms a dispatch', 'repetitions', 'when'], ...rows]),
    `The kernels of a step together: ${sum.toFixed(4)} ms.`,
    `By timestamp queries, which browsers round to ${times.resolution_ms} ms; each kernel is repeated until its time stands above that.`,
  ];
}

const HEADINGS = [
  'preset',
  'loss',
  'accuracy',
  'test loss',
  'test accuracy',
  'epochs to 99 %',
  'ms',
  'ms an epoch',
];

/** The table of a run of all presets, and who computed; what failed stands below it. */
export function runAllReport(rows: readonly RunAllRow[]): string {
  const fixed = (value: number | null, digits: number) =>
    value === null ? '-' : formatFixed(value, digits);
  const lines = rows.map((row) => [
    row.name,
    ...[row.loss, row.accuracy, row.val_loss, row.val_accuracy].map((value) => fixed(value, 4)),
    String(row.epochs_to_99 ?? '-'),
    fixed(row.ms, 1),
    fixed(row.ms_per_epoch, 4),
  ]);
  const computed = new Set(
    rows.flatMap(({ backend, adapter, runtime }) => {
      const where = runtime === undefined ? '' : `; ${runtimeWords(runtime)}`;
      return adapter === null ? [] : [`${backend}, ${adapter}${where}`];
    }),
  );
  const failures = rows.flatMap(({ name, error }) => (error === null ? [] : [`${name}: ${error}`]));
  return [
    textTable([HEADINGS, ...lines], 'figures'),
    ...[...computed].map((who) => `\nBackend: ${who}`),
    ...failures.map((failure) => `Failed: ${failure}`),
  ].join('\n');
}

/** A matrix of integers as NumPy prints it: columns right-aligned to the widest number. */
export function formatMatrix(rows: readonly (readonly number[])[]): string {
  const width = Math.max(...rows.flat().map((value) => String(value).length));
  const lines = rows.map((row) => row.map((value) => String(value).padStart(width)).join(' '));
  return `[${lines.map((line) => `[${line}]`).join('\n ')}]`;
}
