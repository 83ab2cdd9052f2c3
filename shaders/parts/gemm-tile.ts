/** Tiles of a matrix product in workgroup memory, for devices on which that is nearer than the caches. */
import { wgsl } from 'wgsl-preprocessor';
import { columnsAt, gathered, type Product } from './gemm-block';
import { dividesByFour, type Operand, plus, type Size, sizeOf } from './gemm-operand';
import { type GemmVariant, TILE_K, tileSide } from './gemm-variant';
import { joined, lines, range } from './text';

/** WGSL of a workgroup with tiles, in parts. */
export interface TileSource {
  readonly functions: string;
  readonly sums: readonly string[];
  /** The loop over K, tile by tile. */
  readonly loop: readonly string[];
}

/** WGSL of the k that a workgroup's sums begin at, and of that behind them; the first is a multiple of a tile's. */
export interface TileRange {
  readonly from: string;
  readonly to: string;
}

/**
 * A tile holds, for each of its k, the rows or columns of a workgroup as vec4s. It is brought in squares
 * of four by four, one a thread at most, transposed where the matrix lies the other way round. The next
 * tile's squares are on their way to registers while this one's products are added up.
 */
export function tileSource(
  product: Product,
  variant: GemmVariant,
  { from, to }: TileRange,
): TileSource {
  const { left, right, k: sizeK } = product;
  const { rows, columns } = variant;
  const side = tileSide(variant);
  const leftVectors = (rows * side) / 4;
  const rightVectors = (columns * side) / 4;
  const leftSquares = (leftVectors * TILE_K) / 4;
  const squares = leftSquares + (rightVectors * TILE_K) / 4;
  const leftPlace = squarePlace(left, leftVectors, 'thread');
  const rightPlace = squarePlace(right, rightVectors, `(thread - ${leftSquares}u)`);
  const store = (tile: string, vectors: number, { vector, k }: SquarePlace) =>
    lines(
      4,
      (d) => `    ${tile}[(${plus(k, d)}) * ${vectors}u + ${vector}] = square[${d}];`,
    ).trimStart();
  const ofThread = (vectors: number, local: string, perThread: number, i: number) =>
    plus(`k * ${vectors}u + ${perThread === 1 ? local : `${local} * ${perThread}u`}`, i);
  const leftLoads =
    rows === 2
      ? [
          `let pairs = left_tile[k * ${leftVectors}u + local.y / 2u];`,
          'let a0 = select(pairs.xy, pairs.zw, local.y % 2u == 1u);',
        ]
      : range(rows / 4).map(
          (i) => `let a${i} = left_tile[${ofThread(leftVectors, 'local.y', rows / 4, i)}];`,
        );
  return {
    functions: wgsl`${squareFunction('left', left, product.m, sizeK)}
${squareFunction('right', right, product.n, sizeK)}
var<workgroup> left_tile: array<vec4<f32>, ${TILE_K * leftVectors}>;
var<workgroup> right_tile: array<vec4<f32>, ${TILE_K * rightVectors}>;

// A thread's share of both tiles that begin at k = start; zero behind K.
fn bring(thread: u32, first_row: u32, first_column: u32, start: u32) -> mat4x4<f32> {
  if (thread < ${leftSquares}u) {
    return left_square(first_row + ${leftPlace.vector} * 4u, start + ${leftPlace.k});
  }
  if (thread < ${squares}u) {
    return right_square(first_column + ${rightPlace.vector} * 4u, start + ${rightPlace.k});
  }
  return mat4x4<f32>();
}

fn keep(thread: u32, square: mat4x4<f32>) {
  if (thread < ${leftSquares}u) {
    ${store('left_tile', leftVectors, leftPlace)}
  } else if (thread < ${squares}u) {
    ${store('right_tile', rightVectors, rightPlace)}
  }
}
`,
    sums: range(rows).flatMap((i) =>
      range(columns / 4).map((j) => `var sum${i}_${j} = vec4<f32>();`),
    ),
    loop: [
      `var square = bring(thread, first_row, first_column, ${from});`,
      `for (var start = ${from}; start < ${to}; start += ${TILE_K}u) {`,
      '  keep(thread, square);',
      '  workgroupBarrier();',
      `  square = bring(thread, first_row, first_column, start + ${TILE_K}u);`,
      `  for (var k = 0u; k < ${TILE_K}u; k++) {`,
      ...leftLoads.map((load) => `    ${load}`),
      ...range(columns / 4).map(
        (j) => `    let b${j} = right_tile[${ofThread(rightVectors, 'local.x', columns / 4, j)}];`,
      ),
      ...range(rows).flatMap((i) =>
        range(columns / 4).map(
          (j) => `    sum${i}_${j} += a${Math.floor(i / 4)}.${'xyzw'[i % 4]} * b${j};`,
        ),
      ),
      '  }',
      '  workgroupBarrier();',
      '}',
    ],
  };
}

/** Which vec4 of a tile's rows or columns a square begins at, and at which k of the tile. */
interface SquarePlace {
  readonly vector: string;
  readonly k: string;
}

/** The place of square `number`: neighbours in a matrix's memory are of neighbouring threads. */
function squarePlace({ contiguous }: Operand, vectors: number, number: string): SquarePlace {
  return contiguous === 'k'
    ? { vector: `${number} / ${TILE_K / 4}u`, k: `${number} % ${TILE_K / 4}u * 4u` }
    : { vector: `${number} % ${vectors}u`, k: `${number} / ${vectors}u * 4u` };
}

/**
 * `fn <side>_square(index, k)`: four rows or columns at four k, a column of the matrix for each k;
 * zero behind K, and the last row or column again behind the edge.
 */
function squareFunction(side: 'left' | 'right', operand: Operand, size: Size, sizeK: Size): string {
  const endK = sizeOf(sizeK);
  const last = typeof size === 'number' ? `${size - 1}u` : `${sizeOf(size)} - 1u`;
  const row = (i: string) => gathered(operand, `min(index + ${i}, ${last})`);
  const isWhole = dividesByFour(sizeK);
  const isAcross = operand.contiguous === 'mn';
  if (isAcross && typeof size !== 'number') throw new RangeError('no row lies along the batch');
  const first = `min(index, ${Number(size) - (Number(size) % 4 === 0 ? 4 : 1)}u)`;
  const column = columnsAt(operand, first);
  // Written out: an index that is known keeps the square in registers.
  const vector = (i: number) =>
    isAcross
      ? `square[${i}] = ${side}(${gathered(operand, plus('k', i))}, column);`
      : `square[${i}] = ${side}(${row(`${i}u`)}, k);`;
  const all = joined(range(4).map(vector));
  return wgsl`fn ${side}_square(index: u32, k: u32) -> mat4x4<f32> {
  var square = mat4x4<f32>();
#if ${isAcross}
  let column = ${column};
#endif
#if ${isWhole}
  if (k >= ${endK}) { return square; }
  ${all}
#elif ${isAcross}
  ${joined(range(4).map((d) => `if (${plus('k', d)} < ${endK}) { ${vector(d)} }`))}
#else
  for (var i = 0u; i < 4u; i++) {
    let row = ${row('i')};
    for (var d = 0u; d < 4u && k + d < ${endK}; d++) { square[i][d] = ${side}_one(row, k + d); }
  }
#endif
  return ${isAcross ? 'square' : 'transpose(square)'};
}`;
}
