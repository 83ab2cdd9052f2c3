/**
 * Values in float64 and how far float32 may be from each of them: what a kernel is held against. The
 * bounds are those of the arithmetic (Higham, "Accuracy and Stability of Numerical Algorithms",
 * chapter 3), from the very numbers that go into it; none is fitted to a result.
 */

import type { LayerActivation } from '../../layers/activation';
import type { Output } from '../../model/network-spec';
import { activate } from '../../reference/activations';
import { outputProbabilities } from '../../reference/network';

/** Spacing of float32 numbers just above 1. */
export const EPSILON = 2 ** -23;

/** Numbers in float64, and the bound on the error of each in float32. */
export interface Approximate {
  readonly values: Float64Array;
  readonly bounds: Float64Array;
}

/** Numbers that float32 must hold exactly. */
export function exact(values: ArrayLike<number>): Approximate {
  return { values: Float64Array.from(values), bounds: new Float64Array(values.length) };
}

/** One number with its bound. */
export function single(value: number, bound: number): Approximate {
  return { values: Float64Array.of(value), bounds: Float64Array.of(bound) };
}

/** The bound of a float32 sum of `terms` products whose magnitudes add up to `magnitude`. */
export function sumBound(terms: number, magnitude: number): number {
  return 2 * terms * EPSILON * magnitude;
}

/** Σ terms, with the bound of a float32 reduction. */
export function reduction(terms: ArrayLike<number>): {
  readonly value: number;
  readonly bound: number;
} {
  let value = 0;
  let magnitude = 0;
  for (let i = 0; i < terms.length; i++) {
    value += terms[i];
    magnitude += Math.abs(terms[i]);
  }
  return { value, bound: sumBound(terms.length, magnitude) + Number.MIN_VALUE };
}

/** Activations: f is no steeper than 1, and itself good to a few units in the last place. */
export function activated(activation: LayerActivation, sums: Approximate): Approximate {
  const values = sums.values.map((z) => activate(activation, z));
  return { values, bounds: sums.bounds.map((z, i) => z + 8 * EPSILON * Math.abs(values[i])) };
}

/** The same values, each times a factor that float32 rounds. */
export function scaled({ values, bounds }: Approximate, scale: (i: number) => number): Approximate {
  return {
    values: values.map((value, i) => value * scale(i)),
    bounds: bounds.map((bound, i) => (bound + 2 * EPSILON * Math.abs(values[i])) * scale(i)),
  };
}

/** The largest magnitude, and the largest bound. */
function extentOf({ values, bounds }: Approximate): {
  readonly magnitude: number;
  readonly bound: number;
} {
  const largest = (of: Float64Array) => of.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return { magnitude: largest(values), bound: largest(bounds) };
}

/** Units in the last place that exp, log and the differences of logits cost, by the logits' size. */
function unitsOf(logits: Approximate): number {
  return 16 + 4 * extentOf(logits).magnitude;
}

/** Output probabilities: an error d of a logit changes a probability by a factor e^2d at most. */
export function probabilities(output: Output, logits: Approximate, count: number): Approximate {
  const values = outputProbabilities(output, logits.values, count);
  const carried = Math.expm1(2 * extentOf(logits).bound);
  const relative = unitsOf(logits) * EPSILON + carried;
  return { values, bounds: values.map((p) => relative * p + 2 ** -100) };
}

/** Bound on the loss of one sample, whose slope in the logits is 2 in all at most. */
export function lossBound(logits: Approximate): number {
  return unitsOf(logits) * EPSILON + 2 * extentOf(logits).bound;
}
