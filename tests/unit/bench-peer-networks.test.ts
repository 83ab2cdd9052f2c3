/** What of the peers runs without a page: each form of jax-js has the reference's losses, and what they decline. */
import { describe, expect, test } from 'vitest';
import { type JaxForm, JaxTraining, jaxForms, jaxWasm } from '../../src/bench/jax';
import { jsLoops } from '../../src/bench/js-loops';
import { checkPeerProblem } from '../../src/bench/layers';
import { createReferenceBackend } from '../../src/reference/backend';
import { smallProblem } from '../support/problems';

const IMAGES = { input: [2, 8, 6], classes: 3, init: 'he_normal' } as const;
const CONVOLUTIONS = 'conv 4 3x3 same relu; max_pool 2; conv 3 2x2 relu; dense 5 relu';
const PROBLEMS = {
  'convolutions, a full batch': smallProblem(
    { learningRate: 0.1 },
    { ...IMAGES, layers: CONVOLUTIONS },
  ),
  'dense layers, batches with a rest': smallProblem(
    { batchSize: 4, optimizer: 'adam', learningRate: 0.01 },
    { activation: 'relu', classes: 3 },
  ),
} as const;
type Name = keyof typeof PROBLEMS;
const FORMS = (Object.keys(PROBLEMS) as Name[]).flatMap((name) =>
  jaxForms(PROBLEMS[name]).map((form): [Name, JaxForm] => [name, form]),
);

describe('jax-js', () => {
  test.each(FORMS)('has the reference’s losses: %s, %j', async (name, form) => {
    const problem = PROBLEMS[name];
    // Starts it, and keeps whichever form is fastest.
    (await jaxWasm(problem)).dispose();
    const training = new JaxTraining(problem, form);
    const losses = await training.losses(3);
    const expected = await (await createReferenceBackend(problem)).train(3);
    for (const [epoch, { loss }] of expected.entries()) {
      expect(Math.abs(losses[epoch] / loss - 1)).toBeLessThan(1e-5);
    }
    training.dispose();
  });

  test('puts batches together in two places, and dense gradients in two ways', () => {
    expect(FORMS.map(([, form]) => form)).toEqual([
      { gradients: 'by valueAndGrad' },
      { gradients: 'by valueAndGrad', batches: 'taken on the device' },
      { gradients: 'by valueAndGrad', batches: 'uploaded' },
      { gradients: 'by hand', batches: 'taken on the device' },
      { gradients: 'by hand', batches: 'uploaded' },
    ]);
  });
});

describe('the peers decline', () => {
  test.each([
    ['conv 4 3x3 stride 2 relu', /layers: "conv 4 3x3 stride 2 relu".*stride 1/],
    ['max_pool 3', /layers: "max_pool 3".*without a rest/],
    ['conv 4 3x3 relu; dense 3 sigmoid', /activation: "several"/],
    ['conv 4 3x3 tanh', /activation: "tanh"/],
  ])('%s', (layers, words) => {
    expect(() => checkPeerProblem(smallProblem({}, { ...IMAGES, layers }))).toThrow(words);
  });

  test('convolutions in plain loops', async () => {
    await expect(jsLoops(PROBLEMS['convolutions, a full batch'])).rejects.toThrow(/dense layers/);
  });
});
