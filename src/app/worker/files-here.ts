/** Where a worker finds the rows of files that somebody brought: in the browser's store, or handed over. */
import type { FileDatasetName } from '../../data/file-dataset';
import type { BroughtFile } from '../../data/registry';
import { keptFile } from './indexed-file-store';

/** The last file that was handed over since the browser does not keep it. */
let here: BroughtFile | undefined;

export function handOver(file: BroughtFile): void {
  here = file;
}

/** What was handed over last, if it is this file: another worker cannot find it in the browser. */
export function handedOver(name: FileDatasetName): BroughtFile | undefined {
  return here?.description.name === name ? here : undefined;
}

/** A file, if it is here; a store that cannot be opened has none. */
export async function fileHere(name: FileDatasetName): Promise<BroughtFile | undefined> {
  return handedOver(name) ?? keptFile(name).catch(() => undefined);
}
