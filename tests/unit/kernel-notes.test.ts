/** What kernels say of themselves must hold: the reference has the functions that they name. */
import { expect, it } from 'vitest';
import { referenceSource } from '../../src/app/lab/panels/kernels/reference-source';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { parseLayers } from '../../src/layers/layer';
import { classifier, networkFor } from '../../src/model/network-spec';
import { DEFAULTS } from '../../src/training/configuration/fields';

const convolutions = parseLayers('conv 4 3x3 same relu; max_pool 2; conv 3 3x3 relu') ?? [];
const networks = [
  ...[2, 10].map((classes) => networkFor(64, [16, 8], classes, 'relu')),
  classifier([1, 8, 8], convolutions, 10),
];

/** Samples that are augmented from their bytes, which only one schedule takes. */
const AUGMENTED = {
  byteTables: 1,
  augmentation: { image: { channels: 1, height: 8, width: 8 }, shift: 1, hasNoise: true },
};

const kernels = networks.flatMap((spec) =>
  (['sgd', 'rmsprop', 'adam'] as const).flatMap((optimizer) =>
    candidatesFor({
      spec,
      hyperparameters: { ...DEFAULTS, optimizer, norms: true },
      ...{ trainSamples: 288, testSamples: 72 },
      ...(optimizer === 'rmsprop' && AUGMENTED),
    }).flatMap(({ plan: make }) => {
      const plan = make();
      if ('declined' in plan) return [];
      const steps = [...plan.chunk, ...plan.step, ...plan.epoch, ...plan.prediction];
      return steps.map(({ kernel }) => kernel);
    }),
  ),
);

it('each kernel names formulas, and functions that the reference has', () => {
  const names = new Set(kernels.map(({ name }) => name));
  expect(names.size).toBeGreaterThan(18);
  expect(names).toContain('augment-features');
  for (const { name, formulas, reference } of kernels) {
    expect(formulas.length, name).toBeGreaterThan(0);
    const text = referenceSource(reference);
    for (const each of reference) expect(text, name).toContain(`function ${each}(`);
  }
});

it('a function that the reference does not have is no text, but an error', () => {
  expect(() => referenceSource(['forward', 'backwards'])).toThrow(RangeError);
  expect(referenceSource([])).toBeUndefined();
});
