/** All data sets. A new one is a file beside this one and a line here. */
import type { Dataset, Rows } from './dataset';
import { digits } from './digits';

const DATASETS = { digits } as const satisfies Readonly<Record<string, Dataset>>;

export type DatasetName = keyof typeof DATASETS;
export const DATASET_NAMES = Object.keys(DATASETS) as readonly DatasetName[];

export function datasetOf(name: DatasetName): Dataset {
  return DATASETS[name];
}

const loaded = new Map<DatasetName, Promise<Rows>>();

/** The rows of a data set, read once; after a failure, the next call tries again. */
export function loadRows(name: DatasetName): Promise<Rows> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const rows = datasetOf(name).load();
  loaded.set(name, rows);
  rows.catch(() => loaded.delete(name));
  return rows;
}
