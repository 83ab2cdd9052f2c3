/** Writes NPY files as NumPy does, for tests of what reads them. */

type Element = number | string;

interface Written {
  /** `<f8`, `|u1`, `<U3`; of another type zeros are written. */
  readonly descr: string;
  readonly isFortran: boolean;
  /** Rows of a table, or the elements of an array in C order. */
  readonly rows: readonly (readonly Element[])[] | readonly Element[];
  /** Where it is no table and not of one dimension. */
  readonly shape?: readonly number[];
}

export function npyOf({ descr, isFortran, rows, shape: given }: Written): Uint8Array<ArrayBuffer> {
  const elements: readonly Element[] = rows.flat();
  const first = rows[0];
  const shape = given ?? (Array.isArray(first) ? [rows.length, first.length] : [rows.length]);
  const order =
    isFortran && shape.length === 2
      ? elements.map((_, i) => elements[(i % shape[0]) * shape[1] + Math.floor(i / shape[0])])
      : elements;
  const kind = descr[1];
  const length = Number(descr.slice(2)) || 8;
  const each = kind === 'U' ? 4 * length : length;
  const header = `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const padded = `${header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + padded.length + order.length * each);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), 10);
  for (const [i, element] of order.entries()) {
    write(view, 10 + padded.length + i * each, `${kind}${length}`, element, descr[0] !== '>');
  }
  return bytes;
}

function write(view: DataView, at: number, type: string, element: Element, isLittle: boolean) {
  const value = Number(element);
  switch (type) {
    case 'b1':
    case 'u1':
      return view.setUint8(at, value);
    case 'i1':
      return view.setInt8(at, value);
    case 'u2':
      return view.setUint16(at, value, isLittle);
    case 'i2':
      return view.setInt16(at, value, isLittle);
    case 'u4':
      return view.setUint32(at, value, isLittle);
    case 'i4':
      return view.setInt32(at, value, isLittle);
    case 'u8':
      return view.setBigUint64(at, BigInt(value), isLittle);
    case 'i8':
      return view.setBigInt64(at, BigInt(value), isLittle);
    case 'f4':
      return view.setFloat32(at, value, isLittle);
    case 'f8':
      return view.setFloat64(at, value, isLittle);
    default: {
      if (type[0] !== 'U') return undefined;
      for (const [i, letter] of [...`${element}`].entries()) {
        view.setUint32(at + 4 * i, letter.codePointAt(0) ?? 0, isLittle);
      }
      return undefined;
    }
  }
}
