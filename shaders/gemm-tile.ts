/** Tiles of a matrix product in workgroup memory, for devices on which that is nearer than the caches. */
import { wgsl } from 'wgsl-preprocessor';
import { gathered, type Product } from './gemm-block';
import { type Extent, extent, type Operand, plus } from './gemm-operand';
import { GEMM_THREADS, TILE_DEPTH, TILE_SIDE } from './gemm-variant';
import { range } from './text';

/** WGSL of a workgroup with tiles, in parts; `bring` opens the loop over the tiles. */
export interface TileSource {
  readonly functions: string;
  readonly sums: readonly string[];
  readonly bring: readonly string[];
  readonly turn: readonly string[];
}

/**
 * A thread computes `rows` × `columns`, a workgroup eight by eight times that. A tile holds, for each
 * of its k, the rows or columns as vec4s; it is brought in squares of four by four, turned where the
 * matrix lies the other way round.
 */
export function tileSource(product: Product, rows: number, columns: number): TileSource {
  const { left, right, depth } = product;
  const leftFours = (rows * TILE_SIDE) / 4;
  const rightFours = (columns * TILE_SIDE) / 4;
  const leftSquares = (leftFours * TILE_DEPTH) / 4;
  const squares = leftSquares + (rightFours * TILE_DEPTH) / 4;
  const bringOne = (side: 'left' | 'right', fours: number, first: string, number: string) => [
    `let four = ${number} % ${fours}u;`,
    `let k = ${number} / ${fours}u * 4u;`,
    `let square = ${side}_square(${first} + four * 4u, start + k);`,
    `for (var d = 0u; d < 4u; d++) { ${side}_tile[(k + d) * ${fours}u + four] = square[d]; }`,
  ];
  const ofThread = (fours: number, local: string, perThread: number, i: number) =>
    plus(`k * ${fours}u + ${perThread === 1 ? local : `${local} * ${perThread}u`}`, i);
  return {
    functions: wgsl`${squareFunction('left', left, product.rows, depth)}
${squareFunction('right', right, product.columns, depth)}
var<workgroup> left_tile: array<vec4<f32>, ${TILE_DEPTH * leftFours}>;
var<workgroup> right_tile: array<vec4<f32>, ${TILE_DEPTH * rightFours}>;
`,
    sums: range(rows).flatMap((i) =>
      range(columns / 4).map((j) => `var sum${i}_${j} = vec4<f32>();`),
    ),
    bring: [
      `for (var start = 0u; start < ${extent(depth)}; start += ${TILE_DEPTH}u) {`,
      `  for (var i = thread; i < ${squares}u; i += ${GEMM_THREADS}u) {`,
      `    if (i < ${leftSquares}u) {`,
      ...bringOne('left', leftFours, 'first_row', 'i').map((line) => `      ${line}`),
      '    } else {',
      ...bringOne('right', rightFours, 'first_column', `(i - ${leftSquares}u)`).map(
        (line) => `      ${line}`,
      ),
      '    }',
      '  }',
    ],
    turn: [
      `for (var k = 0u; k < ${TILE_DEPTH}u; k++) {`,
      ...range(rows / 4).map(
        (i) => `  let a${i} = left_tile[${ofThread(leftFours, 'local.y', rows / 4, i)}];`,
      ),
      ...range(columns / 4).map(
        (j) => `  let b${j} = right_tile[${ofThread(rightFours, 'local.x', columns / 4, j)}];`,
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
 * zero behind the depth, and the last row or column again behind the edge.
 */
function squareFunction(
  side: 'left' | 'right',
  operand: Operand,
  size: Extent,
  depthSize: Extent,
): string {
  const depth = extent(depthSize);
  const last = size === 'batch' ? 'step.rows - 1u' : `${size - 1}u`;
  const line = gathered(operand, `min(index + i, ${last})`);
  let body: string;
  if (operand.along === 'result') {
    if (size === 'batch') throw new RangeError('no line runs along the batch');
    const position = `min(index, ${size - (size % 4 === 0 ? 4 : 1)}u)`;
    body = wgsl`for (var d = 0u; d < 4u && k + d < ${depth}; d++) {
    square[d] = ${side}(${gathered(operand, 'k + d')}, ${position});
  }
  return square;`;
  } else if (typeof depthSize === 'number' && depthSize % 4 === 0) {
    body = wgsl`for (var i = 0u; i < 4u && k < ${depth}; i++) {
    square[i] = ${side}(${line}, k);
  }
  return transpose(square);`;
  } else {
    body = wgsl`for (var i = 0u; i < 4u; i++) {
    let line = ${line};
    for (var d = 0u; d < 4u && k + d < ${depth}; d++) { square[i][d] = ${side}_one(line, k + d); }
  }
  return transpose(square);`;
  }
  return wgsl`fn ${side}_square(index: u32, k: u32) -> mat4x4<f32> {
  var square = mat4x4<f32>();
  ${body}
}`;
}
