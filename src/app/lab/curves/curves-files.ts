/** The charts as a picture, and the runs as a table for other programs. */
import { configurationToJson } from '../../../training/configuration/json';
import { colorOf } from '../../components/theme';
import { nameOf, type RunEntry } from '../state/run-book';

const GAP = 24;

/** Saves the canvases beside each other as one PNG on the page's own background. */
export function savePicture(canvases: readonly HTMLCanvasElement[], name: string): void {
  const picture = document.createElement('canvas');
  const scale = window.devicePixelRatio;
  picture.width =
    canvases.reduce((sum, { width }) => sum + width, 0) + (canvases.length + 1) * GAP * scale;
  picture.height = Math.max(...canvases.map(({ height }) => height)) + 2 * GAP * scale;
  const context = picture.getContext('2d');
  if (context === null) return;
  context.fillStyle = colorOf('--paper');
  context.fillRect(0, 0, picture.width, picture.height);
  let left = GAP * scale;
  for (const canvas of canvases) {
    context.drawImage(canvas, left, GAP * scale);
    left += canvas.width + GAP * scale;
  }
  picture.toBlob((blob) => {
    if (blob !== null) save(name, blob);
  });
}

const HEADER =
  'run,backend,adapter,precision,epoch,step,seconds,loss,accuracy,val_loss,val_accuracy,configuration';

/** Every row of every run (RFC 4180, lines ended by \n). */
export function runsToCsv(entries: readonly RunEntry[]): string {
  const lines = entries.flatMap((entry) => {
    const { curve, info, configuration } = entry;
    const who = [nameOf(entry), info.name, info.adapter, info.precision].map(field);
    const settings = field(JSON.stringify(configurationToJson(configuration)));
    return Array.from({ length: curve.length }, (_, row) =>
      [
        ...who,
        curve.epochAt(row),
        curve.epochAt(row) * curve.batchesPerEpoch,
        curve.millisecondsAt(row) / 1000,
        curve.valueAt('loss', row),
        curve.valueAt('accuracy', row),
        curve.valueAt('valLoss', row),
        curve.valueAt('valAccuracy', row),
        // The same in every row of a run: the first one is enough.
        row === 0 ? settings : '',
      ].join(','),
    );
  });
  return `${[HEADER, ...lines].join('\n')}\n`;
}

export function saveCsv(entries: readonly RunEntry[], name: string): void {
  save(name, new Blob([runsToCsv(entries)], { type: 'text/csv' }));
}

/** A text as a field; one that a spreadsheet would take for a formula is kept as text. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function save(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
