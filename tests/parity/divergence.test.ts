/** A run diverges in the same epoch on every backend, by the same words: reference, cpu and each schedule. */
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { Trainer } from '../../src/training/trainer';
import { DIVERGING } from '../support/diverging';
import { smallProblem } from '../support/problems';
import { sharedDevice, withWebGpu } from './support/open';

const device = sharedDevice();

describe.each(DIVERGING)('%s', (_, values) => {
  test('diverges in the same epoch on the reference, the cpu and every schedule', async () => {
    const problem = smallProblem(values);
    const run = async (backend: Backend) => {
      const trainer = new Trainer(backend, checkConfiguration(values));
      const { reason, message } = await trainer.run();
      return { reason, message, epochs: trainer.epoch };
    };
    const expected = await run(await createReferenceBackend(problem));
    expect(expected.reason).toBe('diverged');
    expect(await run(await createCpuBackend(problem))).toEqual(expected);
    for (const schedule of SCHEDULE_KINDS) {
      expect(await withWebGpu(device(), problem, run, schedule), schedule).toEqual(expected);
    }
  });
});
