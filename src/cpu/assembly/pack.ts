/** From rows to the panels and blocks that products read. Zeros beyond the last row are there from the start. */
import { storeTransposed } from './arithmetic';
import { BLOCK, BLOCK_BYTES, PANEL, PANEL_BYTES } from './layout';

/** Blocks of four rows of W, each (columns × 4): the left factor of the forward product. */
export function packRows(matrix: usize, rows: usize, columns: usize, blocks: usize): void {
  const stride: usize = 4 * columns;
  for (let row: usize = 0; row < rows; row += BLOCK) {
    const count = min(BLOCK, rows - row);
    const block = blocks + (row / BLOCK) * columns * BLOCK_BYTES;
    const from = matrix + row * stride;
    let column: usize = 0;
    if (count === BLOCK) {
      for (; column + 4 <= columns; column += 4) {
        const a = from + 4 * column;
        storeTransposed(
          v128.load(a),
          v128.load(a + stride),
          v128.load(a + 2 * stride),
          v128.load(a + 3 * stride),
          block + column * BLOCK_BYTES,
          BLOCK_BYTES,
        );
      }
    }
    for (; column < columns; column++) {
      for (let i: usize = 0; i < count; i++) {
        const value = load<f32>(from + i * stride + 4 * column);
        store<f32>(block + column * BLOCK_BYTES + 4 * i, value);
      }
    }
  }
}

/**
 * Blocks of four columns of W, each (rows × 4): the left factor of the delta's product.
 *
 * @param stride - bytes from a row of W to the next
 */
export function packColumns(
  matrix: usize,
  stride: usize,
  rows: usize,
  columns: usize,
  blocks: usize,
): void {
  for (let column: usize = 0; column < columns; column += BLOCK) {
    const count = min(BLOCK, columns - column);
    let from = matrix + 4 * column;
    let to = blocks + (column / BLOCK) * rows * BLOCK_BYTES;
    for (let row: usize = 0; row < rows; row++) {
      if (count === BLOCK) v128.store(to, v128.load(from));
      else for (let i: usize = 0; i < count; i++) store<f32>(to + 4 * i, load<f32>(from + 4 * i));
      from += stride;
      to += BLOCK_BYTES;
    }
  }
}

/**
 * Panels of samples (units × 8) to groups of units over the samples, (samples × width) each: deltas to
 * blocks (width 4), activations to panels of units (width 8).
 */
export function transposePanels(
  panels: usize,
  stride: usize,
  units: usize,
  count: usize,
  groups: usize,
  groupStride: usize,
  width: usize,
): void {
  for (let unit: usize = 0; unit < units; unit += 4) {
    let from = panels + unit * PANEL_BYTES;
    let to = groups + (unit / width) * groupStride + 4 * (unit % width);
    for (let panel: usize = 0; panel < count; panel++) {
      for (let half: usize = 0; half < 32; half += 16) {
        const a = from + half;
        storeTransposed(
          v128.load(a),
          v128.load(a, 32),
          v128.load(a, 64),
          v128.load(a, 96),
          to,
          4 * width,
        );
        to += 16 * width;
      }
      from += stride;
    }
  }
}

/** Where a sample's features are: row `rows[i]`, or row i where there are no `rows`; zeros from `count` on. */
function sampleAt(
  features: usize,
  stride: usize,
  rows: usize,
  i: usize,
  count: usize,
  zeros: usize,
): usize {
  if (i >= count) return zeros;
  return features + stride * (rows === 0 ? i : <usize>load<u32>(rows + 4 * i));
}

/**
 * Gathers samples into panels (columns × 8) and, unless `groups` is 0, into panels of eight columns over
 * the samples, in one pass.
 *
 * @param features - rows of `columns` float32, `stride` bytes apart, zeros up to a multiple of eight
 * @param rows - indices (uint32) of the samples, or 0: all rows in order
 * @param zeros - a row of zeros
 */
export function gatherSamples(
  features: usize,
  stride: usize,
  rows: usize,
  count: usize,
  zeros: usize,
  columns: usize,
  panels: usize,
  panelStride: usize,
  groups: usize,
  groupStride: usize,
): void {
  const end = (count + PANEL - 1) & ~(PANEL - 1);
  for (let sample: usize = 0; sample < end; sample += 4) {
    const a = sampleAt(features, stride, rows, sample, count, zeros);
    const b = sampleAt(features, stride, rows, sample + 1, count, zeros);
    const c = sampleAt(features, stride, rows, sample + 2, count, zeros);
    const d = sampleAt(features, stride, rows, sample + 3, count, zeros);
    let to = panels + (sample / PANEL) * panelStride + 4 * (sample % PANEL);
    for (let column: usize = 0; column < columns; column += 4) {
      const at: usize = 4 * column;
      const va = v128.load(a + at);
      const vb = v128.load(b + at);
      const vc = v128.load(c + at);
      const vd = v128.load(d + at);
      storeTransposed(va, vb, vc, vd, to, PANEL_BYTES);
      to += 4 * PANEL_BYTES;
      if (groups === 0) continue;
      const group = groups + (column / PANEL) * groupStride + sample * PANEL_BYTES;
      const lane = group + 4 * (column % PANEL);
      v128.store(lane, va);
      v128.store(lane, vb, 32);
      v128.store(lane, vc, 64);
      v128.store(lane, vd, 96);
    }
  }
}

/**
 * Samples as bytes to rows of float32 features: each byte by the table of its column.
 *
 * @param bytes - rows of `columns` bytes, one behind the other
 * @param scaled - tables of 256 float32
 * @param tableStride - bytes from a column's table to the next one's; 0 where all columns share one
 * @param rows - indices (uint32) of the samples, or 0: all rows in order
 * @param to - rows of float32, `stride` bytes apart; what lies behind `columns` is left as it is
 */
export function unpackBytes(
  bytes: usize,
  scaled: usize,
  tableStride: usize,
  rows: usize,
  count: usize,
  columns: usize,
  to: usize,
  stride: usize,
): void {
  for (let i: usize = 0; i < count; i++) {
    const from = bytes + columns * (rows === 0 ? i : <usize>load<u32>(rows + 4 * i));
    const row = to + stride * i;
    let table = scaled;
    for (let column: usize = 0; column < columns; column++) {
      store<f32>(row + 4 * column, load<f32>(table + 4 * <usize>load<u8>(from + column)));
      table += tableStride;
    }
  }
}

/** The labels (int32) of the samples in `rows`, in their order. */
export function gatherLabels(labels: usize, rows: usize, count: usize, to: usize): void {
  for (let i: usize = 0; i < count; i++) {
    store<i32>(to + 4 * i, load<i32>(labels + 4 * <usize>load<u32>(rows + 4 * i)));
  }
}
