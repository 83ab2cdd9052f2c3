/** What no fixture shows of the reference: ties between classes, a clipped loss, the leaky slope. */

import { describe, expect, it } from 'vitest';
import { activate, activationDerivative } from '../../src/reference/activations';
import { createReferenceBackend } from '../../src/reference/backend';
import { certainProblem, shareOfClass0, undecidedProblem } from '../support/problems';

describe('the reference', () => {
  it.each([2, 3])('takes the first of equal outputs of %i classes', async (classes) => {
    const problem = undecidedProblem(classes);
    const [metrics] = await (await createReferenceBackend(problem)).train(1);
    expect(metrics.accuracy).toBe(shareOfClass0(problem.train));
  });

  it('clips the loss of a certain sample to that of 1 - 1e-7', async () => {
    const [metrics] = await (await createReferenceBackend(certainProblem())).train(1);
    expect(metrics.loss).toBeCloseTo(-Math.log(1 - 1e-7), 20);
  });

  it('has a leaky ReLU of slope 0.01', () => {
    expect(activate('leaky_relu', -2)).toBe(-0.02);
    expect(activationDerivative('leaky_relu', -0.02)).toBe(0.01);
  });
});
