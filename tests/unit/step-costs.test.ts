/** What a step costs is learned from scripted chunks. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StepCosts } from '../../src/training/step-costs';

/** Lets `costs` pace chunks from a batch on; returns the length of each in milliseconds. */
function pace(perEpoch: number, stepMs: number, evaluationMs: number, chunks: number): number[] {
  const costs = new StepCosts(perEpoch);
  let batch = 0;
  return Array.from({ length: chunks }, () => {
    const steps = costs.stepsFrom(batch);
    expect(Number.isInteger(steps) && steps >= 1).toBe(true);
    const evaluations = Math.floor((batch + steps) / perEpoch);
    const ms = steps * stepMs + evaluations * evaluationMs;
    costs.learn(steps, evaluations, ms);
    batch = (batch + steps) % perEpoch;
    return ms;
  });
}

it('never passes 50 ms, but where one step with its evaluation does', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.double({ min: 0.001, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (perEpoch, stepMs, evaluationMs) => {
        const longest = Math.max(...pace(perEpoch, stepMs, evaluationMs, 100));
        expect(longest).toBeLessThanOrEqual(Math.max(50, stepMs + evaluationMs) + 1e-9);
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

it.each([
  [1, 0.1, 0],
  [9, 0.05, 0.3],
  [1437, 0.01, 2],
])('comes to chunks of 20 to 25 ms with %i steps an epoch', (perEpoch, stepMs, evaluationMs) => {
  const chunks = pace(perEpoch, stepMs, evaluationMs, 60).slice(20);
  expect(Math.max(...chunks)).toBeLessThanOrEqual(25.01);
  expect(Math.min(...chunks)).toBeGreaterThan(20);
});

it('rises at once and falls by half at most', () => {
  const costs = new StepCosts(1);
  costs.learn(1, 1, 1);
  expect(costs.stepsFrom(0)).toBe(25);
  costs.learn(25, 25, 0);
  expect(costs.stepsFrom(0)).toBe(50);
  costs.learn(50, 50, 500);
  expect(costs.stepsFrom(0)).toBe(2);
});
