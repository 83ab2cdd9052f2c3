/** The report of a run as text: what the notebook prints at its end, then who computed and how long. */
import type { TrainDocument } from '../session/run';
import { formatFixed } from '../training/format-fixed';

/** The report's lines, without a newline at the end. */
export function trainReport(document: TrainDocument): string {
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
    final.classification_report.trimEnd(),
    '',
    ...timingLines(document),
  ].join('\n');
}

function timingLines({ backend, timing }: TrainDocument): string[] {
  return [
    `Backend: ${backend.name} (${backend.precision}), ${backend.adapter}`,
    `Time:    setup ${timing.setup_ms.toFixed(1)} ms, training ${timing.train_ms.toFixed(1)} ms, ${timing.ms_per_epoch.toFixed(4)} ms an epoch`,
    ...(backend.is_software ? ['         software adapter: not a GPU’s timing'] : []),
  ];
}

/** A matrix of integers as NumPy prints it: columns right-aligned to the widest number. */
export function formatMatrix(rows: readonly (readonly number[])[]): string {
  const width = Math.max(...rows.flat().map((value) => String(value).length));
  const lines = rows.map((row) => row.map((value) => String(value).padStart(width)).join(' '));
  return `[${lines.map((line) => `[${line}]`).join('\n ')}]`;
}
