/**
 * A data set that is a file which somebody brings. Its name in a configuration says which file that is, so
 * that a link, a kept run or a command line can ask for it:
 * `file:my.csv; bytes=4551; sha256=3f…; features=4; classes=3; label=species`.
 */
import {
  countOf,
  DataFormatError,
  type Dataset,
  featuresOf,
  type InputShape,
  MOST_CLASSES,
} from './dataset';
import type { Table, TableOptions } from './table/table';

export type FileDatasetName = `file:${string}`;

/** What a name says of a file, and of how it is read. */
export interface FileReference extends TableOptions {
  /** Of the file. */
  readonly file: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly input: InputShape;
  readonly areImages: boolean;
  readonly classes: number;
  /** Where the file says which rows test: so many come first and train. */
  readonly trainRows?: number;
}

/** A data set without what reads its rows: it can be sent and kept. */
export type FileDescription = Omit<Dataset, 'load' | 'name'> & { readonly name: FileDatasetName };

/** A configuration needs a file that is not here. */
export class MissingFileError extends DataFormatError {
  constructor(readonly reference: FileReference) {
    super(`${askFor(reference)} It is not here: choose it as your own data.`);
  }
}

/** `This needs the file my.csv, of 4,551 bytes, with the SHA-256 3f….` */
export function askFor({
  file,
  bytes,
  sha256,
}: Pick<FileReference, 'file' | 'bytes' | 'sha256'>): string {
  return `This needs the file ${file}, of ${countOf(bytes, 'byte')}, with the SHA-256 ${sha256}.`;
}

export function isFileDataset(name: string): name is FileDatasetName {
  return name.startsWith('file:');
}

const PART = /^([a-z0-9_]+)(?:=(.*))?$/;

/** What a name says; undefined where it is none that `fileDatasetName` gives. */
export function parseFileDataset(name: string): FileReference | undefined {
  if (!isFileDataset(name)) return undefined;
  const [file, ...parts] = name.slice('file:'.length).split('; ');
  const said = new Map<string, string>();
  for (const part of parts) {
    const [, key, value = ''] = PART.exec(part) ?? [];
    if (key === undefined || said.has(key)) return undefined;
    said.set(key, value);
  }
  const number = (key: string, most: number) => {
    const text = said.get(key) ?? '';
    return /^[1-9]\d{0,15}$/.test(text) && Number(text) <= most ? Number(text) : undefined;
  };
  const bytes = number('bytes', Number.MAX_SAFE_INTEGER);
  const classes = number('classes', MOST_CLASSES);
  const trainRows = number('train', 2 ** 20);
  const sha256 = said.get('sha256') ?? '';
  // A file without a name cannot be asked for.
  if (file.trim() === '') return undefined;
  const shape = /^([1-9]\d{0,3})(?:x([1-9]\d{0,3}))?$/.exec(said.get('features') ?? '');
  if (bytes === undefined || classes === undefined || shape === null) return undefined;
  if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  const [height, width] = shape[2] === undefined ? [1, shape[1]] : [shape[1], shape[2]];
  const label = said.get('label');
  const reference: FileReference = {
    ...{ file: unescaped(file), bytes, sha256, classes },
    input: { channels: 1, height: Number(height), width: Number(width) },
    areImages: shape[2] !== undefined,
    ...(label !== undefined && { labelColumn: unescaped(label) }),
    ...(said.has('drop_missing') && { dropMissing: true }),
    ...(trainRows !== undefined && { trainRows }),
  };
  return fileDatasetName(reference) === name ? reference : undefined;
}

/** The name that a configuration has for a file. */
export function fileDatasetName(reference: FileReference): FileDatasetName {
  const { file, bytes, sha256, input, areImages, classes } = reference;
  const { labelColumn, dropMissing, trainRows } = reference;
  const features = areImages ? `${input.height}x${input.width}` : `${input.width}`;
  const parts = [
    ...[escaped(file), `bytes=${bytes}`, `sha256=${sha256}`],
    ...[`features=${features}`, `classes=${classes}`],
    ...(labelColumn === undefined || labelColumn === '' ? [] : [`label=${escaped(labelColumn)}`]),
    ...(dropMissing === true ? ['drop_missing'] : []),
    ...(trainRows === undefined ? [] : [`train=${trainRows}`]),
  ];
  return `file:${parts.join('; ')}`;
}

/** A file's name without what separates, and what nobody can see. */
export function escaped(text: string): string {
  return text.replace(/[;%\p{Cc}]|\p{Cs}/gu, (letter) =>
    letter.isWellFormed() ? encodeURIComponent(letter) : '%3F',
  );
}

/** What `escaped` was made of. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the page and a report say of a table. */
export function describeTable(table: Table, reference: FileReference): FileDescription {
  const { rows, classNames, featureNames, featureRanges = [] } = table;
  const noun = featureNames === undefined ? 'pixel' : 'feature';
  return {
    ...described(reference),
    ...(table.title !== undefined && { title: table.title }),
    description: `Your file ${reference.file}: ${rows.count.toLocaleString('en')} rows of ${countOf(rows.features, noun)} in ${classNames.length} classes.`,
    input: table.input,
    ...(featureNames !== undefined && { featureNames, featureRanges }),
    classNames,
    range: table.range,
  };
}

/** What can be said of a file that is not here: its name alone. */
export function absentFile(reference: FileReference): FileDescription {
  const names = (count: number, noun: string) =>
    Array.from({ length: count }, (_, index) => `${noun} ${index + 1}`);
  const description = described(reference);
  return reference.areImages
    ? description
    : { ...description, featureNames: names(featuresOf(description), 'column') };
}

function described(reference: FileReference): FileDescription {
  const { file, input, classes, trainRows } = reference;
  return {
    name: fileDatasetName(reference),
    title: file,
    description: askFor(reference),
    source: `your file ${file}`,
    input,
    classNames: Array.from({ length: classes }, (_, index) => `${index}`),
    noun: 'sample',
    range: [0, 1],
    split: trainRows === undefined ? { kind: 'stratified' } : { kind: 'given', trainRows },
  };
}

/** The SHA-256 of a file, as hexadecimal digits. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What a name says of a table that was read. */
export function referenceOf(
  file: { readonly name: string; readonly bytes: number; readonly sha256: string },
  table: Table,
  options: TableOptions,
): FileReference {
  return {
    ...options,
    ...{ file: file.name, bytes: file.bytes, sha256: file.sha256 },
    ...{ input: table.input, areImages: table.featureNames === undefined },
    classes: table.classNames.length,
    ...(table.trainRows !== undefined && { trainRows: table.trainRows }),
  };
}
