/** The charts as a picture, and the runs as a table for other programs. */
import { toCsv } from '../../../session/csv';
import { configurationToJson } from '../../../training/configuration/json';
import { JUDGED_METRICS } from '../../../training/metrics';
import { colorOf } from '../../components/theme';
import { download } from '../../download';
import { nameOf } from '../state/run-book';
import type { RunEntry } from '../state/run-entry';

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
    if (blob !== null) download(name, blob.type, blob);
  });
}

/** Every row of every run. */
function runsToCsv(entries: readonly RunEntry[]): string {
  const names = JUDGED_METRICS.map(({ name }) => name);
  const header = ['run', 'backend', 'adapter', 'precision', 'epoch', 'step', 'seconds', ...names];
  const rows = entries.flatMap((entry) => {
    const { history, info, configuration } = entry;
    const settings = JSON.stringify(configurationToJson(configuration));
    return history.epochs.map((epoch, row) => [
      ...[nameOf(entry), info.name, info.adapter, info.precision],
      ...[epoch, epoch * history.batchesPerEpoch, history.milliseconds[row] / 1000],
      ...JUDGED_METRICS.map(({ key }) => history.columns[key][row]),
      // The same in every row of a run: the first one is enough.
      row === 0 ? settings : '',
    ]);
  });
  return toCsv([[...header, 'configuration'], ...rows]);
}

export function saveCsv(entries: readonly RunEntry[], name: string): void {
  download(name, 'text/csv', runsToCsv(entries));
}
