/** Max pooling on panels of eight samples. */
import { differentiatePanel } from './activations';
import { PANEL_BYTES } from './layout';

/**
 * The largest value of each window.
 *
 * @param input - panels of (channels × height × width), `inputStride` bytes apart; `panels` of them
 * @param size - rows and columns of a window
 * @param output - panels of (channels × rows × columns), `outputStride` bytes apart
 */
export function poolForward(
  input: usize,
  inputStride: usize,
  panels: usize,
  channels: usize,
  height: usize,
  width: usize,
  size: usize,
  output: usize,
  outputStride: usize,
): void {
  const rows = height / size;
  const columns = width / size;
  for (let panel: usize = 0; panel < panels; panel++) {
    let to = output + panel * outputStride;
    for (let channel: usize = 0; channel < channels; channel++) {
      const image = input + panel * inputStride + channel * height * width * PANEL_BYTES;
      for (let row: usize = 0; row < rows; row++) {
        for (let column: usize = 0; column < columns; column++) {
          const first = image + (row * size * width + column * size) * PANEL_BYTES;
          for (let half: usize = 0; half < PANEL_BYTES; half += 16) {
            let best = v128.load(first + half);
            for (let dy: usize = 0; dy < size; dy++) {
              for (let dx: usize = 0; dx < size; dx++) {
                const value = v128.load(first + (dy * width + dx) * PANEL_BYTES + half);
                best = v128.bitselect(value, best, f32x4.gt(value, best));
              }
            }
            v128.store(to + half, best);
          }
          to += PANEL_BYTES;
        }
      }
    }
  }
}

/** Puts a window's delta to the first largest of its values, of eight samples, and zeros to the others. */
function spreadDelta(window: usize, width: usize, size: usize, nextDelta: usize, to: usize): void {
  for (let half: usize = 0; half < PANEL_BYTES; half += 16) {
    let best = v128.load(window + half);
    let place = i32x4.splat(0);
    for (let dy: usize = 0; dy < size; dy++) {
      for (let dx: usize = 0; dx < size; dx++) {
        const value = v128.load(window + (dy * width + dx) * PANEL_BYTES + half);
        const isLarger = f32x4.gt(value, best);
        best = v128.bitselect(value, best, isLarger);
        place = v128.bitselect(i32x4.splat(<i32>(dy * size + dx)), place, isLarger);
      }
    }
    const delta = v128.load(nextDelta + half);
    for (let dy: usize = 0; dy < size; dy++) {
      for (let dx: usize = 0; dx < size; dx++) {
        const isPlace = i32x4.eq(place, i32x4.splat(<i32>(dy * size + dx)));
        v128.store(to + (dy * width + dx) * PANEL_BYTES + half, v128.and(delta, isPlace));
      }
    }
  }
}

/**
 * dZ of the layer before: the first largest value of each window gets its delta, through f'(Z) · mask.
 *
 * @param nextDelta - panels of the pooling's delta, `nextStride` bytes apart; `panels` of them
 * @param delta - panels of dZ, `stride` bytes apart, as are those of `activations` and of `mask`
 */
export function poolBackward(
  nextDelta: usize,
  nextStride: usize,
  panels: usize,
  channels: usize,
  height: usize,
  width: usize,
  size: usize,
  delta: usize,
  stride: usize,
  activations: usize,
  activation: i32,
  slope: f32,
  mask: usize,
  keep: f32,
): void {
  const rows = height / size;
  const columns = width / size;
  const units = channels * height * width;
  for (let panel: usize = 0; panel < panels; panel++) {
    const offset = panel * stride;
    let from = nextDelta + panel * nextStride;
    // What is left at the edges is in no window.
    memory.fill(delta + offset, 0, units * PANEL_BYTES);
    for (let channel: usize = 0; channel < channels; channel++) {
      for (let row: usize = 0; row < rows; row++) {
        for (let column: usize = 0; column < columns; column++) {
          const unit = (channel * height + row * size) * width + column * size;
          const at = offset + unit * PANEL_BYTES;
          spreadDelta(activations + at, width, size, from, delta + at);
          from += PANEL_BYTES;
        }
      }
    }
    const factors: usize = mask === 0 ? 0 : mask + offset;
    const own = activations + offset;
    differentiatePanel(delta + offset, own, units, activation, slope, factors, keep);
  }
}
