/** Tiles of a matrix product in workgroup memory, for devices on which that is nearer than the caches. */
import { wgsl } from 'wgsl-preprocessor';
import { gathered, type Product } from './gemm-block';
import { type Operand, plus, type Size, sizeOf } from './gemm-operand';
import { GEMM_THREADS, TILE_K, TILE_SIDE } from './gemm-variant';
import { range } from './text';

/** WGSL of a workgroup with tiles, in parts; `bring` opens the loop over the tiles. */
export interface TileSource {
  readonly functions: string;
  readonly sums: readonly string[];
  readonly bring: readonly string[];
  readonly body: readonly string[];
}

/**
 * A thread computes `rows` × `columns`, a workgroup eight by eight times that. A tile holds, for each
 * of its k, the rows or columns as vec4s; it is brought in squares of four by four, transposed where the
 * matrix lies the other way round.
 */
export function tileSource(product: Product, rows: number, columns: number): TileSource {
  const { left, right, k: sizeK } = product;
  const leftVectors = (rows * TILE_SIDE) / 4;
  const rightVectors = (columns * TILE_SIDE) / 4;
  const leftSquares = (leftVectors * TILE_K) / 4;
  const squares = leftSquares + (rightVectors * TILE_K) / 4;
  const bringOne = (side: 'left' | 'right', vectors: number, first: string, number: string) => [
    `let vector = ${number} % ${vectors}u;`,
    `let k = ${number} / ${vectors}u * 4u;`,
    `let square = ${side}_square(${first} + vector * 4u, start + k);`,
    `for (var d = 0u; d < 4u; d++) { ${side}_tile[(k + d) * ${vectors}u + vector] = square[d]; }`,
  ];
  const ofThread = (vectors: number, local: string, perThread: number, i: number) =>
    plus(`k * ${vectors}u + ${perThread === 1 ? local : `${local} * ${perThread}u`}`, i);
  return {
    functions: wgsl`${squareFunction('left', left, product.m, sizeK)}
${squareFunction('right', right, product.n, sizeK)}
var<workgroup> left_tile: array<vec4<f32>, ${TILE_K * leftVectors}>;
var<workgroup> right_tile: array<vec4<f32>, ${TILE_K * rightVectors}>;
`,
    sums: range(rows).flatMap((i) =>
      range(columns / 4).map((j) => `var sum${i}_${j} = vec4<f32>();`),
    ),
    bring: [
      `for (var start = 0u; start < ${sizeOf(sizeK)}; start += ${TILE_K}u) {`,
      `  for (var i = thread; i < ${squares}u; i += ${GEMM_THREADS}u) {`,
      `    if (i < ${leftSquares}u) {`,
      ...bringOne('left', leftVectors, 'first_row', 'i').map((line) => `      ${line}`),
      '    } else {',
      ...bringOne('right', rightVectors, 'first_column', `(i - ${leftSquares}u)`).map(
        (line) => `      ${line}`,
      ),
      '    }',
      '  }',
    ],
    body: [
      `for (var k = 0u; k < ${TILE_K}u; k++) {`,
      ...range(rows / 4).map(
        (i) => `  let a${i} = left_tile[${ofThread(leftVectors, 'local.y', rows / 4, i)}];`,
      ),
      ...range(columns / 4).map(
        (j) => `  let b${j} = right_tile[${ofThread(rightVectors, 'local.x', columns / 4, j)}];`,
      ),
      ...range(rows).flatMap((i) =>
        range(columns / 4).map(
          (j) => `  sum${i}_${j} += a${Math.floor(i / 4)}.${'xyzw'[i % 4]} * b${j};`,
        ),
      ),
      '}',
    ],
  };
}

/**
 * `fn <side>_square(index, k)`: four rows or columns at four k, a column of the matrix for each k;
 * zero behind K, and the last row or column again behind the edge.
 */
function squareFunction(side: 'left' | 'right', operand: Operand, size: Size, sizeK: Size): string {
  const endK = sizeOf(sizeK);
  const last = size === 'batch' ? 'step.rows - 1u' : `${size - 1}u`;
  const row = gathered(operand, `min(index + i, ${last})`);
  let body: string;
  if (operand.contiguous === 'mn') {
    if (size === 'batch') throw new RangeError('no row lies along the batch');
    const column = `min(index, ${size - (size % 4 === 0 ? 4 : 1)}u)`;
    body = wgsl`for (var d = 0u; d < 4u && k + d < ${endK}; d++) {
    square[d] = ${side}(${gathered(operand, 'k + d')}, ${column});
  }
  return square;`;
  } else if (typeof sizeK === 'number' && sizeK % 4 === 0) {
    body = wgsl`for (var i = 0u; i < 4u && k < ${endK}; i++) {
    square[i] = ${side}(${row}, k);
  }
  return transpose(square);`;
  } else {
    body = wgsl`for (var i = 0u; i < 4u; i++) {
    let row = ${row};
    for (var d = 0u; d < 4u && k + d < ${endK}; d++) { square[i][d] = ${side}_one(row, k + d); }
  }
  return transpose(square);`;
  }
  return wgsl`fn ${side}_square(index: u32, k: u32) -> mat4x4<f32> {
  var square = mat4x4<f32>();
  ${body}
}`;
}
