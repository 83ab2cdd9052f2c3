/** The generator against vectors that NumPy's RandomState gave, and its properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomState } from '../../src/numpy/random-state';

const seeds = fc.integer({ min: 0, max: 4_294_967_295 });
const sizes = fc.integer({ min: 0, max: 400 });

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('RandomState against NumPy', () => {
  it('gives the words of seed 42 across the refill', () => {
    const random = new RandomState(42);
    const words = draw(700, () => random.nextUint32());
    expect([0, 1, 623, 624, 625, 699].map((index) => words[index])).toEqual([
      1608637542, 3421126067, 1077437785, 108880612, 791707097, 4009078418,
    ]);
  });

  it.each([
    [42, [0.3745401188473625, 0.9507143064099162, 0.7319939418114051]],
    [4_294_967_295, [0.0976320289940138, 0.9123828453026218, 0.78903530185164]],
  ])('gives the uniforms of seed %i', (seed, expected) => {
    const random = new RandomState(seed);
    expect(draw(3, () => random.random())).toEqual(expected);
  });

  it('permutes', () => {
    expect(Array.from(new RandomState(42).permutation(10))).toEqual([8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);
  });

  it('chooses', () => {
    expect(Array.from(new RandomState(42).choice(1797, 10))).toEqual([
      1245, 220, 1518, 438, 1270, 832, 692, 1309, 1101, 1742,
    ]);
  });

  // r = RandomState(7); r.randint(0, 2**32, 5, dtype=uint64), r.uniform(-1, 1, 3), r.randn(3),
  // r.permutation(5), r.randn(2), r.choice(1797, 10, replace=False)
  it('keeps the cached normal while other draws go by', () => {
    const random = new RandomState(7);
    expect(draw(5, () => random.nextUint32())).toEqual([
      327741615, 976413892, 3349725721, 1369975286, 1882953283,
    ]);
    expect(draw(3, () => random.uniform(-1, 1))).toEqual([
      0.9564457941571649, -0.08883017334357635, -0.3839744696245213,
    ]);
    const normals = draw(3, () => random.randn());
    expect(Array.from(random.permutation(5))).toEqual([1, 2, 3, 0, 4]);
    normals.push(...draw(2, () => random.randn()));
    const expected = [
      -0.38546850747456957, -0.220251441403682, -0.2694658623896794, -0.044881020167747664,
      -0.16313207477419955,
    ];
    for (const [index, normal] of normals.entries()) {
      expect(Math.abs(normal - expected[index])).toBeLessThan(1e-15);
    }
    expect(Array.from(random.choice(1797, 10))).toEqual([
      431, 1127, 1303, 1454, 1718, 993, 237, 1049, 1575, 127,
    ]);
  });

  it('is in step after a million normals', () => {
    const random = new RandomState(42);
    const normals = new Float64Array(1_000_000).map(() => random.randn());
    const last = [-0.11297974652261993, 1.4691423708411055, 0.4764302546832209];
    for (const [index, expected] of last.entries()) {
      const normal = normals[normals.length - 3 + index];
      expect(Math.abs(normal - expected)).toBeLessThan(1e-15);
      expect(Math.fround(normal)).toBe(Math.fround(expected));
    }
    expect(Array.from(random.choice(72, 10))).toEqual([52, 39, 16, 0, 15, 46, 40, 51, 29, 11]);
  });
});

describe('RandomState', () => {
  it('permutes: each integer once', () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, n) => {
        const sorted = new RandomState(seed).permutation(n).sort();
        expect(Array.from(sorted)).toEqual(draw(n, () => 0).map((_, index) => index));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('chooses the start of the full permutation', () => {
    fc.assert(
      fc.property(seeds, sizes, fc.double({ min: 0, max: 1, noNaN: true }), (seed, n, share) => {
        const k = Math.floor(share * n);
        const chosen = new RandomState(seed).choice(n, k);
        expect(chosen).toEqual(new RandomState(seed).permutation(n).slice(0, k));
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('draws integers up to the bound, and nothing for 0', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 4_294_967_295 }), (seed, max) => {
        const random = new RandomState(seed);
        const value = random.boundedInteger(max);
        expect(Number.isInteger(value) && value >= 0 && value <= max).toBe(true);
        if (max === 0) expect(random.nextUint32()).toBe(new RandomState(seed).nextUint32());
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('reaches both ends of a range, each value about as often', () => {
    const random = new RandomState(3);
    const counts = Array<number>(5).fill(0);
    for (let i = 0; i < 50_000; i++) counts[random.boundedInteger(4)] += 1;
    // Five standard deviations of a binomial count about 10,000.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(8000));
  });

  it('draws uniforms within their bounds', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: -50, max: 50 }), (seed, low) => {
        const value = new RandomState(seed).uniform(low, low + 2);
        expect(value >= low && value < low + 2).toBe(true);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('draws the same in a clone, wherever it was taken', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 700 }), fc.boolean(), (seed, words, cached) => {
        const random = new RandomState(seed);
        for (let i = 0; i < words; i++) random.nextUint32();
        if (cached) random.randn();
        const clones = [random.clone(), random.clone()];
        const expected = draw(5, () => random.randn());
        for (const clone of clones) {
          expect(draw(5, () => clone.randn())).toEqual(expected);
          expect(clone.nextUint32()).toBe(random.clone().nextUint32());
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it.each([-1, 4_294_967_296, 0.5, Number.NaN])('refuses the seed %d', (seed) => {
    expect(() => new RandomState(seed)).toThrow(RangeError);
  });

  it('refuses bounds and sizes that are not allowed', () => {
    const random = new RandomState(1);
    expect(() => random.boundedInteger(-1)).toThrow('max: -1 is not an integer');
    expect(() => random.choice(3, 4)).toThrow('k: 4 is not an integer from 0 to 3');
  });
});
