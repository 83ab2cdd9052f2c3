/**
 * Every matrix product of a network is one of this family: C(i, j) = Σ_k left(i, k) · right(k, j).
 * The dense kernels say where left and right are and what becomes of a sum.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { Grid } from '../kernel';
import { blockSource, type Product } from './gemm-block';
import { accessors, plus, sizeOf } from './gemm-operand';
import { tileSource } from './gemm-tile';
import {
  GEMM_THREADS,
  type GemmVariant,
  TILE_K,
  tileSide,
  usesQuads,
  workgroupTeams,
  workgroupTile,
} from './gemm-variant';
import { treeSum } from './shared-sums';
import { range } from './text';

export interface Gemm extends Product {
  readonly variant: GemmVariant;
  /** By more columns of workgroups. */
  readonly reduceRows?: RowReduction;
}

/** What else there is to do for every row of the result. */
export interface RowReduction {
  /** WGSL of `fn reduce_rows(first: u32, count: u32, thread: u32)`, for `count` rows from `first` on. */
  readonly source: string;
  /** The most rows that a workgroup takes: a divisor of its tile's, or all of them. */
  readonly most: number;
}

/**
 * The whole product, as `main` and what it needs, but for the operands' gather functions and
 * `fn epilogue(row: u32, column: u32, sum: vec4<f32>)`, which takes the sums of four columns and ignores
 * what lies outside the result. With split-K, `split` says which part a sum belongs to.
 */
export function gemm(problem: Gemm): string {
  const { left, right, reduceRows, variant } = problem;
  const source = `${reduceRows?.source ?? ''}\n${MAINS[variant.kind](problem)}`;
  return [
    accessors('left', left, source, problem.k),
    accessors('right', right, source, problem.k),
    source,
  ].join('\n');
}

/** What the WGSL enables. */
export function gemmFeatures(variant: GemmVariant): readonly 'subgroups'[] {
  return usesQuads(variant) ? ['subgroups'] : [];
}

/** Workgroups for a result of up to m rows and n columns. */
export function gemmGrid(variant: GemmVariant, m: number, n: number): Grid {
  const tile = workgroupTile(variant, n);
  return [Math.ceil(n / tile.columns), Math.ceil(m / tile.rows), variant.splitK];
}

const MAINS = {
  register: registerMain,
  quad: (problem) => quadMain(problem, 'quad'),
  square: (problem) => quadMain(problem, 'square'),
  tile: tileMain,
  tile256: tileMain,
  gemv: gemvMain,
} satisfies Record<GemmVariant['kind'], (problem: Gemm) => string>;

/** What `main` is told of its thread's place. */
const PLACE = `@builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,`;

/** Lines of WGSL, indented. */
function block(spaces: number, lines: readonly string[]): string {
  return lines
    .map((line) => `${' '.repeat(spaces)}${line}`)
    .join('\n')
    .trimStart();
}

/** Columns of workgroups beside those of the product, for `reduce_rows`. */
export function reductionColumns({ n, reduceRows, variant }: Gemm): number {
  if (reduceRows === undefined) return 0;
  const { rows } = workgroupTile(variant, n);
  return rows / Math.min(rows, reduceRows.most);
}

/** Sends the workgroups behind the last column to `reduce_rows`. */
function reductionLines(problem: Gemm): string {
  const { m, n, reduceRows, variant } = problem;
  if (reduceRows === undefined || typeof m !== 'number') return '';
  const { rows } = workgroupTile(variant, n);
  const count = Math.min(rows, reduceRows.most);
  const [x] = gemmGrid(variant, m, n);
  const isOne = count === rows;
  const first = `group.y * ${rows}u${isOne ? '' : ` + (group.x - ${x}u) * ${count}u`}`;
  return `if (group.x ${isOne ? '==' : '>='} ${x}u) {
    if (group.z == 0u) { reduce_rows(${first}, ${count}u, thread); }
    return;
  }`;
}

/**
 * Hands a block's sums to the epilogue, in a loop so that it is compiled once.
 *
 * @param flips - whether rows and columns are those of a square: the neighbour's half comes second
 */
function epilogueLines(rows: number, columns: number, flips = false): string {
  const vectors = Math.ceil(columns / 4);
  const sums = range(rows).flatMap((i) => range(vectors).map((j) => `sum${i}_${j}`));
  const at = (number: string, flip: string) => (flips ? `((${number}) ^ ${flip})` : number);
  const [row, column] =
    vectors === 1
      ? ['i', 'column']
      : [
          at(`i / ${vectors}u`, 'flip_rows'),
          `column + ${at(`i % ${vectors}u`, 'flip_vectors')} * 4u`,
        ];
  return `var sums = array(${sums.join(', ')});
  for (var i = 0u; i < ${sums.length}u; i++) {
    epilogue(row + ${row}, ${column}, ${vectorOfColumns('sums[i]', columns)});
  }`;
}

/** A vec4 of sums, of which the last three do not exist where there is one column. */
function vectorOfColumns(sum: string, columns: number): string {
  return columns === 1 ? `vec4(${sum}, 0.0, 0.0, 0.0)` : sum;
}

/** Which part of K a workgroup sums, in whole turns of a loop: from `group.z * part` up to `last`. */
function partLines(k: string, stride: number, splitK: number): string {
  return `split = group.z;
  let part = (${plus(k, stride * splitK - 1)}) / ${stride * splitK}u * ${stride}u;
  let last = min((group.z + 1u) * part, ${k});`;
}

function registerMain(problem: Gemm): string {
  const { rows, columns, splitK } = problem.variant;
  const { x, y } = workgroupTeams(problem.variant, problem.n);
  const { stride, places, sums, body } = blockSource(problem, rows, columns);
  const k = sizeOf(problem.k);
  return wgsl`
#if ${splitK > 1}
var<private> split: u32;
#endif

@compute @workgroup_size(${x}, ${y})
fn main(
  ${PLACE}
) {
  ${reductionLines(problem)}
  let row = (group.y * ${y}u + local.y) * ${rows}u;
  let column = (group.x * ${x}u + local.x) * ${columns}u;
  if (row >= ${sizeOf(problem.m)} || column >= ${problem.n}u) { return; }
  ${block(2, places)}
  ${block(2, sums)}
#if ${splitK > 1}
  ${partLines(k, stride, splitK)}
  for (var k = group.z * part; k < last; k += ${stride}u) {
#else
  for (var k = 0u; k < ${k}; k += ${stride}u) {
#endif
    ${block(4, body)}
  }
  ${epilogueLines(rows, columns)}
}`;
}

/**
 * Which threads make a quad WGSL leaves open, so a quad takes the next number, whoever it is, and with
 * it a block. All threads stay to the end, since the threads of a quad need each other.
 */
function quadMain(problem: Gemm, quad: 'quad' | 'square'): string {
  const { variant, n } = problem;
  const { rows, columns } = variant;
  const { x, y } = workgroupTeams(variant, n);
  const edge = { ...workgroupTile(variant, n), quad };
  const { stride, places, sums, body } = blockSource(problem, rows, columns, edge);
  const uses = (name: string) => body.some((line) => line.includes(`${name}(`));
  const isSquare = quad === 'square';
  const flips = isSquare && stride === 4;
  return wgsl`
var<workgroup> quads: atomic<u32>;

#if ${uses('broadcast')}
fn broadcast(row: vec4<f32>) -> mat4x4<f32> {
  return mat4x4(
    quadBroadcast(row, 0u), quadBroadcast(row, 1u), quadBroadcast(row, 2u), quadBroadcast(row, 3u));
}
#endif
#if ${uses('swapped')}
// Number n is the row of the thread whose place in the quad is lane ^ n.
fn swapped(row: vec4<f32>) -> mat4x4<f32> {
  return mat4x4(row, quadSwapX(row), quadSwapY(row), quadSwapDiagonal(row));
}
#endif

#if ${uses('swapped_x')}
fn swapped_x(rows: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4(quadSwapX(rows[0]), quadSwapX(rows[1]), quadSwapX(rows[2]), quadSwapX(rows[3]));
}
#endif
#if ${uses('swapped_y')}
fn swapped_y(rows: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4(quadSwapY(rows[0]), quadSwapY(rows[1]), quadSwapY(rows[2]), quadSwapY(rows[3]));
}
#endif

@compute @workgroup_size(${GEMM_THREADS})
fn main(
  ${PLACE}
  @builtin(subgroup_invocation_id) place: u32,
) {
  ${reductionLines(problem)}
  workgroupBarrier(); // one adapter clears workgroup memory anew for each subgroup until here
  let lane = place % 4u;
  var number = 0u;
  if (lane == 0u) { number = atomicAdd(&quads, 1u); }
  let quad = quadBroadcast(number, 0u);
#if ${isSquare}
  let row = ((group.y * ${y}u + quad / ${x}u) * 2u + lane / 2u) * ${rows}u;
  let column = ((group.x * ${x}u + quad % ${x}u) * 2u + lane % 2u) * ${columns}u;
#else
  let row = ((group.y * ${y}u + quad / ${x}u) * 4u + lane) * ${rows}u;
  let column = (group.x * ${x}u + quad % ${x}u) * ${columns}u;
#endif
#if ${flips}
  // Lanes 0 and 1 have the same rows, lanes 0 and 2 the same columns; of each two the second begins halfway.
  let flip_rows = lane % 2u * ${rows / 2}u;
  let flip_vectors = lane / 2u * ${columns / 8}u;
  let own_row = row + flip_rows;
  let own_column = column + flip_vectors * 4u;
#endif
  ${block(2, places)}
  ${block(2, sums)}
  for (var k = 0u; k < ${sizeOf(problem.k)}; k += ${stride}u) {
    ${block(4, body)}
  }
  ${epilogueLines(rows, columns, flips)}
}`;
}

function tileMain(problem: Gemm): string {
  const { rows, columns, splitK } = problem.variant;
  const side = tileSide(problem.variant);
  const k = sizeOf(problem.k);
  const part = splitK > 1 ? { from: 'group.z * part', to: 'last' } : { from: '0u', to: k };
  const { functions, sums, loop } = tileSource(problem, problem.variant, part);
  return wgsl`
#if ${splitK > 1}
var<private> split: u32;
#endif
${functions}
@compute @workgroup_size(${side}, ${side})
fn main(
  ${PLACE}
) {
  ${reductionLines(problem)}
  let first_row = group.y * ${rows * side}u;
  let first_column = group.x * ${columns * side}u;
  if (first_row >= ${sizeOf(problem.m)}) { return; }
  let row = first_row + local.y * ${rows}u;
  let column = first_column + local.x * ${columns}u;
  ${block(2, sums)}
#if ${splitK > 1}
  ${partLines(k, TILE_K, splitK)}
#endif
  ${block(2, loop)}
  ${epilogueLines(rows, columns)}
}`;
}

function gemvMain(problem: Gemm): string {
  const { columns } = problem.variant;
  const { stride, places, sums, body } = blockSource(problem, 1, columns);
  return wgsl`
var<workgroup> partial: array<${columns === 1 ? 'f32' : 'vec4<f32>'}, ${GEMM_THREADS}>;

@compute @workgroup_size(${GEMM_THREADS})
fn main(
  ${PLACE}
) {
  ${reductionLines(problem)}
  let row = group.y;
  let column = group.x * ${columns}u;
  if (row >= ${sizeOf(problem.m)}) { return; }
  ${block(2, places)}
  ${block(2, sums)}
  for (var k = thread * ${stride}u; k < ${sizeOf(problem.k)}; k += ${GEMM_THREADS * stride}u) {
    ${block(4, body)}
  }
  partial[thread] = sum0_0;
  ${treeSum('partial', 'thread', GEMM_THREADS)}
  if (thread == 0u) { epilogue(row, column, ${vectorOfColumns('partial[0]', columns)}); }
}`;
}
