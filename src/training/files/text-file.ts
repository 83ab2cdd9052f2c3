/**
 * Text from a file's bytes, whichever editor or shell wrote it; and what a file is that is no text, so
 * that people hear "this is a ZIP archive" and not a parser's complaint.
 */
import { InvalidInputError, messageOf } from '../errors';

/** What the first bytes of a file give away. */
const MAGIC: readonly (readonly [string, readonly number[], number?])[] = [
  ['a gzip file: unpack it first', [0x1f, 0x8b]],
  ['a NumPy archive (NPZ) or another ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a NumPy array (NPY)', [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ['an HDF5 file, as Keras writes models', [0x89, 0x48, 0x44, 0x46]],
  ['a PNG picture', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG picture', [0xff, 0xd8, 0xff]],
  ['a GIF picture', [0x47, 0x49, 0x46, 0x38]],
  ['a WebP picture', [0x57, 0x45, 0x42, 0x50], 8],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['an XZ file', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a Zstandard file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a TensorFlow Lite model', [0x54, 0x46, 0x4c, 0x33], 4],
  ['a Python pickle', [0x80, 0x02]],
  ['a Python pickle', [0x80, 0x03]],
  ['a Python pickle', [0x80, 0x04]],
  ['a Python pickle', [0x80, 0x05]],
];

/** Marks that say how a text is encoded. */
const BYTE_ORDER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * The text of a file: UTF-8 with or without its mark, or UTF-16 with its, as PowerShell writes.
 *
 * @param name - of the file, for messages
 * @throws InvalidInputError that says what the file is, where it is no text
 */
export function textOfFile(name: string, bytes: Uint8Array): string {
  const mark = BYTE_ORDER_MARKS.find(([, start]) => beginsWith(bytes, start));
  const kind = mark === undefined ? binaryKindOf(name, bytes) : undefined;
  if (kind !== undefined) throw new InvalidInputError('file', name, `this is ${kind}`);
  const [encoding, start] = mark ?? ['utf-8', []];
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(start.length));
  } catch {
    const allowed = 'this is not text in UTF-8 or UTF-16; saving it again as UTF-8 may help';
    throw new InvalidInputError('file', name, allowed);
  }
}

/**
 * JSON from a file's text.
 *
 * @throws InvalidInputError that says what the text is, where that can be seen, else where it breaks off
 */
export function jsonOfText(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const kind = textKindOf(text);
    // The parser quotes the text, which may be anything.
    const reason = messageOf(error).replace(/\p{C}/gu, '·');
    const allowed = kind === undefined ? `this is not JSON (${reason})` : `this is ${kind}`;
    throw new InvalidInputError('file', name, allowed);
  }
}

function beginsWith(bytes: Uint8Array, start: readonly number[], offset = 0): boolean {
  return start.every((byte, i) => bytes[offset + i] === byte);
}

function binaryKindOf(name: string, bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'empty';
  const found = MAGIC.find(([, start, offset]) => beginsWith(bytes, start, offset));
  if (found !== undefined) return found[0];
  const ending = /\.(\w+)$/.exec(name)?.[1].toLowerCase();
  if (ending === 'onnx') return 'an ONNX model';
  if (ending === 'safetensors') return 'a safetensors file';
  // Images and labels of MNIST: two zeros, the type of the numbers, and how many dimensions there are.
  const isIdx = bytes[0] === 0 && bytes[1] === 0 && bytes[2] >= 8 && bytes[2] <= 14 && bytes[3] > 0;
  if (isIdx) return 'an IDX file, as MNIST comes in';
  return bytes.subarray(0, 4096).includes(0) ? 'not text: it has bytes of zero' : undefined;
}

function textKindOf(text: string): string | undefined {
  const start = text.trimStart().slice(0, 200);
  if (start === '') return 'empty';
  if (/^<(!doctype|html|\?xml)/i.test(start)) return 'an HTML or XML page, not the file behind it';
  if (/^(import|from|def|class)\s/.test(start)) return 'Python';
  if (/^[\w-]+:\s/.test(start)) return 'YAML or another list of settings; JSON is read';
  const [first = '', second = ''] = text.trim().split(/\r?\n/);
  for (const [separator, title] of [
    [',', 'a CSV'],
    [';', 'a CSV with semicolons'],
    ['\t', 'a table with tabs (TSV)'],
  ] as const) {
    const columns = first.split(separator).length;
    const isTable = columns > 1 && second.split(separator).length === columns;
    if (isTable && !/^[[{]/.test(start)) return title;
  }
  return undefined;
}
