/**
 * Every matrix product of a network is one of this family: C(i, j) = Σ_k left(i, k) · right(k, j).
 * The dense kernels say where left and right are and what becomes of a sum.
 */
import { wgsl } from 'wgsl-preprocessor';
import { blockSource, type Product } from './gemm-block';
import { accessors, extent, plus } from './gemm-operand';
import { tileSource } from './gemm-tile';
import {
  GEMM_THREADS,
  type GemmVariant,
  type GemvVariant,
  type QuadVariant,
  type RegisterVariant,
  splitsOf,
  TILE_SIDE,
  type TileVariant,
  workgroupBlocks,
  workgroupTile,
} from './gemm-variant';
import type { Grid } from './kernel';
import { range } from './text';

export interface Gemm extends Product {
  readonly variant: GemmVariant;
  /**
   * WGSL of `fn beside(first: u32, count: u32, thread: u32)` for one more column of workgroups: what
   * else there is to do for `count` rows from `first` on.
   */
  readonly beside?: string;
}

/**
 * The whole product, as `main` and what it needs, but for the operands' gather functions and
 * `fn store(row: u32, column: u32, sum: vec4<f32>)`, which takes the sums of four columns and ignores
 * what lies outside the result. With several splits, `split` says which one a sum belongs to.
 */
export function gemm(problem: Gemm): string {
  const { left, right, beside = '', variant } = problem;
  const source = `${beside}\n${mainSource(problem, variant)}`;
  return [accessors('left', left, source), accessors('right', right, source), source].join('\n');
}

/** What the WGSL enables. */
export function gemmFeatures({ kind }: GemmVariant): readonly 'subgroups'[] {
  return kind === 'quad' ? ['subgroups'] : [];
}

/** Workgroups for a result of up to `rows` rows. */
export function gemmGrid(variant: GemmVariant, rows: number, columns: number): Grid {
  const tile = workgroupTile(variant, columns);
  return [Math.ceil(columns / tile.columns), Math.ceil(rows / tile.rows), splitsOf(variant)];
}

function mainSource(problem: Gemm, variant: GemmVariant): string {
  switch (variant.kind) {
    case 'register':
      return registerMain(problem, variant);
    case 'quad':
      return quadMain(problem, variant);
    case 'tile':
      return tileMain(problem, variant);
    case 'gemv':
      return gemvMain(problem, variant);
    default:
      return variant satisfies never;
  }
}

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

/** Sends the workgroups behind the last column to `beside`. */
function besideLines({ rows, columns, beside, variant }: Gemm): string {
  if (beside === undefined || rows === 'batch') return '';
  const tile = workgroupTile(variant, columns);
  const [x] = gemmGrid(variant, rows, columns);
  return `if (group.x == ${x}u) {
    if (group.z == 0u) { beside(group.y * ${tile.rows}u, ${tile.rows}u, thread); }
    return;
  }`;
}

/**
 * Stores a block's sums, in a loop so that `store` is compiled once.
 *
 * @param flips - whether rows and columns are those of a square: the neighbour's half comes second
 */
function storeLines(rows: number, columns: number, flips = false): string {
  const fours = Math.ceil(columns / 4);
  const sums = range(rows).flatMap((i) => range(fours).map((j) => `sum${i}_${j}`));
  const at = (number: string, flip: string) => (flips ? `((${number}) ^ ${flip})` : number);
  const [row, column] =
    fours === 1
      ? ['i', 'column']
      : [at(`i / ${fours}u`, 'flip_rows'), `column + ${at(`i % ${fours}u`, 'flip_fours')} * 4u`];
  return `var sums = array(${sums.join(', ')});
  for (var i = 0u; i < ${sums.length}u; i++) {
    store(row + ${row}, ${column}, ${fourColumns('sums[i]', columns)});
  }`;
}

/** A vec4 of sums, of which the last three do not exist where there is one column. */
function fourColumns(sum: string, columns: number): string {
  return columns === 1 ? `vec4(${sum}, 0.0, 0.0, 0.0)` : sum;
}

function registerMain(problem: Gemm, variant: RegisterVariant): string {
  const { rows, columns, splits } = variant;
  const { x, y } = workgroupBlocks(variant, problem.columns);
  const { stride, places, sums, turn } = blockSource(problem, rows, columns);
  const depth = extent(problem.depth);
  return wgsl`
#if ${splits > 1}
var<private> split: u32;
#endif

@compute @workgroup_size(${x}, ${y})
fn main(
  ${PLACE}
) {
  ${besideLines(problem)}
  let row = (group.y * ${y}u + local.y) * ${rows}u;
  let column = (group.x * ${x}u + local.x) * ${columns}u;
  if (row >= ${extent(problem.rows)} || column >= ${problem.columns}u) { return; }
  ${block(2, places)}
  ${block(2, sums)}
#if ${splits > 1}
  split = group.z;
  let part = (${plus(depth, stride * splits - 1)}) / ${stride * splits}u * ${stride}u;
  let last = min((split + 1u) * part, ${depth});
  for (var k = split * part; k < last; k += ${stride}u) {
#else
  for (var k = 0u; k < ${depth}; k += ${stride}u) {
#endif
    ${block(4, turn)}
  }
  ${storeLines(rows, columns)}
}`;
}

/**
 * Which threads make a quad WGSL leaves open, so a quad takes the next number, whoever it is, and with
 * it a block. All threads stay to the end, since the threads of a quad need each other.
 */
function quadMain(problem: Gemm, variant: QuadVariant): string {
  const { rows, columns } = variant;
  const { x, y } = workgroupBlocks(variant, problem.columns);
  const edge = { ...workgroupTile(variant, problem.columns), quad: variant.form };
  const { stride, places, sums, turn } = blockSource(problem, rows, columns, edge);
  const uses = (name: string) => turn.some((line) => line.includes(`${name}(`));
  const isSquare = variant.form === 'square';
  const flips = isSquare && stride === 4;
  return wgsl`
var<workgroup> quads: atomic<u32>;

#if ${uses('broadcast')}
fn broadcast(line: vec4<f32>) -> mat4x4<f32> {
  return mat4x4(
    quadBroadcast(line, 0u), quadBroadcast(line, 1u), quadBroadcast(line, 2u), quadBroadcast(line, 3u));
}
#endif
#if ${uses('swapped')}
// Number n is the line of the thread whose place in the quad is lane ^ n.
fn swapped(line: vec4<f32>) -> mat4x4<f32> {
  return mat4x4(line, quadSwapX(line), quadSwapY(line), quadSwapDiagonal(line));
}
#endif

#if ${uses('swapped_x')}
fn swapped_x(lines: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4(quadSwapX(lines[0]), quadSwapX(lines[1]), quadSwapX(lines[2]), quadSwapX(lines[3]));
}
#endif
#if ${uses('swapped_y')}
fn swapped_y(lines: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4(quadSwapY(lines[0]), quadSwapY(lines[1]), quadSwapY(lines[2]), quadSwapY(lines[3]));
}
#endif

@compute @workgroup_size(${GEMM_THREADS})
fn main(
  ${PLACE}
  @builtin(subgroup_invocation_id) place: u32,
) {
  ${besideLines(problem)}
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
  let flip_fours = lane / 2u * ${columns / 8}u;
  let own_row = row + flip_rows;
  let own_column = column + flip_fours * 4u;
#endif
  ${block(2, places)}
  ${block(2, sums)}
  for (var k = 0u; k < ${extent(problem.depth)}; k += ${stride}u) {
    ${block(4, turn)}
  }
  ${storeLines(rows, columns, flips)}
}`;
}

function tileMain(problem: Gemm, { rows, columns }: TileVariant): string {
  const { functions, sums, bring, turn } = tileSource(problem, rows, columns);
  return wgsl`
${functions}
@compute @workgroup_size(${TILE_SIDE}, ${TILE_SIDE})
fn main(
  ${PLACE}
) {
  ${besideLines(problem)}
  let first_row = group.y * ${rows * TILE_SIDE}u;
  let first_column = group.x * ${columns * TILE_SIDE}u;
  if (first_row >= ${extent(problem.rows)}) { return; }
  let row = first_row + local.y * ${rows}u;
  let column = first_column + local.x * ${columns}u;
  ${block(2, sums)}
  ${block(2, bring)}
    workgroupBarrier();
    ${block(4, turn)}
    workgroupBarrier();
  }
  ${storeLines(rows, columns)}
}`;
}

function gemvMain(problem: Gemm, { columns }: GemvVariant): string {
  const { stride, places, sums, turn } = blockSource(problem, 1, columns);
  return wgsl`
var<workgroup> partial: array<${columns === 1 ? 'f32' : 'vec4<f32>'}, ${GEMM_THREADS}>;

@compute @workgroup_size(${GEMM_THREADS})
fn main(
  ${PLACE}
) {
  ${besideLines(problem)}
  let row = group.y;
  let column = group.x * ${columns}u;
  if (row >= ${extent(problem.rows)}) { return; }
  ${block(2, places)}
  ${block(2, sums)}
  for (var k = thread * ${stride}u; k < ${extent(problem.depth)}; k += ${GEMM_THREADS * stride}u) {
    ${block(4, turn)}
  }
  partial[thread] = sum0_0;
  for (var width = ${GEMM_THREADS / 2}u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (thread < width) { partial[thread] += partial[thread + width]; }
  }
  if (thread == 0u) { store(row, column, ${fourColumns('partial[0]', columns)}); }
}`;
}
