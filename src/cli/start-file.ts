/** `--from FILE`: the parameters of a run that another one begins with, read before anything is trained. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { sha256Of } from '../data/file-dataset';
import { InvalidInputError } from '../training/errors';
import { readStart } from '../training/files/read-start';
import { setStartStore } from '../training/files/start-file';
import { askForStart, formatStart, type StartReference } from '../training/files/start-reference';
import { quote, UsageError } from './arguments';
import { isFileError, whyNotRead } from './file-errors';

/** What the command line says of the file, and what the settings beneath it say of one. */
export interface StartArgument {
  readonly path: string;
  readonly wanted?: StartReference;
}

/** A file that is here. */
export interface BroughtStart {
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

let last: BroughtStart | undefined;

/** The file that is brought, for the page that trains on WebGPU. */
export function broughtStart(): BroughtStart | undefined {
  return last;
}

/**
 * Reads the file, so that a configuration can name it.
 *
 * @returns its name there
 * @throws UsageError in one line where it cannot be read, or is another file than is wanted
 */
export async function bringStart({ path, wanted }: StartArgument): Promise<string> {
  const refuse = (why: string): never => {
    throw new UsageError(`--from ${quote(path)}: ${why}`);
  };
  const bytes = readFile(path, refuse);
  const sha256 = await sha256Of(new Blob([bytes]));
  const isNamed = wanted !== undefined && 'file' in wanted;
  if (isNamed && wanted.sha256 !== sha256) {
    refuse(`this is another file, with the SHA-256 ${sha256}. ${askForStart(wanted)}`);
  }
  // By the name that the configuration has, though the file may be called otherwise here.
  const file = isNamed ? wanted.file : basename(resolve(path));
  last = { sha256, bytes };
  const run = readRun(file, bytes, refuse);
  setStartStore(async (asked) => (asked === sha256 ? run : undefined));
  return formatStart({ file, bytes: bytes.length, sha256 });
}

function readFile(path: string, refuse: (why: string) => never): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (!isFileError(error)) throw error;
    return refuse(whyNotRead(error));
  }
}

function readRun(file: string, bytes: Uint8Array, refuse: (why: string) => never) {
  try {
    return readStart(file, bytes);
  } catch (error) {
    // Of the file as a whole the reason is enough; of something in it, what that is belongs to it.
    if (error instanceof InvalidInputError)
      refuse(error.value === file ? error.allowed : error.message);
    throw error;
  }
}
