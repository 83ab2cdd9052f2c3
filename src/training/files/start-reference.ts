/**
 * The run whose first layers another one begins with, as a configuration names it: a file by its name, size
 * and SHA-256, so that a link can ask for it, or a preset whose run is still to be trained.
 */

import { DataFormatError } from '../../data/dataset';
import { askFor, escaped, unescaped } from '../../data/file-dataset';

interface FileStart {
  readonly file: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

export type StartReference = FileStart | { readonly preset: string };

/** What a text says; undefined where it is none that `formatStart` gives. */
export function parseStart(text: string): StartReference | undefined {
  const [, preset] = /^preset:([a-z0-9-]+)$/.exec(text) ?? [];
  if (preset !== undefined) return { preset };
  const match = /^file:([^;]+); bytes=([1-9]\d{0,15}); sha256=([0-9a-f]{64})$/.exec(text);
  if (match === null) return undefined;
  const [, file, bytes, sha256] = match;
  // A file without a name cannot be asked for.
  if (file.trim() === '') return undefined;
  const reference = { file: unescaped(file), bytes: Number(bytes), sha256 };
  return formatStart(reference) === text ? reference : undefined;
}

/** `file:conv.json; bytes=2048; sha256=3f…`, or `preset:transfer-source`. */
export function formatStart(reference: StartReference): string {
  if ('preset' in reference) return `preset:${reference.preset}`;
  const { file, bytes, sha256 } = reference;
  return `file:${escaped(file)}; bytes=${bytes}; sha256=${sha256}`;
}

/** What is needed, in a sentence. */
export function askForStart(reference: StartReference): string {
  return 'preset' in reference
    ? `This begins with layers of a run of the preset ${reference.preset}, which has to be trained first.`
    : askFor(reference);
}

/** A configuration needs the layers of a run that is not here. */
export class MissingStartError extends DataFormatError {
  constructor(readonly reference: StartReference) {
    super(
      `${askForStart(reference)} Choose its parameters in the settings, under “Start from a run”.`,
    );
  }
}
