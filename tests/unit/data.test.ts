/** Data preparation against scikit-learn's numbers in every fixture, and its properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DataFormatError,
  filterDigits,
  MAXIMUM_PIXEL,
  PIXELS,
  parseDigits,
} from '../../src/data/digits';
import { fitScaler, standardize } from '../../src/data/scaler';
import { stratifiedSplit } from '../../src/data/split';
import { createReferenceBackend } from '../../src/reference/backend';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { InvalidInputError } from '../../src/training/errors';
import { prepare } from '../../src/training/prepare';
import { digitsCsv, FIXTURE_NAMES, loadDigits, loadFixture } from '../fixtures';

const digits = loadDigits();

/** Largest absolute difference of two arrays of the same length. */
function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
  }
  return largest;
}

describe('digits', () => {
  it('reads all rows of the data set', () => {
    expect(digits.count).toBe(1797);
    expect(digits.images.length).toBe(1797 * PIXELS);
    expect(Math.max(...digits.labels)).toBe(9);
    expect(digits.images.reduce((most, pixel) => Math.max(most, pixel), 0)).toBe(MAXIMUM_PIXEL);
    expect(digits.labels.filter((label) => label === 0).length).toBe(178);
    expect(digits.labels.filter((label) => label === 1).length).toBe(182);
  });

  it('reads Windows line ends and missing ones', () => {
    const lines = digitsCsv().trimEnd().split('\n').slice(0, 3);
    const expected = parseDigits(lines.join('\n'));
    expect(parseDigits(`${lines.join('\r\n')}\r\n\r\n`)).toEqual(expected);
  });

  it('filters in the order of the rows', () => {
    const filtered = filterDigits(digits, [1, 0]);
    expect(filtered.count).toBe(360);
    expect(Array.from(filtered.labels.slice(0, 6))).toEqual([0, 1, 0, 1, 0, 1]);
    expect(filtered.images.slice(0, PIXELS)).toEqual(digits.images.slice(0, PIXELS));
  });

  const pixels = Array(PIXELS).fill('0').join(',');
  it.each([
    ['', 'digits: the file is empty'],
    ['1,2,3', 'digits, line 1: 3 values, expected 64 pixels and a label'],
    [`${pixels},1\n\n${pixels},2`, 'digits, line 2: 1 values, expected 64 pixels and a label'],
    [`${pixels},10`, 'digits, line 1, value 65: "10" is not an integer from 0 to 9'],
    [`17${pixels.slice(1)},1`, 'digits, line 1, value 1: "17" is not an integer from 0 to 16'],
    [`${pixels},`, 'digits, line 1, value 65: "" is not an integer from 0 to 9'],
    [`${pixels},-1`, 'digits, line 1, value 65: "-1" is not an integer from 0 to 9'],
    [`${pixels},1.5`, 'digits, line 1, value 65: "1.5" is not an integer from 0 to 9'],
  ])('refuses %j', (csv, message) => {
    expect(() => parseDigits(csv)).toThrow(new DataFormatError(message));
  });
});

describe('split', () => {
  it('gives the first rows of scikit-learn for all ten digits', () => {
    const { train, test } = stratifiedSplit(digits.labels, 10, 0.2, 42);
    expect(Array.from(train.slice(0, 5))).toEqual([421, 825, 885, 182, 151]);
    expect(Array.from(test.slice(0, 5))).toEqual([618, 1427, 158, 1256, 1079]);
  });

  // scikit-learn 1.9.1, random_state 42: remainders that tie by exact arithmetic, and differ in their last bit.
  it.each([
    [[0, 3, 7], 0.2, [65, 49, 333, 288]],
    [[0, 1, 4], 0.3, [334, 354, 355, 373]],
    [[2, 4], 0.5, [17, 130, 208, 271]],
    [[0, 3, 4], 0.5, [214, 146, 226, 75]],
  ])('draws as scikit-learn where shares tie: %j, test size %d', (classes, testSize, rows) => {
    const { labels } = filterDigits(digits, classes);
    const indices = labels.map((label) => classes.indexOf(label));
    const { train } = stratifiedSplit(indices, classes.length, testSize, 42);
    expect(Array.from(train.slice(0, 4))).toEqual(rows);
  });

  it('is disjoint, complete and stratified', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 4, max: 60 }), { minLength: 2, maxLength: 10 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.integer({ min: 0, max: 4_294_967_295 }),
        fc.integer(),
        (counts, testSize, seed, order) => {
          const labels = counts.flatMap((count, index) => Array<number>(count).fill(index));
          labels.sort((a, b) => ((a * 31 + order) % 7) - ((b * 31 + order) % 7));
          const { train, test } = stratifiedSplit(labels, counts.length, testSize, seed);
          expect(test.length).toBe(Math.ceil(testSize * labels.length));
          const all = [...train, ...test].sort((a, b) => a - b);
          expect(all).toEqual(labels.map((_, row) => row));
          for (const [index, count] of counts.entries()) {
            const share = (count / labels.length) * train.length;
            const got = train.filter((row) => labels[row] === index).length;
            expect(Math.abs(got - share)).toBeLessThan(1);
          }
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('scaler', () => {
  it('standardizes to mean 0 and variance 1, constant columns to 0', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }).chain((columns) =>
          fc.tuple(
            fc.constant(columns),
            fc.array(
              fc.array(fc.integer({ min: 0, max: 16 }), { minLength: columns, maxLength: columns }),
              {
                minLength: 1,
                maxLength: 50,
              },
            ),
          ),
        ),
        ([columns, rows]) => {
          const values = rows.flat();
          const standardized = standardize(fitScaler(values, rows.length, columns), values);
          for (let column = 0; column < columns; column++) {
            const result = rows.map((_, row) => standardized[row * columns + column]);
            const mean = result.reduce((sum, value) => sum + value, 0) / rows.length;
            const variance = result.reduce((sum, value) => sum + value ** 2, 0) / rows.length;
            const isConstant = rows.every((row) => row[column] === rows[0][column]);
            expect(Math.abs(mean)).toBeLessThan(1e-12);
            expect(Math.abs(variance - (isConstant ? 0 : 1))).toBeLessThan(1e-12);
          }
        },
      ),
      { numRuns: 300, seed: 2 },
    );
  });

  it('takes a constant column whose mean is rounded for constant', () => {
    const values = Array<number>(10).fill(0.1);
    expect(fitScaler(values, 10, 1).scale[0]).toBe(1);
  });
});

describe.each(FIXTURE_NAMES)('prepare: %s', (name) => {
  const fixture = loadFixture(name);
  const prepared = prepare(configurationFromJson(fixture.config), digits);
  const { problem } = prepared;

  it('has the split of scikit-learn', () => {
    expect(prepared.classes).toEqual(fixture.classes);
    expect(Array.from(prepared.trainIndex)).toEqual(fixture.train_index);
    expect(Array.from(prepared.testIndex)).toEqual(fixture.test_index);
    expect(problem.train.count).toBe(fixture.train_size);
    expect(problem.test.count).toBe(fixture.test_size);
    expect(Array.from(problem.test.labels)).toEqual(fixture.labels);
  });

  it('has the scaler of scikit-learn', () => {
    expect(largestDifference(prepared.scaler.mean, fixture.scaler.mean)).toBeLessThanOrEqual(1e-12);
    expect(largestDifference(prepared.scaler.scale, fixture.scaler.scale)).toBeLessThanOrEqual(
      1e-12,
    );
  });

  it('has both draws of NumPy, to the bit in float32', () => {
    for (const [actual, expected] of [
      [prepared.firstParameters, fixture.first_parameters.flat()],
      [problem.parameters, fixture.initial_parameters.flat()],
    ] as const) {
      expect(largestDifference(actual, expected)).toBeLessThanOrEqual(1e-12);
      expect(Float32Array.from(actual)).toEqual(Float32Array.from(expected));
    }
  });

  it('has the outputs of the first draw on the first five samples', async () => {
    const untrained = { ...problem, parameters: prepared.firstParameters };
    const backend = await createReferenceBackend(untrained);
    const outputs = await backend.predict(problem.train.features.slice(0, 5 * PIXELS), 5);
    backend.dispose();
    const expected = [0, 1, 2, 3, 4].flatMap((sample) =>
      fixture.first_five_outputs.map((row) => row[sample]),
    );
    expect(largestDifference(outputs, expected)).toBeLessThanOrEqual(1e-12);
  });

  it('draws the ten samples of Part 10', () => {
    expect(Array.from(prepared.sampleIndices)).toEqual(fixture.sample_indices);
  });

  it('keeps the images beside their standardized features', () => {
    const filtered = filterDigits(digits, prepared.classes);
    const row = fixture.test_index[0];
    const image = filtered.images.slice(row * PIXELS, (row + 1) * PIXELS);
    expect(prepared.rawTest.slice(0, PIXELS)).toEqual(image);
    const expected = Array.from(
      image,
      (pixel, i) => (pixel - fixture.scaler.mean[i]) / fixture.scaler.scale[i],
    );
    const actual = problem.test.features.slice(0, PIXELS);
    expect(largestDifference(actual, expected)).toBeLessThanOrEqual(1e-11);
    expect(prepared.rawTrain.length).toBe(fixture.train_size * PIXELS);
  });
});

describe('prepare', () => {
  it('refuses a test set with no sample of a class', () => {
    const run = () => prepare({ ...DEFAULTS, testSize: 0.001 }, digits);
    expect(run).toThrow(InvalidInputError);
    expect(run).toThrow(/^test_size: 0.001 is not allowed; the test set of 1 samples must have/);
  });

  it('refuses a training set with no sample of a class', () => {
    const run = () => prepare({ ...DEFAULTS, testSize: 0.999 }, digits);
    expect(run).toThrow(
      /^test_size: 0.999 is not allowed; the training set of 0 samples must have/,
    );
  });

  it('takes the smallest test set that has every class', () => {
    const prepared = prepare({ ...DEFAULTS, testSize: 2 / 360 }, digits);
    expect(prepared.problem.test.count).toBe(2);
    expect(new Set(prepared.sampleIndices)).toEqual(new Set([0, 1]));
  });

  it('refuses a digit that the data lack', () => {
    const run = () => prepare(DEFAULTS, filterDigits(digits, [1, 2]));
    expect(run).toThrow('digits: [0,1] is not allowed; the data have no image of 0');
  });

  it('checks the configuration', () => {
    expect(() => prepare({ ...DEFAULTS, learningRate: -1 }, digits)).toThrow(/^learning_rate: -1/);
  });
});

it('a network of too many parameters is refused before they are drawn', () => {
  const configuration = { ...DEFAULTS, hidden: [65_536, 65_536] };
  expect(() => prepare(configuration, digits)).toThrow(/hidden: "65536,65536".*more than the/);
});
