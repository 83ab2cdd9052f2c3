/** The charts as a picture, and the runs as a table for other programs. */
import { datasetOf } from '../../../data/registry';
import { toCsv } from '../../../session/csv';
import { configurationToJson } from '../../../training/configuration/json';
import { JUDGED_METRICS } from '../../../training/metrics';
import { ACCURACY, LOSS } from '../../components/history-chart';
import { colorOf } from '../../components/theme';
import { download } from '../../download';
import type { Store } from '../../state/store';
import { xAxis } from '../state/chart-view';
import { nameOf, runBookOf } from '../state/run-book';
import type { RunEntry } from '../state/run-entry';
import { curvesOf } from './curves-chart';
import { type Picture, paint, pictureOf, svgOf } from './curves-picture';

/** Pixels of the file for one of the picture: sharp in print. */
const SCALE = 2;

/** Both charts with title and legend, of the runs that are shown. */
function picture(store: Store): Picture {
  const book = runBookOf(store);
  const shown = book.shown.value;
  const { dataset } = shown[0]?.configuration ?? store.settings.configuration.value;
  return pictureOf({
    title: `${datasetOf(dataset).title}: loss and accuracy by ${xAxis.value}`,
    charts: [LOSS, ACCURACY].map((measure) => ({
      title: measure.title,
      drawing: curvesOf(store, book, measure),
    })),
    legend: shown.map((entry) => {
      const { adapter, precision } = entry.info;
      const isSelected = entry.run !== undefined && entry.run === store.run.value;
      return {
        name: `${nameOf(entry)}, ${adapter}, ${precision}`,
        train: isSelected ? '--series-train' : entry.color,
        test: isSelected ? '--series-test' : entry.color,
      };
    }),
    colorOf,
  });
}

export function savePng(store: Store, name: string): void {
  const drawn = picture(store);
  const canvas = document.createElement('canvas');
  canvas.width = SCALE * drawn.width;
  canvas.height = SCALE * drawn.height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(SCALE, SCALE);
  paint(context, drawn);
  canvas.toBlob((blob) => {
    if (blob !== null) download(name, blob.type, blob);
  });
}

export function saveSvg(store: Store, name: string): void {
  download(name, 'image/svg+xml', svgOf(picture(store)));
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
