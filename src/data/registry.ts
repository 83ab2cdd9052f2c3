/**
 * All data sets. A new one is a file beside this one and a line here; files that people bring come and go,
 * and a configuration names them by what is in them.
 */
import type { DataSettings, Dataset, Progress, Rows } from './dataset';
import { digits } from './digits';
import {
  absentFile,
  type FileDatasetName,
  type FileDescription,
  type FileReference,
  isFileDataset,
  MissingFileError,
  parseFileDataset,
} from './file-dataset';
import { mnist } from './mnist';
import { circle, gauss, spiral, xor } from './plane';
import { breastCancer, iris, wine } from './tables';

const DATASETS = {
  ...{ digits, mnist, circle, xor, gauss, spiral },
  ...{ iris, wine, breast_cancer: breastCancer },
} as const satisfies Readonly<Record<string, Dataset>>;

/** A data set that comes with the program. */
export type BuiltInName = keyof typeof DATASETS;
export type DatasetName = BuiltInName | FileDatasetName;
/** Of the data sets that come with the program. */
export const DATASET_NAMES = Object.keys(DATASETS) as readonly BuiltInName[];

/** Files that were brought, by their names. */
const brought = new Map<FileDatasetName, Dataset>();

/** What a file that was brought holds. */
export interface BroughtFile {
  readonly description: FileDescription;
  readonly rows: Rows;
}

/** Where the rows of files are kept; without it, there are none. */
let fileStore: (name: FileDatasetName) => Promise<BroughtFile | undefined> = async () => undefined;

/** Says where the rows of files come from. */
export function setFileStore(store: typeof fileStore): void {
  fileStore = store;
}

/** From now on a file is known by what is in it, and no longer by its name alone. */
export function bringFile(description: FileDescription): void {
  const { name } = description;
  brought.set(name, { ...description, load: () => loadFile(name) });
}

/** True of what comes with the program, and of a file that is here. */
export function isHere(name: DatasetName): boolean {
  return !isFileDataset(name) || brought.has(name);
}

/**
 * A data set; of a file that is not here, what its name says.
 *
 * @throws RangeError for a name that no checked configuration has
 */
export function datasetOf(name: DatasetName): Dataset {
  if (!isFileDataset(name)) return DATASETS[name];
  return brought.get(name) ?? { ...absentFile(referenceTo(name)), load: () => loadFile(name) };
}

function referenceTo(name: FileDatasetName): FileReference {
  const reference = parseFileDataset(name);
  if (reference === undefined) throw new RangeError(`unchecked name of a file: ${name}`);
  return reference;
}

/** @throws MissingFileError where the file is not kept */
async function loadFile(name: FileDatasetName): Promise<Rows> {
  const found = await fileStore(name);
  if (found === undefined) throw new MissingFileError(referenceTo(name));
  bringFile(found.description);
  return found.rows;
}

interface Loaded {
  readonly name: DatasetName;
  /** What was asked for, of what the rows depend on. */
  readonly key: string;
  readonly rows: Promise<Rows>;
}

/** The rows of each data set that were asked for last; of all files the last one. */
const loaded = new Map<BuiltInName | 'file', Loaded>();

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
  const slot = isFileDataset(name) ? 'file' : name;
  const drawnFrom = (dataset.drawnFrom ?? []).map((setting) => settings[setting]);
  const key = JSON.stringify([name, ...drawnFrom]);
  const known = loaded.get(slot);
  if (known?.key === key) return known.rows;
  const asked = { name, key, rows: dataset.load(settings, onProgress) };
  loaded.set(slot, asked);
  asked.rows.catch(() => {
    if (loaded.get(slot) === asked) loaded.delete(slot);
  });
  return asked.rows;
}

/** The file that was read last, for another worker: the store may have let go of it since. Undefined of any other. */
export async function fileReadLast(name: FileDatasetName): Promise<BroughtFile | undefined> {
  const dataset = brought.get(name);
  const read = loaded.get('file');
  if (dataset === undefined || read?.name !== name) return undefined;
  const { load: _, ...description } = dataset;
  return { description: { ...description, name }, rows: await read.rows };
}
