/**
 * IDX, the format that MNIST came in: two zeros, the type of the values, the number of dimensions, each
 * dimension as a big-endian word of 32 bits, and the values, the last dimension running fastest.
 */
import { countOf, DataFormatError } from './dataset';
import { binaryKindOf, isIdx, isMarkup } from './file-kind';

export interface Idx {
  /** Images, rows and columns, or the number of labels. */
  readonly shape: readonly number[];
  /** A view of the file's own bytes. */
  readonly values: Uint8Array;
}

/** The type of values that are bytes without a sign; of the others nobody has images. */
const UNSIGNED_BYTES = 0x08;
const WORD = 4;
/** A page that a server sends in place of a file says so at its beginning. */
const SNIFFED_BYTES = 256;

/**
 * Reads a file of bytes.
 *
 * @param name - of the file, for people
 * @throws DataFormatError where it is no IDX file of bytes, or not as long as it says
 */
export function parseIdx(bytes: Uint8Array, name: string): Idx {
  if (!isIdx(bytes)) throw new DataFormatError(noIdx(name, bytes));
  const [, , type, dimensions] = bytes;
  if (type !== UNSIGNED_BYTES) {
    const shown = `0x${type.toString(16).padStart(2, '0')}`;
    throw new DataFormatError(`${name} has values of type ${shown}; only bytes (0x08) are read.`);
  }
  const start = WORD * (1 + dimensions);
  if (bytes.length < start) {
    throw new DataFormatError(
      `${name} ends within its header, after ${countOf(bytes.length, 'byte')}.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(WORD * (1 + i)));
  const length = start + shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== length) {
    const is = bytes.length < length ? 'is cut off' : 'goes on behind its end';
    throw new DataFormatError(
      `${name} ${is}: ${shape.map(count).join(' × ')} values make ${countOf(length, 'byte')}, and it has ${count(bytes.length)}.`,
    );
  }
  return { shape, values: bytes.subarray(start) };
}

/** What is said of a file that is none of IDX, in a sentence. */
export function noIdx(name: string, bytes: Uint8Array): string {
  return `${name} is not an IDX file, as MNIST comes in: ${whatItIs(name, bytes)}.`;
}

function whatItIs(name: string, bytes: Uint8Array): string {
  const beginning = new TextDecoder().decode(bytes.subarray(0, SNIFFED_BYTES));
  if (isMarkup(beginning)) return 'it is an HTML page, which servers send in place of a file';
  const kind = binaryKindOf(name, bytes);
  return kind === undefined ? 'it is text' : `it is ${kind}`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
