/** Samples from NumPy's arrays: a table in one NPY, or samples and classes in an NPZ. */
import { unzipSync } from 'fflate';
import { DataFormatError, type InputShape } from '../dataset';
import { type NpyArray, readNpy } from './npy';
import {
  checkFeatures,
  counted,
  firstOf,
  labelColumnOf,
  MOST_ROWS,
  MOST_VALUES,
  quoted,
  type Reading,
  RowStore,
  rangeOf,
  type Table,
  type TableOptions,
} from './table';
import { firstDamaged } from './zip-checksums';

const PREVIEW_ROWS = 5;
const PREVIEW_COLUMNS = 20;

/** Names that samples and their classes have in an archive, the first that fits. */
const PAIRS = [
  ['x', 'y'],
  ['data', 'target'],
  ['data', 'labels'],
  ['features', 'labels'],
  ['images', 'labels'],
  ['arr_0', 'arr_1'],
] as const;
/** And where the archive says which samples test, as Keras's mnist.npz. */
const SPLIT = ['x_train', 'y_train', 'x_test', 'y_test'] as const;

/** Samples and classes as arrays. */
interface Pair {
  readonly samples: NpyArray;
  readonly classes: NpyArray;
  readonly names: readonly [samples: string, classes: string];
}

/**
 * Reads an NPY with one sample a row and its class in a column.
 *
 * @throws DataFormatError, MissingValuesError
 */
export function tableOfNpy(name: string, bytes: Uint8Array, options: TableOptions): Table {
  return tableOfArray(name, readNpy(name, bytes), options, []);
}

/**
 * Reads an NPZ: arrays `x` and `y`, or whatever else they are usually called; or one table.
 *
 * @throws DataFormatError, MissingValuesError
 */
export function tableOfNpz(
  name: string,
  bytes: Uint8Array,
  options: TableOptions,
  reading: Reading,
): Table {
  const files = entriesOf(name, bytes);
  reading.onProgress?.(0.3);
  const arrays = new Map(
    [...files].map(([entry, content]) => [entry, readNpy(`${entry}.npy`, content)]),
  );
  reading.onProgress?.(0.7);
  const find = (wanted: string) =>
    [...arrays.keys()].find((entry) => entry.toLowerCase() === wanted);
  const pairOf = (wanted: readonly [string, string]): Pair | undefined => {
    const [x, y] = wanted.map(find);
    const [samples, classes] = [arrays.get(x ?? ''), arrays.get(y ?? '')];
    if (x === undefined || y === undefined || samples === undefined || classes === undefined) {
      return undefined;
    }
    return { samples, classes, names: [x, y] };
  };
  const train = pairOf([SPLIT[0], SPLIT[1]]);
  const test = pairOf([SPLIT[2], SPLIT[3]]);
  if (train !== undefined && test !== undefined) return tableOfPairs([train, test], options);
  const pair = PAIRS.map((names) => pairOf(names)).find((each) => each !== undefined);
  if (pair !== undefined) return tableOfPairs([pair], options);
  const [only, ...others] = [...arrays];
  if (only !== undefined && others.length === 0) {
    return tableOfArray(`${only[0]}.npy`, only[1], options, [`the array ${only[0]}`]);
  }
  throw new DataFormatError(
    `The archive has the arrays ${[...arrays.keys()].join(', ')}. Samples and classes are looked for as x and y, data and target, features and labels, or x_train, y_train, x_test and y_test.`,
  );
}

/** The NPY files of an archive, by their names without the ending. */
function entriesOf(name: string, bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const entries: string[] = [];
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, {
      filter: (entry) => {
        entries.push(entry.name);
        return entry.name.endsWith('.npy');
      },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataFormatError(`${name} is not a whole ZIP archive: ${why}.`);
  }
  const damaged = firstDamaged(bytes, files);
  if (damaged !== undefined) {
    throw new DataFormatError(
      `${damaged} in ${name} is damaged: it is not what its checksum says. Copy the file anew.`,
    );
  }
  const found = Object.entries(files);
  if (found.length > 0) {
    return new Map(found.map(([entry, content]) => [entry.slice(0, -'.npy'.length), content]));
  }
  if (entries.some((entry) => entry.startsWith('xl/'))) {
    throw new DataFormatError(
      'This is an Excel workbook (XLSX). Save its sheet as CSV, which is read here.',
    );
  }
  if (entries[0] === 'mimetype' && entries.includes('content.xml')) {
    throw new DataFormatError(
      'This is an OpenDocument file (ODS). Save its sheet as CSV, which is read here.',
    );
  }
  const first = entries.length === 0 ? 'nothing' : firstOf(entries);
  const unpack = entries.some((entry) => /\.[ct]sv$/i.test(entry)) ? '; unpack it first' : '';
  throw new DataFormatError(
    `This is a ZIP archive without NumPy arrays; it holds ${first}${unpack}.`,
  );
}

/** A table in one array: one sample a row, its class in one of the columns. */
function tableOfArray(
  name: string,
  { shape, values, type, texts }: NpyArray,
  options: TableOptions,
  facts: readonly string[],
): Table {
  if (texts !== undefined) {
    throw new DataFormatError(`${name} holds texts (${type}), and numbers are wanted.`);
  }
  if (shape.length !== 2 || shape[1] < 2) {
    throw new DataFormatError(
      `${name} has the shape (${shape.join(', ')}). A table has two dimensions, and a column with the classes; samples and classes by themselves belong into one NPZ, as x and y.`,
    );
  }
  const [count, width] = shape;
  checkSize(count, width - 1);
  const names = Array.from({ length: width }, (_, i) => `column ${i + 1}`);
  const label = labelColumnOf(names, options.labelColumn);
  const featureNames = names.filter((_, i) => i !== label);
  const store = new RowStore(featureNames, `Column ${label + 1}`, options);
  const row = new Float64Array(width - 1);
  for (let sample = 0; sample < count; sample++) {
    const place = () => `row ${counted(sample + 1)}`;
    let missing = -1;
    for (let i = 0, at = 0; i < width; i++) {
      const value = values[sample * width + i];
      if (Number.isNaN(value)) missing = missing < 0 ? i : missing;
      else checkFinite(value, sample, names[i]);
      if (i !== label) row[at++] = value;
    }
    if (missing >= 0) store.addMissing(() => `${place()}, ${names[missing]}: “nan”`);
    else store.add(row, `${values[sample * width + label]}`, place);
  }
  return {
    found: {
      form: [`a NumPy array of ${counted(count)} × ${counted(width)} (${type})`, ...facts],
      columns: names.map((each, i) => ({ name: each, use: i === label ? 'label' : 'feature' })),
      preview: previewOf(values, count, width),
    },
    ...store.finish(),
    input: { channels: 1, height: 1, width: width - 1 },
    featureNames,
  };
}

/** Samples and classes in arrays of their own, those that test after those that train. */
function tableOfPairs(pairs: readonly Pair[], options: TableOptions): Table {
  const [first] = pairs;
  const { shape, type } = first.samples;
  for (const pair of pairs) checkPair(pair, shape);
  const count = pairs.reduce((sum, { samples }) => sum + samples.shape[0], 0);
  const features = shape.slice(1).reduce((product, length) => product * length, 1);
  checkSize(count, features);
  // Pictures of one byte a pixel, one sample after the other.
  const areImages = shape.length === 3 && type === 'u1';
  const featureNames = Array.from({ length: features }, (_, i) => `column ${i + 1}`);
  const store = new RowStore(areImages ? [] : featureNames, `The array ${first.names[1]}`, options);
  const values = areImages ? new Uint8Array(count * features) : undefined;
  const row = new Float64Array(areImages ? 0 : features);
  let at = 0;
  for (const { samples, classes, names } of pairs) {
    values?.set(samples.values, at * features);
    for (let sample = 0; sample < samples.shape[0]; sample++) {
      const place = () => `row ${counted(sample + 1)} of ${names[0]}`;
      const label = classes.texts?.[sample] ?? `${classes.values[sample]}`;
      let missing = label === '' || label === 'NaN';
      for (let i = 0; !areImages && i < features; i++) {
        const value = samples.values[sample * features + i];
        if (Number.isNaN(value)) missing = true;
        else checkFinite(value, sample, featureNames[i]);
        row[i] = value;
      }
      if (missing) store.addMissing(place);
      else store.add(row, label, place);
    }
    at += samples.shape[0];
  }
  const finished = store.finish();
  const input: InputShape = areImages
    ? { channels: 1, height: shape[1], width: shape[2] }
    : { channels: 1, height: 1, width: features };
  if (pairs.length > 1 && finished.dropped > 0) {
    throw new DataFormatError(
      'Rows lack a value. They cannot be left out here, since the archive says which rows are for testing: leave them out when you write it.',
    );
  }
  return {
    found: {
      form: [
        `NumPy arrays ${pairs.flatMap(({ names }) => names).join(', ')} (${type})`,
        areImages ? `images of ${shape[1]} × ${shape[2]} pixels` : `${counted(features)} features`,
      ],
      columns: [
        { name: first.names[0], use: 'feature' },
        { name: first.names[1], use: 'label' },
      ],
      preview: previewOf(first.samples.values, shape[0], features),
    },
    ...finished,
    ...(values !== undefined && {
      rows: { ...finished.rows, values, features },
      range: [0, Math.max(1, rangeOf(values)[1])] as const,
      constant: [],
    }),
    input,
    ...(!areImages && { featureNames }),
    ...(pairs.length > 1 && { trainRows: first.samples.shape[0] }),
  };
}

function checkPair({ samples, classes, names: [x, y] }: Pair, shape: readonly number[]): void {
  const told = ({ shape: lengths }: NpyArray) => `(${lengths.join(', ')})`;
  if (samples.texts !== undefined) {
    throw new DataFormatError(`The array ${x} holds texts, and numbers are wanted.`);
  }
  if (samples.shape.length < 2 || samples.shape.slice(1).join() !== shape.slice(1).join()) {
    throw new DataFormatError(
      `The array ${x} has the shape ${told(samples)}, and samples in rows are wanted${samples.shape.length < 2 ? '' : `, each of ${shape.slice(1).join(' × ')}`}.`,
    );
  }
  const count = classes.shape.reduce((product, length) => product * length, 1);
  if (count !== samples.shape[0]) {
    const isOneHot = classes.shape.length === 2 && classes.shape[0] === samples.shape[0];
    throw new DataFormatError(
      `The array ${y} has the shape ${told(classes)}, and one class for each of ${counted(samples.shape[0])} samples is wanted${isOneHot ? ', such as y.argmax(axis=1)' : ''}.`,
    );
  }
}

/** Before anything of that size is made. */
function checkSize(count: number, features: number): void {
  checkFeatures(features);
  if (count > MOST_ROWS || count * features > MOST_VALUES) {
    throw new DataFormatError(
      `There are ${counted(count)} rows of ${counted(features)} features: at most ${counted(MOST_ROWS)} rows and ${counted(MOST_VALUES)} values are taken.`,
    );
  }
}

function checkFinite(value: number, sample: number, column: string): void {
  if (Number.isFinite(value)) return;
  const text = value > 0 ? 'inf' : '-inf';
  throw new DataFormatError(
    `Row ${counted(sample + 1)}, ${column}: ${quoted(text)} is not finite.`,
  );
}

function previewOf(values: ArrayLike<number>, count: number, width: number) {
  return Array.from({ length: Math.min(count, PREVIEW_ROWS) }, (_, row) =>
    Array.from(
      { length: Math.min(width, PREVIEW_COLUMNS) },
      (_, column) => `${values[row * width + column]}`,
    ),
  );
}
