/**
 * The inner loop of every matrix product: a thread's block of C(i, j) = Σ_k left(i, k) · right(k, j),
 * straight from memory to registers.
 */
import { type Extent, type Operand, plus, range } from './gemm-operand';

/** What a block is a part of. */
export interface Product {
  readonly rows: Extent;
  readonly columns: number;
  readonly depth: Extent;
  readonly left: Operand;
  readonly right: Operand;
}

/** Lines of WGSL around and inside of the loop over k. */
export interface BlockSource {
  /** How far a turn goes: 4 where four values of left's lines can be read at once. */
  readonly stride: 1 | 4;
  /** Before the loop: which lines of left and right the block takes. */
  readonly places: readonly string[];
  /** Before the loop: `sum<row>_<four columns>`. */
  readonly sums: readonly string[];
  readonly turn: readonly string[];
}

/**
 * Four columns are one vec4 of sums; loads are named a<row> and b<four columns>. Where a turn takes
 * four k, b is a 4×4 matrix, a column of which is a line of right: a vector times it, on the side
 * that fits, adds all sixteen products. What lies behind an edge is computed from the last row or
 * column again, and never stored.
 */
export function blockSource(product: Product, rows: number, columns: number): BlockSource {
  const { left, right, depth } = product;
  const readsFour =
    left.along === 'depth' &&
    typeof depth === 'number' &&
    depth % 4 === 0 &&
    (columns > 1 || right.along === 'depth');
  const stride = readsFour ? 4 : 1;
  const a = leftSource(product, rows, stride);
  const b = rightSource(product, columns, stride);
  const fours = range(Math.ceil(columns / 4));
  const times = (i: number, j: number) => {
    if (columns === 1 && stride === 4) return `dot(${a.values[i]}, b${j})`;
    return right.along === 'depth' ? `${a.values[i]} * b${j}` : `b${j} * ${a.values[i]}`;
  };
  const type = columns === 1 ? 'f32' : 'vec4<f32>';
  return {
    stride,
    places: [...a.places, ...b.places],
    sums: range(rows).flatMap((i) => fours.map((j) => `var sum${i}_${j} = ${type}();`)),
    turn: [
      ...a.loads,
      ...b.loads,
      ...range(rows).flatMap((i) => fours.map((j) => `sum${i}_${j} += ${times(i, j)};`)),
    ],
  };
}

interface Loads {
  readonly places: readonly string[];
  readonly loads: readonly string[];
}

/** Left: a value a row, or four k of each row, or four rows at a time. */
function leftSource({ left, rows: size }: Product, rows: number, stride: 1 | 4) {
  if (left.along === 'depth') {
    return {
      places: range(rows).map((i) => `let row${i} = ${lineOf(left, plus('row', i), size, rows)};`),
      loads: range(rows).map((i) => `let a${i} = left${stride === 4 ? '' : '_one'}(row${i}, k);`),
      values: range(rows).map((i) => `a${i}`),
    };
  }
  const line = gathered(left, 'k');
  if (rows % 4 === 0) {
    const fours = range(rows / 4);
    return {
      places: fours.map((i) => `let row${i} = ${fourFrom(plus('row', 4 * i), size, rows)};`),
      loads: fours.map((i) => `let a${i} = left(${line}, row${i});`),
      values: fours.flatMap((i) => ['x', 'y', 'z', 'w'].map((part) => `a${i}.${part}`)),
    };
  }
  return {
    places: range(rows).map((i) => `let row${i} = ${clamped(plus('row', i), size, rows)};`),
    loads: range(rows).map((i) => `let a${i} = left_one(${line}, row${i});`),
    values: range(rows).map((i) => `a${i}`),
  };
}

/** Right: a value of one column, or four columns, or four columns at four k. */
function rightSource({ right, columns: size }: Product, columns: number, stride: 1 | 4): Loads {
  const fours = range(Math.ceil(columns / 4));
  if (right.along === 'depth') {
    const [read, four] = stride === 4 ? ['right', 'mat4x4'] : ['right_one', 'vec4'];
    return {
      places: range(columns).map(
        (j) => `let column${j} = ${lineOf(right, plus('column', j), size, columns)};`,
      ),
      loads:
        columns === 1
          ? [`let b0 = ${read}(column0, k);`]
          : fours.map((j) => {
              const lines = range(4).map((c) => `${read}(column${4 * j + c}, k)`);
              return `let b${j} = ${four}(${lines.join(', ')});`;
            }),
    };
  }
  if (columns === 1) {
    const line = gathered(right, 'k');
    return {
      places: ['let column0 = column;'],
      loads: [`let b0 = right_one(${line}, column0);`],
    };
  }
  const lines = range(stride).map((d) => gathered(right, plus('k', d)));
  return {
    places: fours.map((j) => `let column${j} = ${fourFrom(plus('column', 4 * j), size, columns)};`),
    loads: [
      ...(right.gather === null ? [] : lines.map((line, d) => `let line${d} = ${line};`)),
      ...fours.map((j) => {
        const reads = lines.map(
          (line, d) => `right(${right.gather === null ? line : `line${d}`}, column${j})`,
        );
        return `let b${j} = ${stride === 4 ? `mat4x4(${reads.join(', ')})` : reads[0]};`;
      }),
    ],
  };
}

/** The number in the buffer of a line. */
export function gathered({ gather }: Operand, line: string): string {
  return gather === null ? line : `${gather}(${line})`;
}

/** A row or column that certainly exists: behind the edge it is the last one. */
function clamped(index: string, size: Extent, blockSize: number): string {
  if (size === 'batch') return `min(${index}, step.rows - 1u)`;
  return size % blockSize === 0 ? index : `min(${index}, ${size - 1}u)`;
}

function lineOf(operand: Operand, index: string, size: Extent, blockSize: number): string {
  return gathered(operand, clamped(index, size, blockSize));
}

/** Where four values of a line start that certainly exist, or, where fours do not fill it, the first of them. */
export function fourFrom(index: string, size: Extent, blockSize: number): string {
  if (size === 'batch') throw new RangeError('no line runs along the batch');
  if (size % blockSize === 0) return index;
  return `min(${index}, ${size - (size % 4 === 0 ? 4 : 1)}u)`;
}
