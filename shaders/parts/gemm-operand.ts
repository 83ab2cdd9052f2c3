/** Where the matrices of a product lie in their buffers, and the WGSL that reads and writes them. */
import { wgsl } from 'wgsl-preprocessor';
import { range } from './text';

/** A row-major matrix in a buffer: rows one behind the other, the values of a row next to each other. */
export interface Matrix {
  readonly buffer: string;
  /** Where it starts, in floats. */
  readonly offset: number;
  /** Values from one row's start to the next; the column stride is 1. */
  readonly rowStride: number;
  /** Whether the buffer is declared as vec4: every row then starts at a multiple of 4. */
  readonly isWide: boolean;
}

/** A matrix that is read or written four values at a time where its place allows it. */
export function matrixAt(buffer: string, offset: number, rowStride: number): Matrix {
  return { buffer, offset, rowStride, isWide: offset % 4 === 0 && rowStride % 4 === 0 };
}

/**
 * A matrix whose values are found by a WGSL function of row and column: `columns` of them in each row.
 *
 * @param row - WGSL function from the number of a row to all that its values need to know of it, a vec3<u32>:
 *   `read` is given that, and it is computed once a row and not once a value
 */
export function readBy(read: string, columns: number, row?: string) {
  const place = { buffer: '', offset: 0, rowStride: columns, isWide: false, read };
  return row === undefined
    ? { ...place, gather: null }
    : { ...place, gather: row, rowType: 'vec3<u32>' };
}

/** A factor of a product. */
export interface Operand extends Matrix {
  /** What neighbours in a row differ in: k, or the row (m) or column (n) of the result. */
  readonly contiguous: 'k' | 'mn';
  /** WGSL function from the number of a row to that in the buffer, or to another `rowType`, where they differ. */
  readonly gather: string | null;
  /** What a row goes by; without it, its number. */
  readonly rowType?: string;
  /**
   * WGSL function from row and column to a value, where rows do not lie one behind the other: a patch of an
   * image is found this way. `rowStride` is then their length.
   */
  readonly read?: string;
  /** Whether `read` gives four values of a row, from a column on. */
  readonly readsFour?: true;
  /**
   * Of an operand that reads four, contiguous in m or n: WGSL function from the first of four columns to
   * what its type says, all that reading them needs to know.
   */
  readonly columns?: { readonly of: string; readonly type: string };
  /** WGSL function from a row to the next one, where that is had for less, among four from a multiple of 4 on. */
  readonly next?: string;
}

/** A size that is known, or the samples of the batch at hand, or so many for each of them. */
export type Size = number | 'batch' | { readonly perSample: number };

/** WGSL for a size. */
export function sizeOf(size: Size): string {
  if (typeof size === 'number') return `${size}u`;
  return size === 'batch' ? 'step.rows' : `(step.rows * ${size.perSample}u)`;
}

/** Whether a size is a multiple of four, whatever the batch. */
export function dividesByFour(size: Size): boolean {
  if (size === 'batch') return false;
  return (typeof size === 'number' ? size : size.perSample) % 4 === 0;
}

/** WGSL for a sum, without its zero. */
export function plus(term: string, constant: number): string {
  return constant === 0 ? term : `${term} + ${constant}u`;
}

/** The WGSL type of a matrix's buffer. */
export function storageType({ isWide }: Matrix): string {
  return isWide ? 'array<vec4<f32>>' : 'array<f32>';
}

/** WGSL for the index of a value. */
function indexOf({ offset, rowStride }: Matrix, row: string, column: string): string {
  const start = row === '0u' ? [] : [`${row} * ${rowStride}u`];
  return [...(offset === 0 ? [] : [`${offset}u`]), ...start, column].join(' + ');
}

/** WGSL for the four values of a row from `column` on; behind the row's end is its last value again. */
export function readFour(matrix: Matrix, row: string, column: string): string {
  const { buffer, rowStride, isWide } = matrix;
  if (isWide) return `${buffer}[(${indexOf(matrix, row, column)}) / 4u]`;
  const values = range(4).map(
    (i) => `${buffer}[${indexOf(matrix, row, insideRow(rowStride, column, i))}]`,
  );
  return `vec4(\n    ${values.join(',\n    ')})`;
}

/** WGSL that writes four values of a row from `column` on, but for those behind the row's end. */
export function writeFour(matrix: Matrix, row: string, column: string, four: string): string {
  const { buffer, rowStride, isWide } = matrix;
  if (isWide) return `${buffer}[(${indexOf(matrix, row, column)}) / 4u] = ${four};`;
  if (rowStride % 4 === 0) {
    const one = (i: number) =>
      `${buffer}[${indexOf(matrix, row, plus(column, i))}] = ${four}.${'xyzw'[i]};`;
    return range(4).map(one).join('\n  ');
  }
  return `for (var c = 0u; c < min(4u, ${rowStride}u - ${column}); c++) {
    ${buffer}[${indexOf(matrix, row, `${column} + c`)}] = ${four}[c];
  }`;
}

/**
 * What `source` uses of `fn <side>(row, column)`, four values of an operand's row, of
 * `fn <side>_one(row, column)`, one of them, and of both `…_or_zero` behind the batch's end, where K is
 * as long as the batch.
 */
export function accessors(
  side: 'left' | 'right',
  operand: Operand,
  source: string,
  sizeK: Size,
): string {
  const { rowType = 'u32' } = operand;
  const endK = sizeOf(sizeK);
  const orZero = (name: string, type: string) => wgsl`
fn ${name}_or_zero(row: u32, column: u32) -> ${type} {
  return select(${type}(), ${name}(min(row, ${endK} - 1u), column), row < ${endK});
}`;
  const uses = (name: string) => source.includes(`${name}(`);
  return wgsl`
#if ${uses(side) || uses(`${side}_or_zero`)}
fn ${side}(row: ${rowType}, column: ${operand.columns?.type ?? 'u32'}) -> vec4<f32> {
  return ${fourOf(operand)};
}
#endif
#if ${uses(`${side}_one`) || uses(`${side}_one_or_zero`)}
fn ${side}_one(row: ${rowType}, column: u32) -> f32 {
  return ${oneOf(operand)};
}
#endif
${uses(`${side}_or_zero`) ? orZero(side, 'vec4<f32>') : ''}
${uses(`${side}_one_or_zero`) ? orZero(`${side}_one`, 'f32') : ''}`;
}

/** WGSL for the value of an operand at `row` and `column`. */
function oneOf(operand: Operand): string {
  const { buffer, isWide, read, readsFour } = operand;
  if (readsFour) return `${read}(row, column / 4u * 4u)[column % 4u]`;
  if (read !== undefined) return `${read}(row, column)`;
  const index = indexOf(operand, 'row', 'column');
  return isWide ? `${buffer}[(${index}) / 4u][column % 4u]` : `${buffer}[${index}]`;
}

/** WGSL for four values of an operand from `column` on. */
function fourOf(operand: Operand): string {
  const { rowStride, read, readsFour } = operand;
  if (read === undefined) return readFour(operand, 'row', 'column');
  if (readsFour) return `${read}(row, column)`;
  const values = range(4).map((i) => `${read}(row, ${insideRow(rowStride, 'column', i)})`);
  return `vec4(\n    ${values.join(',\n    ')})`;
}

/** WGSL for `column + i`, or the last of a row's columns where that is behind its end. */
function insideRow(length: number, column: string, i: number): string {
  const at = plus(column, i);
  return length % 4 === 0 || i === 0 ? at : `min(${at}, ${length - 1}u)`;
}
