/** Dropout: Philox against its published vectors, then the mask's rate, scale and independence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox } from '../../src/data/philox';
import { scaledFeatures } from '../../src/data/samples';
import { createReferenceBackend } from '../../src/reference/backend';
import { type DropoutMask, forward } from '../../src/reference/network';
import { dropoutScale, dropoutThreshold } from '../../src/training/dropout';
import { smallProblem } from '../support/problems';

type Words = [number, number, number, number];

describe('Philox4x32-10', () => {
  // The known answers of the Random123 distribution (kat_vectors, philox4x32 10).
  it.each<[Words, [number, number], Words]>([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('gives the published words for counter %j', (counter, key, expected) => {
    expect(philox(counter, key)).toEqual(expected);
  });

  it('equals its definition in 64-bit integers', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        expect(philox(counter, key)).toEqual(philoxByDefinition(counter, key));
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

/** Salmon et al. 2011, section 3.3, with BigInt for the 64-bit products. */
function philoxByDefinition(counter: Words, key: [number, number]): number[] {
  const low = (value: bigint) => value & 0xffffffffn;
  let [x0, x1, x2, x3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const product0 = 0xd2511f53n * x0;
    const product1 = 0xcd9e8d57n * x2;
    [x0, x1, x2, x3] = [
      (product1 >> 32n) ^ x1 ^ k0,
      low(product1),
      (product0 >> 32n) ^ x3 ^ k1,
      low(product0),
    ];
    k0 = low(k0 + 0x9e3779b9n);
    k1 = low(k1 + 0xbb67ae85n);
  }
  return [x0, x1, x2, x3].map(Number);
}

/** Factors of `rows` × `units` places. */
function mask(rate: number, rows: number, units: number, { seed = 42, step = 0, layer = 1 } = {}) {
  const threshold = dropoutThreshold(rate);
  return Array.from({ length: rows * units }, (_, i) =>
    dropoutScale(threshold, seed, step, layer, Math.floor(i / units), i % units),
  );
}

describe('mask', () => {
  it.each([0.1, 0.25, 0.5, 0.9])('drops a share of %d', (rate) => {
    const factors = mask(rate, 400, 100);
    const dropped = factors.filter((factor) => factor === 0).length / factors.length;
    // Five standard deviations of a binomial share.
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / 40_000));
  });

  it.each([0.1, 0.25, 0.5, 0.9])('keeps the expectation at rate %d', (rate) => {
    const factors = mask(rate, 400, 100);
    expect(new Set(factors).size).toBe(2);
    // The rate is a whole number of 2^-32.
    expect(Math.abs(1 / Math.max(...factors) - (1 - rate))).toBeLessThanOrEqual(2 ** -32);
    const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
    // A factor's variance is rate / (1 - rate).
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(rate / (1 - rate) / 40_000));
  });

  it('is the same for the same key, and another for every part of it', () => {
    const base = { seed: 42, step: 7, layer: 1 };
    const factors = mask(0.5, 20, 20, base);
    expect(mask(0.5, 20, 20, base)).toEqual(factors);
    for (const change of [{ seed: 43 }, { step: 8 }, { layer: 2 }]) {
      const other = mask(0.5, 20, 20, { ...base, ...change });
      const same = other.filter((factor, i) => factor === factors[i]).length / factors.length;
      // Independent masks agree in half of the places.
      expect(Math.abs(same - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 400));
    }
  });

  it('has no two rows, and no two columns, alike', () => {
    const factors = mask(0.5, 40, 40);
    const rows = Array.from({ length: 40 }, (_, row) =>
      factors.slice(40 * row, 40 * (row + 1)).join(),
    );
    const columns = Array.from({ length: 40 }, (_, unit) =>
      factors.filter((_, i) => i % 40 === unit).join(),
    );
    expect(new Set([...rows, ...columns]).size).toBe(80);
  });

  it('drops nothing at rate 0', () => {
    expect(new Set(mask(0, 20, 20))).toEqual(new Set([1]));
  });
});

describe('in the network', () => {
  it('scales hidden activations, and never the output', () => {
    const { spec, parameters, train } = smallProblem({ dropout: 0.5 });
    const dropAll: DropoutMask = () => 0;
    const [, second, outputs] = forward(
      spec,
      parameters,
      scaledFeatures(train),
      train.count,
      dropAll,
    );
    expect(second.every((value) => value === 0)).toBe(true);
    expect(outputs.every((value) => value > 0 && value === outputs[0])).toBe(true);
  });

  it('is off in evaluation and prediction', async () => {
    const [plain, dropped] = await Promise.all(
      [0, 0.5].map((dropout) => createReferenceBackend(smallProblem({ dropout }))),
    );
    const { train } = smallProblem();
    const predictions = await dropped.predict(scaledFeatures(train), train.count);
    expect(predictions).toEqual(await plain.predict(scaledFeatures(train), train.count));
    const [[a], [b]] = await Promise.all([plain.train(1), dropped.train(1)]);
    expect(a.loss).not.toBe(b.loss);
    await dropped.load(await plain.state());
    const { test: samples } = smallProblem();
    const { labels, count } = samples;
    const outputs = await dropped.predict(scaledFeatures(samples), count);
    const loss = outputs.reduce(
      (sum, p, i) => sum - Math.log(labels[i] === 1 ? p : 1 - p) / count,
      0,
    );
    expect(Math.abs(a.valLoss - loss)).toBeLessThan(1e-12);
  });
});
