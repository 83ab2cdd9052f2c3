/** All data sets. A new one is a file beside this one and a line here. */
import type { DataSettings, Dataset, Progress, Rows } from './dataset';
import { digits } from './digits';
import { mnist } from './mnist';
import { circle, gauss, spiral, xor } from './plane';
import { breastCancer, iris, wine } from './tables';

const DATASETS = {
  ...{ digits, mnist, circle, xor, gauss, spiral },
  ...{ iris, wine, breast_cancer: breastCancer },
} as const satisfies Readonly<Record<string, Dataset>>;

export type DatasetName = keyof typeof DATASETS;
export const DATASET_NAMES = Object.keys(DATASETS) as readonly DatasetName[];

export function datasetOf(name: DatasetName): Dataset {
  return DATASETS[name];
}

interface Loaded {
  /** What was asked for, of what the rows depend on. */
  readonly key: string;
  readonly rows: Promise<Rows>;
}

/** The rows of each data set that were asked for last. */
const loaded = new Map<DatasetName, Loaded>();

/**
 * The rows of a data set, read once; drawn again where other settings ask for others. After a failure,
 * the next call tries again.
 *
 * @param settings - a configuration, or what of it decides the rows
 * @param onProgress - of a reading that begins with this call
 */
export function loadRows(
  { dataset: name, ...settings }: DataSettings & { readonly dataset: DatasetName },
  onProgress?: Progress,
): Promise<Rows> {
  const dataset: Dataset = datasetOf(name);
  const key = JSON.stringify((dataset.drawnFrom ?? []).map((setting) => settings[setting]));
  const known = loaded.get(name);
  if (known?.key === key) return known.rows;
  const asked = { key, rows: dataset.load(settings, onProgress) };
  loaded.set(name, asked);
  asked.rows.catch(() => {
    if (loaded.get(name) === asked) loaded.delete(name);
  });
  return asked.rows;
}
