/**
 * NumPy's own files, NPY: a magic, a header that is a Python literal, then the bytes of the array
 * (numpy.lib.format).
 */
import { countOf, DataFormatError } from '../dataset';
import { isNpy } from '../file-kind';
import { counted, quoted } from './table';

/** An array as it is in a file, in C order: the last index runs fastest. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** NumPy's name of what an element is, without the byte order: `u1`, `f8`, `U7`. */
  readonly type: string;
  /** Of an array of numbers; bytes where they are bytes, else float64. */
  readonly values: Uint8Array | Float64Array;
  /** Of an array of texts, which has no numbers. */
  readonly texts?: readonly string[];
}

type Read = (view: DataView, at: number, isLittle: boolean) => number;

const NUMBERS: Readonly<Record<string, readonly [bytes: number, read: Read]>> = {
  b1: [1, (view, at) => (view.getUint8(at) === 0 ? 0 : 1)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at, isLittle) => view.getUint16(at, isLittle)],
  i2: [2, (view, at, isLittle) => view.getInt16(at, isLittle)],
  u4: [4, (view, at, isLittle) => view.getUint32(at, isLittle)],
  i4: [4, (view, at, isLittle) => view.getInt32(at, isLittle)],
  u8: [8, (view, at, isLittle) => Number(view.getBigUint64(at, isLittle))],
  i8: [8, (view, at, isLittle) => Number(view.getBigInt64(at, isLittle))],
  f4: [4, (view, at, isLittle) => view.getFloat32(at, isLittle)],
  f8: [8, (view, at, isLittle) => view.getFloat64(at, isLittle)],
};

interface Header {
  /** `<f8`. */
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the array's bytes begin. */
  readonly start: number;
}

/**
 * Reads an array.
 *
 * @param name - of the file, for messages
 * @throws DataFormatError for an array of something else than numbers or texts, or a file that is cut off
 */
export function readNpy(name: string, bytes: Uint8Array): NpyArray {
  const { descr, isFortran, shape, start } = headerOf(name, bytes);
  const count = shape.reduce((product, length) => product * length, 1);
  const type = descr.slice(1);
  const isLittle = descr[0] !== '>';
  const bytesOf = (each: number): DataView => {
    const wanted = count * each;
    const there = bytes.length - start;
    if (there < wanted) {
      throw new DataFormatError(
        `${name} is cut off: its array of ${shape.join(' × ')} has ${countOf(wanted, 'byte')}, and ${counted(there)} are there.`,
      );
    }
    return new DataView(bytes.buffer, bytes.byteOffset + start, wanted);
  };
  /** The element of the file that is element `index` in C order. */
  const placeOf = isFortran ? fortranPlace(shape) : (index: number) => index;
  const text = /^([US])(\d+)$/.exec(type);
  if (text !== null) {
    const length = Number(text[2]);
    const each = text[1] === 'U' ? 4 * length : length;
    const view = bytesOf(each);
    const texts = Array.from({ length: count }, (_, i) =>
      textAt(view, placeOf(i) * each, length, text[1] === 'U', isLittle),
    );
    return { shape, type, values: new Uint8Array(0), texts };
  }
  if (!Object.hasOwn(NUMBERS, type)) {
    throw new DataFormatError(`${name} holds ${elementsOf(type)}. ${ADVICE}`);
  }
  const [each, read] = NUMBERS[type];
  const view = bytesOf(each);
  const values = each === 1 && type !== 'i1' ? new Uint8Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, placeOf(i) * each, isLittle);
  return { shape, type, values };
}

const ADVICE = 'Save numbers, such as X.astype(float).';

function elementsOf(type: string): string {
  if (type.startsWith('O'))
    return 'Python objects (dtype object), which are read by running Python';
  if (type === '') return 'records of several fields (a structured dtype)';
  return `elements of the type ${type}, which are neither integers nor floats of 32 or 64 bits`;
}

function headerOf(name: string, bytes: Uint8Array): Header {
  const broken = (what: string) => new DataFormatError(`${name} is not a whole NPY file: ${what}.`);
  if (!isNpy(bytes) || bytes.length < 12) throw broken('its beginning is not there');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isShort = bytes[6] === 1;
  const length = isShort ? view.getUint16(8, true) : view.getUint32(8, true);
  const from = isShort ? 10 : 12;
  if (from + length > bytes.length) throw broken('its header is cut off');
  const text = new TextDecoder().decode(bytes.subarray(from, from + length));
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const lengths = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (order === undefined || lengths === undefined) {
    throw broken(`its header is ${quoted(text.trim())}`);
  }
  const shape = (lengths.match(/\d+/g) ?? []).map(Number);
  const count = shape.reduce((product, each) => product * each, 1);
  if (!Number.isSafeInteger(count)) throw broken(`its shape is ${quoted(lengths)}`);
  // A structured one is a list, which has no such text.
  const descr = /'descr':\s*'([<>|=]?\w+)'/.exec(text)?.[1] ?? '|';
  return { descr, isFortran: order === 'True', shape, start: from + length };
}

/** In Fortran's order the first index runs fastest. */
function fortranPlace(shape: readonly number[]): (index: number) => number {
  return (index) => {
    let place = 0;
    let rest = index;
    let stride = shape.reduce((product, length) => product * length, 1);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      stride /= shape[axis];
      place += (rest % shape[axis]) * stride;
      rest = Math.floor(rest / shape[axis]);
    }
    return place;
  };
}

/** A text of fixed length, filled up with zeros: UCS-4 or bytes. */
function textAt(
  view: DataView,
  at: number,
  length: number,
  isUnicode: boolean,
  isLittle: boolean,
): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    const code = isUnicode ? view.getUint32(at + 4 * i, isLittle) : view.getUint8(at + i);
    if (code === 0) break;
    text += String.fromCodePoint(Math.min(code, 0x10ffff));
  }
  return text;
}
