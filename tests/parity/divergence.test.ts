/** A run diverges on each schedule of WebGPU in the epoch of the reference, by the same words; cpu: tests/unit. */
import { describe, expect, test } from 'vitest';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend } from '../../src/training/backend';
import { DIVERGING, endOnBackend } from '../support/diverging';
import { smallProblem } from '../support/problems';
import { sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();

describe.each(DIVERGING)('%s', (_, values) => {
  test('diverges in the same epoch on the reference and every schedule', async () => {
    const problem = smallProblem(values);
    const run = (backend: Backend) => endOnBackend(backend, values);
    const expected = await run(await createReferenceBackend(problem));
    expect(expected.reason).toBe('diverged');
    for (const schedule of SCHEDULE_KINDS) {
      expect(await withWebGpu(device(), problem, run, schedule), schedule).toEqual(expected);
    }
  });
});
