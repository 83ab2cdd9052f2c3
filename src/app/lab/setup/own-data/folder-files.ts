/** What of a folder is data: the files of MNIST and its kin, or the one table that is in it. */
import { isIdxName } from '../../../../data/file-kind';

/** Files that are looked at: a folder that was dropped by mistake may hold a whole disk. */
const MOST_FILES = 2000;

const TABLE = /\.(csv|tsv|txt|npy|npz)$/i;

/**
 * All files in what was dropped, folder by folder.
 *
 * @param entries - as the browser names them
 * @throws Error in words where there are more than can be looked at
 */
export async function filesIn(entries: readonly FileSystemEntry[]): Promise<readonly File[]> {
  const files: File[] = [];
  const left = [...entries];
  for (let entry = left.shift(); entry !== undefined; entry = left.shift()) {
    if (files.length + left.length >= MOST_FILES) {
      throw new Error(`The folder has more than ${MOST_FILES} files: choose those with the data.`);
    }
    if (isFile(entry)) files.push(await fileOf(entry));
    else if (isFolder(entry)) left.push(...(await entriesOf(entry)));
  }
  return dataFilesOf(files);
}

/** Of many files those that are data: IDX where there are any, else a table where it is the only one. */
export function dataFilesOf(files: readonly File[]): readonly File[] {
  const idx = files.filter(({ name }) => isIdxName(name));
  if (idx.length > 0) return idx;
  const tables = files.filter(({ name }) => TABLE.test(name));
  return tables.length === 1 ? tables : files;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** All of a folder: a browser gives a hundred at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  while (all.length <= MOST_FILES) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    all.push(...some);
  }
  return all;
}
