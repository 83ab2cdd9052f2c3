/** What a float32 backend owes to a fixture, in every epoch. */
import { expect } from 'vitest';
import type { Fixture } from '../fixtures';
import type { FixtureComparison } from './histories';

export function expectFixture(fixture: Fixture, comparison: FixtureComparison): void {
  const { difference, bounds, wrong, valWrong, finite, printed } = comparison;
  expect(difference.loss).toBeLessThan(bounds.loss);
  expect(difference.valLoss).toBeLessThan(bounds.valLoss);
  // A thousandth for the rounding of the shares themselves.
  expect(wrong).toBeLessThan(1.001);
  expect(valWrong).toBeLessThan(1.001);
  expect(difference.learningRate).toBeLessThan(1e-12);
  expect(finite).toBe(true);
  expect(printed).toEqual(fixture.printed);
}
