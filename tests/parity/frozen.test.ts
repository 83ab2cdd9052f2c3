/**
 * Frozen layers on WebGPU: they stay as they are to the bit, the others are trained to the bits that they
 * have in a run of all layers whose first ones are put back, and to the reference within ten times what
 * float32 strays.
 */
import { expect, inject, it } from 'vitest';
import { planLayered } from '../../src/gpu/plan/layered';
import { shapeOf } from '../../src/gpu/plan/plan';
import { createReferenceBackend } from '../../src/reference/backend';
import { testPlan } from '../../src/session/self-test/self-test';
import { FROZEN_CASES, frozenProblems, putBack } from '../support/frozen-runs';
import { largestDifference } from '../support/numbers';
import { createFloat32Backend } from './support/float32-engine';
import { bitsOf, sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();
const BATCHES = 20;

it.each(inject('thorough') ? FROZEN_CASES : FROZEN_CASES.slice(0, 2))('$name', async (one) => {
  const { frozen, trained, part } = frozenProblems(one);
  const { start } = part;
  const [before, state] = await withWebGpu(device(), frozen, async (backend) => {
    const before = await backend.parameters();
    await backend.trainBatches(BATCHES);
    return [before, await backend.state()];
  });
  expect(bitsOf(state.parameters.subarray(0, start))).toEqual(bitsOf(before.subarray(0, start)));
  const expected = await withWebGpu(
    device(),
    trained,
    (backend) => putBack(backend, start, BATCHES),
    'layered',
  );
  expect(state).toEqual(expected);

  const reference = await createReferenceBackend(frozen);
  await reference.trainBatches(BATCHES);
  const exact = await reference.parameters();
  const rulers = await Promise.all(
    [false, true].map(async (reversed) => {
      const { parameters } = await putBack(
        createFloat32Backend(trained, { reversed }),
        start,
        BATCHES,
      );
      return largestDifference(parameters, exact);
    }),
  );
  const bound = 10 * Math.max(...rulers) + 1e-6;
  expect(largestDifference(state.parameters, exact)).toBeLessThan(bound);

  const { kernels } = await testPlan(device(), planLayered(shapeOf(frozen)), frozen);
  expect(kernels.filter(({ passed }) => !passed)).toEqual([]);
});
