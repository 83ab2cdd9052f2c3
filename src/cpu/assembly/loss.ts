/**
 * Loss, number of correct samples and the output layer's delta, from logits, eight samples a panel. The
 * delta P - Y replaces the logits. Losses are float32, their sum is float64, always in the same order.
 */
import { addLanes, expNonpositive, log1p, sigmoid } from './arithmetic';
import { PANEL, PANEL_BYTES } from './layout';

/** Lanes of samples that exist: those of `first`, `first + 1`, … below `rows`. */
function validLanes(first: usize, rows: usize): v128 {
  const lanes = i32x4.add(i32x4.splat(<i32>first), i32x4(0, 1, 2, 3));
  return i32x4.lt_s(lanes, i32x4.splat(<i32>rows));
}

/** Samples with those that fill the last panel: their deltas must be 0. */
function wholePanels(rows: usize): usize {
  return (rows + PANEL - 1) & ~(PANEL - 1);
}

/** Clips as probabilities of [1e-7, 1 - 1e-7] do; NaN stays NaN. Lanes without a sample give 0. */
function clippedLoss(loss: v128, least: f32, most: f32, valid: v128): v128 {
  return v128.and(f32x4.min(f32x4.max(loss, f32x4.splat(least)), f32x4.splat(most)), valid);
}

function storeSums(to: usize, loss: v128, correct: i32): void {
  store<f64>(to, f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1));
  store<f64>(to + 8, correct);
}

/**
 * Binary cross-entropy of one output: max(z, 0) - z·y + log(1 + exp(-|z|)).
 *
 * @param least - of a sample's loss, as `most`
 * @param trains - whether the delta replaces the logits
 * @param sums - where Σ loss and the number of correct samples go, two float64
 */
export function binaryCrossEntropy(
  logits: usize,
  stride: usize,
  _outputs: usize,
  rows: usize,
  labels: usize,
  least: f32,
  most: f32,
  trains: bool,
  sums: usize,
): void {
  const zero = f32x4.splat(0);
  let loss = f64x2.splat(0);
  let correct = 0;
  const end = wholePanels(rows);
  for (let first: usize = 0; first < end; first += 4) {
    const at = logits + (first >> 3) * stride + (first & 4) * 4;
    const valid = validLanes(first, rows);
    const z = v128.load(at);
    const label = v128.and(v128.load(labels + 4 * first), valid);
    const y = f32x4.convert_i32x4_s(label);
    const tail = log1p(expNonpositive(f32x4.neg(f32x4.abs(z))));
    const sample = f32x4.add(f32x4.sub(f32x4.max(z, zero), f32x4.mul(z, y)), tail);
    loss = addLanes(loss, clippedLoss(sample, least, most, valid));
    const isRight = i32x4.eq(f32x4.gt(z, zero), i32x4.neg(label));
    correct += i32.popcnt(i32x4.bitmask(v128.and(isRight, valid)));
    if (trains) v128.store(at, v128.and(f32x4.sub(sigmoid(z), y), valid));
  }
  storeSums(sums, loss, correct);
}

/**
 * Cross-entropy of a softmax: log Σ exp(z - z_max) + (z_max - z_y). The first largest output is the
 * prediction; its exponential is 1 and left out of the sum, which keeps small losses exact.
 */
export function softmaxCrossEntropy(
  logits: usize,
  stride: usize,
  outputs: usize,
  rows: usize,
  labels: usize,
  least: f32,
  most: f32,
  trains: bool,
  sums: usize,
): void {
  const one = f32x4.splat(1);
  let loss = f64x2.splat(0);
  let correct = 0;
  const end = wholePanels(rows);
  for (let first: usize = 0; first < end; first += 4) {
    const from = logits + (first >> 3) * stride + (first & 4) * 4;
    const last = from + outputs * PANEL_BYTES;
    const valid = validLanes(first, rows);
    const label = v128.load(labels + 4 * first);
    let largest = v128.load(from);
    let predicted = i32x4.splat(0);
    let target = largest;
    let output = 1;
    for (let at = from + PANEL_BYTES; at < last; at += PANEL_BYTES) {
      const z = v128.load(at);
      const index = i32x4.splat(output++);
      predicted = v128.bitselect(index, predicted, f32x4.gt(z, largest));
      largest = f32x4.max(z, largest);
      target = v128.bitselect(z, target, i32x4.eq(index, label));
    }
    let others = f32x4.splat(0);
    output = 0;
    for (let at = from; at < last; at += PANEL_BYTES) {
      const e = expNonpositive(f32x4.sub(v128.load(at), largest));
      const isPredicted = i32x4.eq(i32x4.splat(output++), predicted);
      others = f32x4.add(others, v128.andnot(e, isPredicted));
      v128.store(at, e);
    }
    const sample = f32x4.add(log1p(others), f32x4.sub(largest, target));
    loss = addLanes(loss, clippedLoss(sample, least, most, valid));
    correct += i32.popcnt(i32x4.bitmask(v128.and(i32x4.eq(predicted, label), valid)));
    if (!trains) continue;
    const inverse = f32x4.div(one, f32x4.add(one, others));
    output = 0;
    for (let at = from; at < last; at += PANEL_BYTES) {
      const y = v128.and(one, i32x4.eq(i32x4.splat(output++), label));
      const delta = f32x4.sub(f32x4.mul(v128.load(at), inverse), y);
      v128.store(at, v128.and(delta, valid));
    }
  }
  storeSums(sums, loss, correct);
}

/** The probability of class 1 in place of each logit. */
export function sigmoidProbabilities(
  logits: usize,
  stride: usize,
  _outputs: usize,
  rows: usize,
): void {
  for (let first: usize = 0; first < rows; first += 4) {
    const at = logits + (first >> 3) * stride + (first & 4) * 4;
    v128.store(at, sigmoid(v128.load(at)));
  }
}

/** Probabilities of a softmax in place of the logits. */
export function softmaxProbabilities(
  logits: usize,
  stride: usize,
  outputs: usize,
  rows: usize,
): void {
  for (let first: usize = 0; first < rows; first += 4) {
    const from = logits + (first >> 3) * stride + (first & 4) * 4;
    const end = from + outputs * PANEL_BYTES;
    let largest = v128.load(from);
    for (let at = from; at < end; at += PANEL_BYTES) largest = f32x4.max(v128.load(at), largest);
    let sum = f32x4.splat(0);
    for (let at = from; at < end; at += PANEL_BYTES) {
      const e = expNonpositive(f32x4.sub(v128.load(at), largest));
      v128.store(at, e);
      sum = f32x4.add(sum, e);
    }
    for (let at = from; at < end; at += PANEL_BYTES) v128.store(at, f32x4.div(v128.load(at), sum));
  }
}
