/**
 * The inner loop of every matrix product: a thread's block of C(i, j) = Σ_k left(i, k) · right(k, j),
 * straight from memory to registers.
 */
import { dividesByFour, type Operand, plus, type Size, sizeOf } from './gemm-operand';
import type { GemmVariantKind } from './gemm-variant';
import { range } from './text';

/** What a block is a part of. */
export interface Product {
  /** Rows of the result. */
  readonly m: Size;
  /** Columns of the result. */
  readonly n: number;
  /** Terms of each sum. */
  readonly k: Size;
  readonly left: Operand;
  readonly right: Operand;
}

/** Rows and columns at a time that, where they divide the result, leave no block across its edge. */
export interface Edge {
  readonly rows: number;
  readonly columns: number;
  /** A variant whose threads share loads in quads: the place in the quad is `lane`. */
  readonly quad?: Extract<GemmVariantKind, 'quad' | 'square'>;
}

/** WGSL around and inside of the loop over k. */
export interface BlockSource {
  /** How much of K an iteration takes: four, but for a K that is known not to divide by four. */
  readonly stride: 1 | 4;
  /** Before the loop: which rows or columns of left and right the block takes. */
  readonly places: readonly string[];
  /** Before the loop: `sum<row>_<vec4 of columns>`. */
  readonly sums: readonly string[];
  readonly body: readonly string[];
}

/**
 * Four columns are one vec4 of sums; loads are named a<row> and b<four columns>. An iteration of four k
 * takes a row's as a vec4, and those of four columns as a 4×4 matrix, a column of which is a row of
 * right: a vector times it, on the side that fits, adds sixteen products. What lies behind an edge is
 * computed from the last row or column again, and never stored.
 */
export function blockSource(
  product: Product,
  rows: number,
  columns: number,
  edge: Edge = { rows, columns },
): BlockSource {
  const { right, k: sizeK } = product;
  const stride = typeof sizeK !== 'number' || sizeK % 4 === 0 ? 4 : 1;
  const quad = stride === 4 ? edge.quad : undefined;
  const a =
    quad === 'square'
      ? leftOfSquare(product, rows, edge.rows)
      : leftSource(product, rows, stride, edge.rows, quad === 'quad');
  const b = rightBy(quad, product, columns, stride, edge.columns);
  const vectors = range(Math.ceil(columns / 4));
  const times = (i: number, j: number) => {
    if (columns === 1 && stride === 4) return `dot(${a.valueOf(i)}, b${j})`;
    return right.contiguous === 'k' ? `${a.valueOf(i)} * b${j}` : `b${j} * ${a.valueOf(i)}`;
  };
  const type = columns === 1 ? 'f32' : 'vec4<f32>';
  return {
    stride,
    places: [...a.places, ...b.places],
    sums: range(rows).flatMap((i) => vectors.map((j) => `var sum${i}_${j} = ${type}();`)),
    body: [
      ...b.loads,
      // A row just before its use: fewer values are at hand at once.
      ...a.loads.flatMap((load, i) => [
        ...load,
        ...a.rowsOf(i).flatMap((row) => vectors.map((j) => `sum${row}_${j} += ${times(row, j)};`)),
      ]),
    ],
  };
}

/** Right, as a thread alone loads it, or in a quad of that kind. */
function rightBy(
  quad: Edge['quad'],
  product: Product,
  columns: number,
  stride: 1 | 4,
  edge: number,
): Loads {
  switch (quad) {
    case undefined:
      return rightSource(product, columns, stride, edge);
    case 'quad':
      return quadSource(product, columns, edge);
    case 'square':
      return rightOfSquare(product, columns, edge);
    default:
      return quad satisfies never;
  }
}

interface Loads {
  readonly places: readonly string[];
  readonly loads: readonly string[];
}

/** Left's loads, each with the rows of the block that need it, and a row's value by its number. */
interface LeftLoads {
  readonly places: readonly string[];
  readonly loads: readonly (readonly string[])[];
  rowsOf(load: number): readonly number[];
  valueOf(row: number): string;
}

/** Left: of each row one value, or a vec4 of four k. */
function leftSource(
  product: Product,
  rows: number,
  stride: 1 | 4,
  edge: number,
  swaps: boolean,
  first = 'row',
): LeftLoads {
  const { left, m: size, k: sizeK } = product;
  const each = { rowsOf: (i: number) => [i], valueOf: (i: number) => `a${i}` };
  if (left.contiguous === 'k') {
    return {
      places: range(rows).map((i) => `let row${i} = ${rowOf(left, plus(first, i), size, edge)};`),
      loads: range(rows).map((i) => [`let a${i} = left${stride === 4 ? '' : '_one'}(row${i}, k);`]),
      ...each,
    };
  }
  if (rows % 4 !== 0) {
    const read = typeof sizeK === 'number' ? 'left_one' : 'left_one_or_zero';
    const reads = (i: number) => range(stride).map((d) => `${read}(${plus('k', d)}, row${i})`);
    return {
      places: range(rows).map((i) => `let row${i} = ${clamped(plus(first, i), size, edge)};`),
      loads: range(rows).map((i) => [`let a${i} = ${vectorOf('vec4', reads(i))};`]),
      ...each,
    };
  }
  // K runs down the buffer's rows: four of them, transposed, are a vec4 of four k for each row.
  const vectors = range(rows / 4);
  const read = typeof sizeK === 'number' ? 'left' : 'left_or_zero';
  const transposed = (i: number) => {
    // In the order in which the swaps bring right's rows.
    const rowOfK = (d: number) => (swaps ? `k + (lane ^ ${d}u)` : plus('k', d));
    const reads = range(stride).map((d) => `${read}(${rowOfK(d)}, row${i})`);
    return stride === 1 ? reads[0] : `transpose(${vectorOf('mat4x4', reads)})`;
  };
  return {
    places: vectors.map((i) => `let row${i} = ${vectorFrom(plus(first, 4 * i), size, edge)};`),
    loads: vectors.map((i) => [`let a${i} = ${transposed(i)};`]),
    rowsOf: (i) => range(4).map((row) => 4 * i + row),
    valueOf: (i) => `a${Math.floor(i / 4)}[${i % 4}]`,
  };
}

/** Left in a square: half of the rows, from `own_row` on, and as the others those of the neighbour. */
function leftOfSquare(product: Product, rows: number, edge: number): LeftLoads {
  const own = leftSource(product, rows / 2, 4, edge, false, 'own_row');
  const swap = own.rowsOf(0).length === 1 ? 'quadSwapX' : 'swapped_x';
  return {
    ...own,
    loads: own.loads.map((load, i) => [...load, `let a${i + own.loads.length} = ${swap}(a${i});`]),
    rowsOf: (i) => [...own.rowsOf(i), ...own.rowsOf(i).map((row) => row + rows / 2)],
  };
}

/** Right: of each four columns a vec4, or a matrix of four k; of a single column one value, or a vec4. */
function rightSource(
  product: Product,
  columns: number,
  stride: 1 | 4,
  edge: number,
  first = 'column',
): Loads {
  const { right, n: size, k: sizeK } = product;
  const vectors = range(Math.ceil(columns / 4));
  if (right.contiguous === 'k') {
    const read = stride === 4 ? 'right' : 'right_one';
    const type = stride === 4 && columns > 1 ? 'mat4x4' : 'vec4';
    const reads = (j: number) =>
      range(Math.min(4, columns)).map((c) => `${read}(column${4 * j + c}, k)`);
    return {
      places: range(columns).map(
        (j) => `let column${j} = ${rowOf(right, plus(first, j), size, edge)};`,
      ),
      loads: vectors.map((j) => `let b${j} = ${vectorOf(type, reads(j))};`),
    };
  }
  const [read, type] =
    columns === 1 ? ['right_one', 'vec4' as const] : ['right', 'mat4x4' as const];
  const reads = (j: number) => range(stride).map((d) => `${read}(right_row${d}, column${j})`);
  return {
    places: vectors.map(
      (j) => `let column${j} = ${columnsFrom(right, plus(first, 4 * j), size, edge)};`,
    ),
    loads: [
      ...range(stride).map((d) => `let right_row${d} = ${rowBehind(right, sizeK, d)};`),
      ...vectors.map((j) => `let b${j} = ${vectorOf(type, reads(j))};`),
    ],
  };
}

/** Right in a square: half of the columns, from `own_column` on, and as the others those of the neighbour. */
function rightOfSquare(product: Product, columns: number, edge: number): Loads {
  const own = rightSource(product, columns / 2, 4, edge, 'own_column');
  const vectors = range(columns / 8);
  return {
    places: own.places,
    loads: [...own.loads, ...vectors.map((j) => `let b${j + vectors.length} = swapped_y(b${j});`)],
  };
}

/**
 * Right, by quads whose threads have the same columns: a thread loads one row of each matrix, and takes the others from its
 * neighbours. Where left can be read in any order, by swaps, which bring row lane ^ n as number n.
 */
function quadSource(
  { left, right, n: size, k: sizeK }: Product,
  columns: number,
  edge: number,
): Loads {
  const vectors = range(columns / 4);
  if (right.contiguous === 'k') {
    return {
      places: vectors.map(
        (j) => `let column${j} = ${rowOf(right, `${plus('column', 4 * j)} + lane`, size, edge)};`,
      ),
      loads: vectors.map((j) => `let b${j} = broadcast(right(column${j}, k));`),
    };
  }
  const handed = left.contiguous === 'k' ? 'broadcast' : 'swapped';
  return {
    places: vectors.map(
      (j) => `let column${j} = ${columnsFrom(right, plus('column', 4 * j), size, edge)};`,
    ),
    loads: [
      `let right_row = ${rowAt(right, sizeK, 'k + lane')};`,
      ...vectors.map((j) => `let b${j} = ${handed}(right(right_row, column${j}));`),
    ],
  };
}

/** WGSL for four values as one; for one value itself. */
function vectorOf(type: 'vec4' | 'mat4x4', values: readonly string[]): string {
  return values.length === 1 ? values[0] : `${type}(${values.join(', ')})`;
}

/** The row of a k; behind the batch's end it is the last one, whose left value is then zero. */
function rowAt(operand: Operand, sizeK: Size, k: string): string {
  const isInside = typeof sizeK === 'number' || dividesByFour(sizeK) || k === 'k';
  return gathered(operand, isInside ? k : `min(${k}, ${sizeOf(sizeK)} - 1u)`);
}

/** Row k + d of right, where row k + d - 1 is at hand. */
function rowBehind(right: Operand, sizeK: Size, d: number): string {
  return d > 0 && right.next !== undefined && dividesByFour(sizeK)
    ? `${right.next}(right_row${d - 1})`
    : rowAt(right, sizeK, plus('k', d));
}

/** What reading four columns needs to know of them. */
export function columnsAt({ columns }: Operand, first: string): string {
  return columns === undefined ? first : `${columns.of}(${first})`;
}

function columnsFrom(operand: Operand, index: string, size: Size, blockSize: number): string {
  return columnsAt(operand, vectorFrom(index, size, blockSize));
}

/** The number in the buffer of a row. */
export function gathered({ gather }: Operand, row: string): string {
  return gather === null ? row : `${gather}(${row})`;
}

/** A row or column that certainly exists: behind the edge it is the last one. */
function clamped(index: string, size: Size, blockSize: number): string {
  if (typeof size !== 'number') return `min(${index}, ${sizeOf(size)} - 1u)`;
  return size % blockSize === 0 ? index : `min(${index}, ${size - 1}u)`;
}

function rowOf(operand: Operand, index: string, size: Size, blockSize: number): string {
  return gathered(operand, clamped(index, size, blockSize));
}

/**
 * Where four values of a row start that certainly exist, or, where vec4s do not fill it, the first of them.
 *
 * @throws RangeError for rows along the batch, whose length no kernel knows
 */
function vectorFrom(index: string, size: Size, blockSize: number): string {
  if (typeof size !== 'number') throw new RangeError('no row lies along the batch');
  if (size % blockSize === 0) return index;
  return `min(${index}, ${size - (size % 4 === 0 ? 4 : 1)}u)`;
}
