/** What a file is by its first bytes: people hear “this is a ZIP archive” and not a parser's complaint. */

/** Files that may hold a table which other programs write as CSV. Where letters alone might begin a text, a byte follows that does not. */
const TABLE_MAGIC: readonly (readonly [string, readonly number[]])[] = [
  ['an old Excel workbook (XLS) or another Office document', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31, 0x15]],
  ['an Arrow file', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31, 0]],
  ['a Feather file', [0x46, 0x45, 0x41, 0x31, 0, 0, 0, 0]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66]],
  ['a rich-text document (RTF)', [0x7b, 0x5c, 0x72, 0x74, 0x66]],
];

/** What the first bytes of a file give away. */
const MAGIC: readonly (readonly [string, readonly number[], number?])[] = [
  ...TABLE_MAGIC,
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

export interface ByteOrderMark {
  /** As TextDecoder has it. */
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Bytes of the mark itself. */
  readonly length: number;
}

/** Marks that say how a text is encoded. */
const BYTE_ORDER_MARKS: readonly (readonly [ByteOrderMark['encoding'], readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The mark that a text begins with, if it does. */
export function byteOrderMarkOf(bytes: Uint8Array): ByteOrderMark | undefined {
  const found = BYTE_ORDER_MARKS.find(([, start]) => beginsWith(bytes, start));
  return found && { encoding: found[0], length: found[1].length };
}

function beginsWith(bytes: Uint8Array, start: readonly number[], offset = 0): boolean {
  return start.every((byte, i) => bytes[offset + i] === byte);
}

/**
 * What a file is that is no text, in words that follow “this is”.
 *
 * @param name - of the file, where its bytes alone do not tell
 * @param bytes - its first ones, or all
 */
export function binaryKindOf(name: string, bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'empty';
  const found = MAGIC.find(([, start, offset]) => beginsWith(bytes, start, offset));
  if (found !== undefined) return found[0];
  const ending = /\.(\w+)$/.exec(name)?.[1].toLowerCase();
  if (ending === 'onnx') return 'an ONNX model';
  if (ending === 'safetensors') return 'a safetensors file';
  if (isIdx(bytes)) return 'an IDX file, as MNIST comes in';
  return bytes.subarray(0, 4096).includes(0) ? 'not text: it has bytes of zero' : undefined;
}

/** Whether a file is of a kind that other programs write as CSV. */
export function holdsTable(bytes: Uint8Array): boolean {
  return TABLE_MAGIC.some(([, start]) => beginsWith(bytes, start));
}

/** Images and labels of MNIST: two zeros, the type of the numbers, and how many dimensions there are. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && bytes[2] >= 8 && bytes[2] <= 14 && bytes[3] > 0;
}

/** Whether a file may be one of a set of images, by its name. */
export function isIdxName(name: string): boolean {
  return /(idx\d[-.]?ubyte|\.idx\d?|ubyte)(\.gz)?$/i.test(name);
}

/** A NumPy array by itself. */
export function isNpy(bytes: Uint8Array): boolean {
  return beginsWith(bytes, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]);
}

/** An archive, as NPZ is one. */
export function isZip(bytes: Uint8Array): boolean {
  return beginsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || beginsWith(bytes, [0x50, 0x4b, 0x05, 0x06]);
}

/** True of the beginning of a page, which servers send where a file is missing, or of a drawing (SVG). */
export function isMarkup(text: string): boolean {
  return /^\s*<(!doctype|html|\?xml|!--|(svg|head|body|table|div)[\s>])/i.test(text);
}

/** True of the beginning of JSON, as settings and runs come in, and of nothing that a table begins with. */
export function isJson(text: string): boolean {
  return /^\s*(\{\s*["}]|\[\s*[[{"\d\]-])/.test(text);
}
