/**
 * The three products of a dense layer, on one register block of 4 × 8: eight accumulators, which keep
 * two multiply-adds a cycle busy and leave registers for the factors on every machine.
 */
import { activatePanel, differentiatePanel } from './activations';
import { addLanes, madd } from './arithmetic';
import { BLOCK, BLOCK_BYTES, PANEL, PANEL_BYTES } from './layout';

/** Steps of the depth at a time: a panel of so many is 8 KiB and stays in the first cache. */
const DEPTH: usize = 256;
/** Blocks at a time: so many of that depth are 256 KiB and stay in the second cache. */
const BLOCKS: usize = 64;
/** Bytes of a block's rows in a panel. */
const ROWS_BYTES: usize = 128;
/**
 * Samples that a gradient sums in float32 before the sum is added in float64. A plateau's gradients are
 * small sums of large terms that cancel, and their rounding errors decide when training leaves it.
 */
const RUN: usize = 16;
/** Bytes of a tile in float64. */
const TILE_BYTES: usize = 256;

/** What becomes of a product: it is C, it is added to C, or it is added to a C of float64. */
export const STORE = 0;
const ADD = 1;
const ADD_DOUBLE = 2;

/** The product A (depth × 4)ᵀ · B (depth × 8) for C, (4 × 8) and contiguous. */
export function multiplyTile(a: usize, b: usize, depth: usize, c: usize, mode: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + depth * BLOCK_BYTES;
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += BLOCK_BYTES;
    b += PANEL_BYTES;
  }
  if (mode === ADD_DOUBLE) {
    addDoubles(c, c00, c01);
    addDoubles(c + 64, c10, c11);
    addDoubles(c + 128, c20, c21);
    addDoubles(c + 192, c30, c31);
    return;
  }
  if (mode === ADD) {
    c00 = f32x4.add(v128.load(c), c00);
    c01 = f32x4.add(v128.load(c, 16), c01);
    c10 = f32x4.add(v128.load(c, 32), c10);
    c11 = f32x4.add(v128.load(c, 48), c11);
    c20 = f32x4.add(v128.load(c, 64), c20);
    c21 = f32x4.add(v128.load(c, 80), c21);
    c30 = f32x4.add(v128.load(c, 96), c30);
    c31 = f32x4.add(v128.load(c, 112), c31);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c10, 32);
  v128.store(c, c11, 48);
  v128.store(c, c20, 64);
  v128.store(c, c21, 80);
  v128.store(c, c30, 96);
  v128.store(c, c31, 112);
}

/** Adds eight float32 to eight float64. */
function addDoubles(to: usize, low: v128, high: v128): void {
  const lowRest = v128.shuffle<f32>(low, low, 2, 3, 2, 3);
  const highRest = v128.shuffle<f32>(high, high, 2, 3, 2, 3);
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(low)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(lowRest)), 16);
  v128.store(to, f64x2.add(v128.load(to, 32), f64x2.promote_low_f32x4(high)), 32);
  v128.store(to, f64x2.add(v128.load(to, 48), f64x2.promote_low_f32x4(highRest)), 48);
}

/** A column of tiles: blocks of A with one panel of B, steps `from` to `from + steps` of the depth. */
function multiplyPanel(
  a: usize,
  blocks: usize,
  depth: usize,
  from: usize,
  steps: usize,
  b: usize,
  c: usize,
): void {
  const mode = from > 0 ? ADD : STORE;
  for (let block: usize = 0; block < blocks; block++) {
    const left = a + (block * depth + from) * BLOCK_BYTES;
    multiplyTile(left, b + from * PANEL_BYTES, steps, c + block * ROWS_BYTES, mode);
  }
}

/**
 * A = f(W · A_in + b) · mask, panel by panel.
 *
 * @param weights - blocks of W's rows, as `packRows` lays them; `blocks` of them
 * @param input - panels of A_in, `inputStride` bytes apart
 * @param output - panels of A, `outputStride` bytes apart; so are those of `mask`, unless it is 0
 */
export function forward(
  weights: usize,
  blocks: usize,
  inputs: usize,
  input: usize,
  inputStride: usize,
  panels: usize,
  output: usize,
  outputStride: usize,
  biases: usize,
  units: usize,
  activation: i32,
  slope: f32,
  mask: usize,
): void {
  for (let from: usize = 0; from < inputs; from += DEPTH) {
    const steps = min(DEPTH, inputs - from);
    const isLast = from + steps === inputs;
    for (let block: usize = 0; block < blocks; block += BLOCKS) {
      const count = min(BLOCKS, blocks - block);
      const rows = min(BLOCK * count, units - BLOCK * block);
      const left = weights + block * inputs * BLOCK_BYTES;
      const offset = block * ROWS_BYTES;
      for (let panel: usize = 0; panel < panels; panel++) {
        const to = output + panel * outputStride + offset;
        multiplyPanel(left, count, inputs, from, steps, input + panel * inputStride, to);
        if (!isLast) continue;
        const factors: usize = mask === 0 ? 0 : mask + panel * outputStride + offset;
        activatePanel(to, biases + 4 * BLOCK * block, rows, activation, slope, factors, 4);
      }
    }
  }
}

/**
 * dZ = (Wᵀ_next · dZ_next) ⊙ f'(Z) · mask, panel by panel.
 *
 * @param weights - blocks of W_next's columns, as `packColumns` lays them; `blocks` of them
 * @param nextDelta - panels of dZ_next, `nextStride` bytes apart; `nextUnits` is the product's depth
 * @param delta - panels of dZ, `stride` bytes apart, as are those of `activations` and of `mask`
 */
export function backwardDelta(
  weights: usize,
  blocks: usize,
  nextUnits: usize,
  nextDelta: usize,
  nextStride: usize,
  panels: usize,
  delta: usize,
  stride: usize,
  activations: usize,
  units: usize,
  activation: i32,
  slope: f32,
  mask: usize,
  keep: f32,
): void {
  for (let from: usize = 0; from < nextUnits; from += DEPTH) {
    const steps = min(DEPTH, nextUnits - from);
    const isLast = from + steps === nextUnits;
    for (let block: usize = 0; block < blocks; block += BLOCKS) {
      const count = min(BLOCKS, blocks - block);
      const rows = min(BLOCK * count, units - BLOCK * block);
      const left = weights + block * nextUnits * BLOCK_BYTES;
      for (let panel: usize = 0; panel < panels; panel++) {
        const right = nextDelta + panel * nextStride;
        const offset = panel * stride + block * ROWS_BYTES;
        multiplyPanel(left, count, nextUnits, from, steps, right, delta + offset);
        if (!isLast) continue;
        const own = activations + offset;
        const factors: usize = mask === 0 ? 0 : mask + offset;
        differentiatePanel(delta + offset, own, rows, activation, slope, factors, keep);
      }
    }
  }
}

/** Adds `scale` times a tile in float64 to rows × columns of a row-major matrix, or puts it there. */
function storeTile(
  tile: usize,
  to: usize,
  stride: usize,
  rows: usize,
  columns: usize,
  scale: f64,
  adds: bool,
): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let column: usize = 0; column < columns; column++) {
      const at = to + 4 * column;
      const value = load<f64>(tile + 8 * column) * scale;
      store<f32>(at, <f32>(adds ? load<f32>(at) + value : value));
    }
    tile += 2 * PANEL_BYTES;
    to += stride;
  }
}

/**
 * dW = dZ · A_inᵀ · scale, (units × inputs) row-major, or added to it.
 *
 * @param delta - blocks of dZ's units over the samples, as `transposePanels` lays them
 * @param input - panels of eight inputs over the samples, `inputStride` bytes apart
 * @param samples - the product's depth, a multiple of eight
 * @param tile - room for a tile in float64
 */
export function backwardWeights(
  delta: usize,
  units: usize,
  samples: usize,
  input: usize,
  inputStride: usize,
  inputs: usize,
  gradient: usize,
  scale: f64,
  adds: bool,
  tile: usize,
): void {
  for (let first: usize = 0; first < units; first += BLOCK * BLOCKS) {
    const end = min(first + BLOCK * BLOCKS, units);
    for (let column: usize = 0; column < inputs; column += PANEL) {
      const right = input + (column / PANEL) * inputStride;
      const columns = min(PANEL, inputs - column);
      for (let unit = first; unit < end; unit += BLOCK) {
        const left = delta + (unit / BLOCK) * samples * BLOCK_BYTES;
        memory.fill(tile, 0, TILE_BYTES);
        for (let from: usize = 0; from < samples; from += RUN) {
          const a = left + from * BLOCK_BYTES;
          const b = right + from * PANEL_BYTES;
          multiplyTile(a, b, min(RUN, samples - from), tile, ADD_DOUBLE);
        }
        const to = gradient + 4 * (unit * inputs + column);
        storeTile(tile, to, 4 * inputs, min(BLOCK, end - unit), columns, scale, adds);
      }
    }
  }
}

/**
 * db = Σ dZ · scale over the samples, or added to it.
 *
 * @param places - values of a unit in a panel: one, or those of a feature map
 */
export function backwardBiases(
  delta: usize,
  stride: usize,
  panels: usize,
  units: usize,
  places: usize,
  gradient: usize,
  scale: f64,
  adds: bool,
): void {
  for (let unit: usize = 0; unit < units; unit++) {
    let total = f64x2.splat(0);
    let from = delta + unit * places * PANEL_BYTES;
    for (let panel: usize = 0; panel < panels; panel++) {
      for (let place: usize = 0; place < places; place++) {
        const at = from + place * PANEL_BYTES;
        total = addLanes(total, f32x4.add(v128.load(at), v128.load(at, 16)));
      }
      from += stride;
    }
    const to = gradient + 4 * unit;
    const sum = (f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)) * scale;
    store<f32>(to, <f32>(adds ? load<f32>(to) + sum : sum));
  }
}
