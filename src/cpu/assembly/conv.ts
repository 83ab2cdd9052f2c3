/**
 * The three products of a convolution, on panels of eight samples. A patch is gathered to where the
 * products of a dense layer have their input: (values of the patch × 8). Every result is summed whole and
 * in one order, whoever takes which rows or filters.
 */
import { activatePanel, differentiatePanel } from './activations';
import { addLanes, madd } from './arithmetic';
import { multiplyTile, STORE } from './dense';
import { BLOCK, BLOCK_BYTES, PANEL_BYTES } from './layout';

/** Places of the sizes (uint32) of a convolution, in the order in which src/layers/conv2d/cpu.ts writes them. */
const CHANNELS: usize = 0;
const HEIGHT: usize = 4;
const WIDTH: usize = 8;
const FILTERS: usize = 12;
const KERNEL_HEIGHT: usize = 16;
const KERNEL_WIDTH: usize = 20;
const STRIDE: usize = 24;
const PADDING_Y: usize = 28;
const PADDING_X: usize = 32;
const OUT_HEIGHT: usize = 36;
const OUT_WIDTH: usize = 40;

/** Places whose products are summed in float32 before their sum is added in float64: sixteen values a lane. */
const RUN: usize = 8;
const RUN_BYTES: usize = 256;
/** Weights of a filter that are summed at once. */
const TAPS: usize = 3;
/** Bytes of a weight's sum in float64, in two parts. */
const SUM_BYTES: usize = 16;

function sizeOf(shape: usize, place: usize): usize {
  return <usize>load<u32>(shape + place);
}

function copyUnit(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

function zeroUnit(to: usize): void {
  v128.store(to, f32x4.splat(0));
  v128.store(to, f32x4.splat(0), 16);
}

/** The patch of all channels at row `y` and column `x` of a feature map, from one panel of images. */
function gatherPatch(shape: usize, images: usize, y: usize, x: usize, to: usize): void {
  const channels = sizeOf(shape, CHANNELS);
  const height = sizeOf(shape, HEIGHT);
  const width = sizeOf(shape, WIDTH);
  const rows = sizeOf(shape, KERNEL_HEIGHT);
  const columns = sizeOf(shape, KERNEL_WIDTH);
  const stride = sizeOf(shape, STRIDE);
  // Above and left of the image a difference wraps around, and is as far outside as below and right.
  const top = y * stride - sizeOf(shape, PADDING_Y);
  const left = x * stride - sizeOf(shape, PADDING_X);
  for (let channel: usize = 0; channel < channels; channel++) {
    const image = images + channel * height * width * PANEL_BYTES;
    for (let dy: usize = 0; dy < rows; dy++) {
      const row = top + dy;
      for (let dx: usize = 0; dx < columns; dx++) {
        const column = left + dx;
        if (row < height && column < width)
          copyUnit(image + (row * width + column) * PANEL_BYTES, to);
        else zeroUnit(to);
        to += PANEL_BYTES;
      }
    }
  }
}

/** Which place a filter was put to for a column; far outside where it was put to none. */
function placeOf(column: usize, stride: usize): usize {
  return column % stride === 0 ? column / stride : usize.MAX_VALUE;
}

/** What each weight of each filter has seen of the value at row `y` and column `x`: deltas, or zeros. */
function gatherDeltas(shape: usize, maps: usize, y: usize, x: usize, to: usize): void {
  const filters = sizeOf(shape, FILTERS);
  const rows = sizeOf(shape, KERNEL_HEIGHT);
  const columns = sizeOf(shape, KERNEL_WIDTH);
  const stride = sizeOf(shape, STRIDE);
  const height = sizeOf(shape, OUT_HEIGHT);
  const width = sizeOf(shape, OUT_WIDTH);
  const bottom = y + sizeOf(shape, PADDING_Y);
  const right = x + sizeOf(shape, PADDING_X);
  for (let filter: usize = 0; filter < filters; filter++) {
    const map = maps + filter * height * width * PANEL_BYTES;
    for (let dy: usize = 0; dy < rows; dy++) {
      const row = bottom - dy;
      // Above and left of the map a difference wraps around, and is as far outside as below and right.
      const isRow = row % stride === 0 && row / stride < height;
      const from = map + (row / stride) * width * PANEL_BYTES;
      for (let dx: usize = 0; dx < columns; dx++) {
        // Division takes as long as many products.
        const column = stride === 1 ? right - dx : placeOf(right - dx, stride);
        if (isRow && column < width) copyUnit(from + column * PANEL_BYTES, to);
        else zeroUnit(to);
        to += PANEL_BYTES;
      }
    }
  }
}

/** A patch times all blocks, (4 × depth) each: eight samples of every row, `stride` bytes apart. */
function multiplyPatch(
  blocks: usize,
  rows: usize,
  depth: usize,
  patch: usize,
  to: usize,
  stride: usize,
): void {
  const tile = patch + depth * PANEL_BYTES;
  for (let row: usize = 0; row < rows; row += BLOCK) {
    multiplyTile(blocks + row * depth * 4, patch, depth, tile, STORE);
    const count = min(BLOCK, rows - row);
    for (let i: usize = 0; i < count; i++) {
      copyUnit(tile + i * PANEL_BYTES, to);
      to += stride;
    }
  }
}

/**
 * A = f(W ∗ A_in + b) · mask, for some rows of feature maps, all filters of each.
 *
 * @param weights - blocks of W's filters, as `packRows` lays them; `depth` is the length of a filter
 * @param shape - the convolution's sizes
 * @param input - panels of A_in, `inputStride` bytes apart
 * @param first - the first row, counted through the maps of one panel after the other; `count` of them
 * @param output - panels of A, `outputStride` bytes apart, rows of `width`; so are those of `mask`, unless it is 0
 * @param patch - room for a patch and a tile
 */
export function convForward(
  weights: usize,
  depth: usize,
  shape: usize,
  input: usize,
  inputStride: usize,
  first: usize,
  count: usize,
  output: usize,
  outputStride: usize,
  width: usize,
  biases: usize,
  filters: usize,
  activation: i32,
  slope: f32,
  mask: usize,
  patch: usize,
): void {
  const height = sizeOf(shape, OUT_HEIGHT);
  const mapBytes = height * width * PANEL_BYTES;
  for (let row = first; row < first + count; row++) {
    const panel = row / height;
    const y = row % height;
    const offset = panel * outputStride + y * width * PANEL_BYTES;
    for (let x: usize = 0; x < width; x++) {
      gatherPatch(shape, input + panel * inputStride, y, x, patch);
      const to = output + offset + x * PANEL_BYTES;
      multiplyPatch(weights, filters, depth, patch, to, mapBytes);
    }
    for (let filter: usize = 0; filter < filters; filter++) {
      const at = offset + filter * mapBytes;
      const factors: usize = mask === 0 ? 0 : mask + at;
      activatePanel(output + at, biases + 4 * filter, width, activation, slope, factors, 0);
    }
  }
}

/**
 * dZ = (W_nextᵀ ∗ dZ_next) ⊙ f'(Z) · mask, for some rows of images, all channels of each.
 *
 * @param weights - blocks of W_next's channels, as `packChannels` lays them; `depth` values each that a value hears of
 * @param nextDelta - panels of dZ_next, `nextStride` bytes apart
 * @param first - the first row, counted through the images of one panel after the other; `count` of them
 * @param delta - panels of dZ, `stride` bytes apart, rows of `width`, as are those of `activations` and of `mask`
 * @param patch - room for the deltas that a value hears of, and a tile
 */
export function convBackwardDelta(
  weights: usize,
  depth: usize,
  shape: usize,
  nextDelta: usize,
  nextStride: usize,
  first: usize,
  count: usize,
  delta: usize,
  stride: usize,
  width: usize,
  activations: usize,
  channels: usize,
  activation: i32,
  slope: f32,
  mask: usize,
  keep: f32,
  patch: usize,
): void {
  const height = sizeOf(shape, HEIGHT);
  const imageBytes = height * width * PANEL_BYTES;
  for (let row = first; row < first + count; row++) {
    const panel = row / height;
    const y = row % height;
    const offset = panel * stride + y * width * PANEL_BYTES;
    for (let x: usize = 0; x < width; x++) {
      gatherDeltas(shape, nextDelta + panel * nextStride, y, x, patch);
      const to = delta + offset + x * PANEL_BYTES;
      multiplyPatch(weights, channels, depth, patch, to, imageBytes);
    }
    for (let channel: usize = 0; channel < channels; channel++) {
      const at = offset + channel * imageBytes;
      const own = activations + at;
      const factors: usize = mask === 0 ? 0 : mask + at;
      differentiatePanel(delta + at, own, width, activation, slope, factors, keep);
    }
  }
}

/**
 * Where the values are that one weight of a channel meets at `count` places of a row, from column `x` on:
 * in the image itself, or, where they do not lie next to each other or some are outside, gathered.
 *
 * @param row - of the image; far below it where it is above
 * @param left - column of the image that the first place meets
 * @param room - for a run of values
 */
function tapAt(
  shape: usize,
  image: usize,
  row: usize,
  left: usize,
  count: usize,
  zeros: usize,
  room: usize,
): usize {
  if (row >= sizeOf(shape, HEIGHT)) return zeros;
  const width = sizeOf(shape, WIDTH);
  const stride = sizeOf(shape, STRIDE);
  const from = image + row * width * PANEL_BYTES;
  // Left of the image a difference wraps around.
  if (stride === 1 && left < width && left + count <= width) return from + left * PANEL_BYTES;
  for (let i: usize = 0; i < count; i++) {
    const column = left + i * stride;
    if (column < width) copyUnit(from + column * PANEL_BYTES, room + i * PANEL_BYTES);
    else zeroUnit(room + i * PANEL_BYTES);
  }
  return room;
}

/** Adds the products of four runs of deltas with what three weights meet, over `bytes` of each, to their sums. */
function addTaps(
  d0: usize,
  d1: usize,
  d2: usize,
  d3: usize,
  t0: usize,
  t1: usize,
  t2: usize,
  bytes: usize,
  sums: usize,
  rowBytes: usize,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  let s30 = s00;
  let s31 = s00;
  let s32 = s00;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x0 = v128.load(t0 + at);
    const x1 = v128.load(t1 + at);
    const x2 = v128.load(t2 + at);
    let d = v128.load(d0 + at);
    s00 = madd(d, x0, s00);
    s01 = madd(d, x1, s01);
    s02 = madd(d, x2, s02);
    d = v128.load(d1 + at);
    s10 = madd(d, x0, s10);
    s11 = madd(d, x1, s11);
    s12 = madd(d, x2, s12);
    d = v128.load(d2 + at);
    s20 = madd(d, x0, s20);
    s21 = madd(d, x1, s21);
    s22 = madd(d, x2, s22);
    d = v128.load(d3 + at);
    s30 = madd(d, x0, s30);
    s31 = madd(d, x1, s31);
    s32 = madd(d, x2, s32);
  }
  addSums(sums, s00, s01, s02);
  addSums(sums + rowBytes, s10, s11, s12);
  addSums(sums + 2 * rowBytes, s20, s21, s22);
  addSums(sums + 3 * rowBytes, s30, s31, s32);
}

function addSums(sums: usize, a: v128, b: v128, c: v128): void {
  v128.store(sums, addLanes(v128.load(sums), a));
  v128.store(sums, addLanes(v128.load(sums, 16), b), 16);
  v128.store(sums, addLanes(v128.load(sums, 32), c), 32);
}

/**
 * dW = Σ dZ · patches · scale over all places and samples, (filters × channels × rows × columns), or added to it.
 *
 * @param delta - panels of dZ, `deltaStride` bytes apart
 * @param input - panels of A_in, `inputStride` bytes apart; `panels` of both
 * @param first - the first piece: a block of four filters with one channel, channels counted first; `count` of them
 * @param area - weights of a filter for one channel; `places` that it is put to
 * @param scratch - room for what the weights meet, and for their sums
 */
export function convBackwardWeights(
  delta: usize,
  deltaStride: usize,
  shape: usize,
  input: usize,
  inputStride: usize,
  panels: usize,
  first: usize,
  count: usize,
  area: usize,
  places: usize,
  gradient: usize,
  scale: f64,
  adds: bool,
  scratch: usize,
): void {
  const channels = sizeOf(shape, CHANNELS);
  const filters = sizeOf(shape, FILTERS);
  const columns = sizeOf(shape, KERNEL_WIDTH);
  const stride = sizeOf(shape, STRIDE);
  const width = sizeOf(shape, OUT_WIDTH);
  const mapBytes = places * PANEL_BYTES;
  const imageBytes = sizeOf(shape, HEIGHT) * sizeOf(shape, WIDTH) * PANEL_BYTES;
  const taps = ((area + TAPS - 1) / TAPS) * TAPS;
  const rowBytes = taps * SUM_BYTES;
  const room = scratch + RUN_BYTES;
  const pointers = room + TAPS * RUN_BYTES;
  const sums = pointers + 2 * SUM_BYTES;
  for (let piece = first; piece < first + count; piece++) {
    const channel = piece % channels;
    const filter = (piece / channels) * BLOCK;
    // Behind the last filter it is taken again, and its sums are left.
    const last = filters - 1;
    const rows = min(BLOCK, filters - filter);
    // A run of zeros, too, is in the scratch, at its beginning.
    memory.fill(scratch, 0, sums + BLOCK * rowBytes - scratch);
    for (let panel: usize = 0; panel < panels; panel++) {
      const image = input + panel * inputStride + channel * imageBytes;
      const maps = delta + panel * deltaStride;
      for (let start: usize = 0; start < places; start += width) {
        const top = (start / width) * stride - sizeOf(shape, PADDING_Y);
        for (let x: usize = 0; x < width; x += RUN) {
          const run = min(RUN, width - x);
          const left = x * stride - sizeOf(shape, PADDING_X);
          const from = maps + (start + x) * PANEL_BYTES;
          const d0 = from + filter * mapBytes;
          const d1 = from + min(filter + 1, last) * mapBytes;
          const d2 = from + min(filter + 2, last) * mapBytes;
          const d3 = from + min(filter + 3, last) * mapBytes;
          let dy: usize = 0;
          let dx: usize = 0;
          // Behind the last weight others follow, whose sums are left.
          for (let tap: usize = 0; tap < taps; tap += TAPS) {
            for (let i: usize = 0; i < TAPS; i++) {
              const own = room + i * RUN_BYTES;
              const at = tapAt(shape, image, top + dy, left + dx, run, scratch, own);
              store<usize>(pointers + i * sizeof<usize>(), at);
              if (++dx === columns) {
                dx = 0;
                dy++;
              }
            }
            addTaps(
              d0,
              d1,
              d2,
              d3,
              load<usize>(pointers),
              load<usize>(pointers, sizeof<usize>()),
              load<usize>(pointers, 2 * sizeof<usize>()),
              run * PANEL_BYTES,
              sums + tap * SUM_BYTES,
              rowBytes,
            );
          }
        }
      }
    }
    for (let row: usize = 0; row < rows; row++) {
      const to = gradient + 4 * ((filter + row) * channels + channel) * area;
      for (let tap: usize = 0; tap < area; tap++) {
        const total = v128.load(sums + row * rowBytes + tap * SUM_BYTES);
        const sum = (f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)) * scale;
        const at = to + 4 * tap;
        store<f32>(at, <f32>(adds ? load<f32>(at) + sum : sum));
      }
    }
  }
}

/** Blocks of four channels of W, (filters · weights of a channel × 4) each: the left factor of the delta's product. */
export function packChannels(
  matrix: usize,
  filters: usize,
  channels: usize,
  area: usize,
  blocks: usize,
): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    const block = blocks + (channel / BLOCK) * filters * area * BLOCK_BYTES + 4 * (channel % BLOCK);
    for (let filter: usize = 0; filter < filters; filter++) {
      const from = matrix + 4 * (filter * channels + channel) * area;
      const to = block + filter * area * BLOCK_BYTES;
      for (let i: usize = 0; i < area; i++) {
        store<f32>(to + i * BLOCK_BYTES, load<f32>(from + 4 * i));
      }
    }
  }
}
