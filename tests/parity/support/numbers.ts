/** Random numbers and error bounds of the kernel tests. */
import { expect } from 'vitest';
import { RandomState } from '../../../src/numpy/random-state';
import { EPSILON, reduction } from '../../../src/session/self-test/approximate';
import { POISON, type Written } from './run-kernel';

// The same bounds as the self-test's in the page.
export { EPSILON, reduction };

/** Sizes that sit on, beside and between the edges of tiles and vectors. */
export const AWKWARD = [1, 2, 3, 5, 31, 32, 33, 64, 65, 127] as const;

/** Uniform float32 numbers in [-limit, limit). */
export function randomFloats(random: RandomState, length: number, limit = 1) {
  return Float32Array.from({ length }, () => random.uniform(-limit, limit));
}

/** Shapes in which each dimension takes every awkward size at least once, the others any of them. */
export function awkwardShapes(dimensions: number, seed: number): readonly (readonly number[])[] {
  const random = new RandomState(seed);
  const any = () => AWKWARD[random.boundedInteger(AWKWARD.length - 1)];
  return Array.from({ length: dimensions }, (_, dimension) =>
    AWKWARD.map((size) =>
      Array.from({ length: dimensions }, (_, other) => (other === dimension ? size : any())),
    ),
  ).flat();
}

/** A value in float64 and how far float32 may be from it. */
export interface Expected {
  readonly value: number;
  readonly bound: number;
}

/** Checks every element against its bound; null is an element that must be left poisoned. */
export function expectAll(
  what: string,
  written: Written,
  expected: readonly (Expected | null)[],
): void {
  expect(written.floats.length, `${what}: length`).toBe(expected.length);
  expected.forEach((want, i) => {
    if (want === null) {
      if (written.words[i] !== POISON) expect.fail(`${what}[${i}] was written, and must not be`);
      return;
    }
    const error = Math.abs(written.floats[i] - want.value);
    if (!(error <= want.bound)) {
      expect.fail(`${what}[${i}] = ${written.floats[i]}, not ${want.value} ± ${want.bound}`);
    }
  });
  expect(written.isMarginIntact, `${what}: margin`).toBe(true);
}
