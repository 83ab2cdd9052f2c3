/** Where a run diverges is the same on every backend, and it is said why. */
import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend } from '../../src/training/backend';
import { DIVERGING, endOnBackend } from '../support/diverging';
import { smallProblem } from '../support/problems';

describe.each(DIVERGING)('%s', (_, values) => {
  test('diverges in the same epoch on reference and cpu', async () => {
    const problem = smallProblem(values);
    const run = (backend: Backend) => endOnBackend(backend, values);
    const expected = await run(await createReferenceBackend(problem));
    expect(expected.reason).toBe('diverged');
    expect(await run(await createCpuBackend(problem))).toEqual(expected);
  });
});
