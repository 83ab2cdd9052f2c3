/** What reads data that somebody brings, in a worker of its own: neither the page nor a run waits for it. */
import { transfer } from 'comlink';
import {
  describeTable,
  type FileDescription,
  type FileReference,
  parseFileDataset,
  referenceOf,
  sha256Of,
} from '../../data/file-dataset';
import type { BroughtFile } from '../../data/registry';
import { lookAtTable, readTable } from '../../data/table/read-table';
import {
  type Found,
  MissingValuesError,
  type Reading,
  type Table,
  type TableOptions,
} from '../../data/table/table';
import type { Configuration } from '../../training/configuration/fields';
import { messageOf } from '../../training/errors';
import { keepFile } from './indexed-file-store';
import type { StartSource, TakenStart } from './take-start';

/** What became of reading files. */
export interface ReadData {
  /** What is known of how they are written; none of files that are nothing. */
  readonly found?: Found;
  /** What is wrong with them, or what is in them. */
  readonly outcome:
    | { readonly problem: string /** Rows that lack a value. */; readonly lacking?: number }
    | {
        readonly summary: Pick<Table, 'classNames' | 'classCounts' | 'constant' | 'dropped'>;
        readonly description: FileDescription;
        readonly rows: number;
        readonly features: number;
      };
}

export interface OwnDataService {
  /**
   * Reads a table, or the files of MNIST and its kin; what is in them waits for `keep`.
   *
   * @param folder - that they are in, where it is known
   * @param wanted - the name of the data set that is asked for, where it is one of a file
   * @param onFound - told how a table is written, before it is read
   * @param onProgress - told which share is read
   */
  read(
    files: readonly File[],
    options: TableOptions,
    wanted: string,
    onFound: (found: Found) => void,
    onProgress: (share: number) => void,
    folder?: string,
  ): Promise<ReadData>;
  /** Keeps what was read last in the browser, where a run finds it; rejects where the browser keeps nothing. */
  keep(): Promise<void>;
  /** What was read last, which is gone from here then. */
  handOver(): Promise<BroughtFile>;
  /** Reads and keeps the run that a configuration is to begin with; rejects where it does not fit. */
  takeStart(source: StartSource, configuration: Configuration): Promise<TakenStart>;
}

export function createOwnDataService(): OwnDataService {
  let last: BroughtFile | undefined;
  return {
    async read(files, options, wantedName, onFound, onProgress, folder) {
      last = undefined;
      let found: Found | undefined;
      try {
        const whole = wholeOf(files, folder);
        if (files.length === 1) {
          found = await lookAtTable(whole.blob, whole.name, options);
          if (found !== undefined) onFound(found);
        }
        const table = await readFiles(files, options, { onProgress }, folder);
        found = table.found;
        const sha256 = await sha256Of(whole.blob);
        const wanted = parseFileDataset(wantedName);
        // By the name that is asked for, though the file may be called otherwise here.
        const name = wanted?.sha256 === sha256 ? wanted.file : whole.name;
        const reference: FileReference = referenceOf(
          { name, bytes: whole.blob.size, sha256 },
          table,
          options,
        );
        const { rows, classNames, classCounts, constant, dropped } = table;
        const description = describeTable(table, reference);
        last = { description, rows };
        return {
          found,
          outcome: {
            summary: { classNames, classCounts, constant, dropped },
            ...{ description, rows: rows.count, features: rows.features },
          },
        };
      } catch (error) {
        const lacking = error instanceof MissingValuesError ? { lacking: error.rows } : {};
        return {
          ...(found !== undefined && { found }),
          outcome: { problem: messageOf(error), ...lacking },
        };
      }
    },
    async keep() {
      await keepFile(present(last));
    },
    async handOver() {
      const file = present(last);
      last = undefined;
      return transfer(file, [file.rows.values.buffer, file.rows.labels.buffer]);
    },
    async takeStart(source, configuration) {
      const { takeStart } = await import('./take-start');
      return takeStart(source, configuration);
    },
  };
}

function present(file: BroughtFile | undefined): BroughtFile {
  if (file === undefined) throw new Error('There is nothing to keep.');
  return file;
}

/** Several files as one, in the order of their names, as the command line has a folder. */
function wholeOf(
  files: readonly File[],
  folder?: string,
): { readonly name: string; readonly blob: Blob } {
  const sorted = inOrder(files);
  const others = files.length > 1 ? ` and ${files.length - 1} more` : '';
  const inFolder = files.length > 1 ? folder : undefined;
  return { name: inFolder ?? `${sorted[0].name}${others}`, blob: new Blob([...sorted]) };
}

async function readFiles(
  files: readonly File[],
  options: TableOptions,
  reading: Reading,
  folder?: string,
): Promise<Table> {
  if (files.length === 1) return readTable(files[0], files[0].name, options, reading);
  const { readIdxFiles } = await import('../../data/idx-files');
  const bytes: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];
  for (const file of inOrder(files)) {
    bytes.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    reading.onProgress?.(bytes.length / (files.length + 1));
  }
  return readIdxFiles(bytes, folder);
}

function inOrder(files: readonly File[]): readonly File[] {
  return [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
}
