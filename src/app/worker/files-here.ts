/** Where a worker finds the rows of files that somebody brought: in the browser's store, or handed over. */
import type { FileDatasetName } from '../../data/file-dataset';
import type { BroughtFile } from '../../data/registry';
import { keptFile } from './indexed-file-store';

/** The last file that was handed over since the browser does not keep it. */
let here: BroughtFile | undefined;

export function handOver(file: BroughtFile): void {
  here = file;
}

/** A file, if it is here; a store that cannot be opened has none. */
export async function fileHere(name: FileDatasetName): Promise<BroughtFile | undefined> {
  return here?.description.name === name ? here : keptFile(name).catch(() => undefined);
}
