/** The order of the samples: a pure function of the epoch, whatever was asked for before. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Shuffler } from '../../src/data/shuffler';
import { RandomState } from '../../src/numpy/random-state';

describe('shuffler', () => {
  it('draws one permutation an epoch from a generator of its own', () => {
    const random = new RandomState(42);
    const shuffler = new Shuffler(10, 42);
    for (let epoch = 0; epoch < 5; epoch++) {
      expect(shuffler.permutationOf(epoch)).toEqual(random.permutation(10));
    }
    expect([...new Shuffler(10, 42).permutationOf(0)]).toEqual([8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);
  });

  it('gives the same order for an epoch in whichever sequence it is asked', () => {
    const epochs = 600; // beyond two kept positions of the generator
    const forwards = new Shuffler(7, 3);
    const expected = Array.from({ length: epochs }, (_, epoch) => forwards.permutationOf(epoch));
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: epochs - 1 }), { minLength: 1, maxLength: 12 }),
        (asked) => {
          const shuffler = new Shuffler(7, 3);
          for (const epoch of asked) {
            expect(shuffler.permutationOf(epoch)).toEqual(expected[epoch]);
          }
        },
      ),
      { numRuns: 60, seed: 1, examples: [[[255, 256, 0, 599, 512, 511, 256]]] },
    );
  });

  it('holds every sample once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.integer({ min: 0, max: 5 }),
        (count, seed, epoch) => {
          const order = [...new Shuffler(count, seed).permutationOf(epoch)];
          expect(order.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });
});
