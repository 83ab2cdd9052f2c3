/** `--data FILE`: a table that somebody brings, or a folder with the files of MNIST or its kin, read before anything is trained. */
import { accessSync, constants, openAsBlob, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { countOf } from '../data/dataset';
import {
  askFor,
  describeTable,
  type FileDatasetName,
  type FileReference,
  fileDatasetName,
  referenceOf,
  sha256Of,
} from '../data/file-dataset';
import { isIdxName } from '../data/file-kind';
import { readIdxFiles } from '../data/idx-files';
import { type BroughtFile, bringFile, setFileStore } from '../data/registry';
import { readTable } from '../data/table/read-table';
import {
  firstOf,
  shownColumns,
  type Table,
  TableOptionError,
  type TableOptions,
} from '../data/table/table';
import { messageOf } from '../training/errors';
import { quote, UsageError } from './arguments';
import { isFileError, whyNotRead } from './file-errors';
import { shortNames } from './short-names';

/** What the command line says of a file. */
export interface OwnData extends TableOptions {
  readonly path: string;
}

/** What may help, by the option of reading a table. */
const HINTS = {
  labelColumn: 'Say with --label-column which column names the classes',
  dropMissing: 'With --drop-missing such rows are left out',
} as const satisfies Record<keyof TableOptions, string>;

/** The file that is brought, for the page that trains on WebGPU. */
let last: BroughtFile | undefined;

export function broughtFile(): BroughtFile | undefined {
  return last;
}

/**
 * Reads a file, so that a configuration can name it.
 *
 * @param wanted - what the configuration says of the file, where it names one already
 * @param warn - told in a few lines what was found
 * @returns the name of the data set
 * @throws UsageError in one line where it cannot be read, or is another file than is wanted
 */
export async function bringData(
  { path, ...given }: OwnData,
  wanted: FileReference | undefined,
  warn: (line: string) => void,
): Promise<FileDatasetName> {
  const refuse = (why: string): never => {
    throw new UsageError(`--data ${quote(path)}: ${why}`);
  };
  const options: TableOptions = {
    ...(wanted?.labelColumn !== undefined && { labelColumn: wanted.labelColumn }),
    ...(wanted?.dropMissing !== undefined && { dropMissing: wanted.dropMissing }),
    ...given,
  };
  try {
    const { blob, read } = statSync(path).isDirectory() ? await folderAt(path) : await fileAt(path);
    const file = {
      name: basename(resolve(path)),
      ...{ bytes: blob.size, sha256: await sha256Of(blob) },
    };
    if (wanted !== undefined && wanted.sha256 !== file.sha256) {
      refuse(`this is another file, with the SHA-256 ${file.sha256}. ${askFor(wanted)}`);
    }
    const table = await read(file.name, options);
    // By the name that the configuration has, though the file may be called otherwise here.
    const reference = referenceOf({ ...file, name: wanted?.file ?? file.name }, table, options);
    for (const line of linesOf(table)) warn(`train: ${line}`);
    last = { description: describeTable(table, reference), rows: table.rows };
    bringFile(last.description);
    setFileStore(async (name) => (last?.description.name === name ? last : undefined));
    return fileDatasetName(reference);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (isFileError(error)) return refuse(whyNotRead(error));
    const hint = error instanceof TableOptionError ? ` ${HINTS[error.option]}` : '';
    return refuse(`${messageOf(error)}${hint}`);
  }
}

interface Brought {
  /** All of it: a folder’s files one behind the other, by their names. */
  readonly blob: Blob;
  read(name: string, options: TableOptions): Promise<Table>;
}

async function fileAt(path: string): Promise<Brought> {
  // openAsBlob would not say why it cannot open a file.
  accessSync(path, constants.R_OK);
  // A pipe, as of `--data <(zcat my.csv.gz)`, has no size, and openAsBlob would find it empty.
  const isPipe = statSync(path).isFIFO();
  const blob = isPipe ? new Blob([readFileSync(path)]) : await openAsBlob(path);
  return { blob, read: (name, options) => readTable(blob, name, options) };
}

/** A folder with the files of MNIST or its kin; what else lies in it is left alone. */
async function folderAt(path: string): Promise<Brought> {
  const files = readdirSync(path)
    .filter(isIdxName)
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(path, name))) }));
  return {
    blob: new Blob(files.map(({ bytes }) => bytes)),
    read: (name) => readIdxFiles(files, name),
  };
}

/** What was found, which may not be what was meant. */
function linesOf({ found, rows, classNames, constant, dropped }: Table): readonly string[] {
  const leftOut = found.columns.filter(({ use }) => use === 'left-out');
  const shortLeftOut = shortNames(leftOut.map(({ name }) => name));
  const [label] = shortNames([found.columns.find(({ use }) => use === 'label')?.name ?? '']);
  return [
    `${found.form.join(', ')}; ${rows.count} rows of ${countOf(rows.features, 'feature')}, with ${classNames.length} classes in ${label}: ${firstOf(shortNames(classNames))}`,
    ...(leftOut.length > 0
      ? [
          `left out: ${shownColumns(leftOut.map((column, i) => ({ ...column, name: shortLeftOut[i] })))}`,
        ]
      : []),
    ...(constant.length > 0 ? [`the same in all rows: ${firstOf(shortNames(constant))}`] : []),
    ...(dropped > 0
      ? [
          `${dropped} ${dropped === 1 ? 'row lacks a value and is' : 'rows lack a value and are'} left out`,
        ]
      : []),
  ];
}
