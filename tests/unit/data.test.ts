/** Data preparation against scikit-learn's numbers in every fixture, and its properties. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  classTitle,
  DataFormatError,
  type DataSettings,
  featuresOf,
  type Rows,
  rowsOfClasses,
  takeRows,
} from '../../src/data/dataset';
import { parseDigits } from '../../src/data/digits-rows';
import { DATASET_NAMES, datasetOf, loadRows } from '../../src/data/registry';
import { scaledFeatures } from '../../src/data/samples';
import { fitScaler, SCALINGS, type Scaling, scaleRows } from '../../src/data/scaler';
import { stratifiedSplit } from '../../src/data/split';
import { createReferenceBackend } from '../../src/reference/backend';
import { type Configuration, DEFAULTS } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { InvalidInputError } from '../../src/training/errors';
import { firstParameters, prepare, splitRows } from '../../src/training/prepare';
import { digitsCsv, FIXTURE_NAMES, loadDigits, loadFixture } from '../fixtures';
import { largestDifference } from '../support/numbers';

const digits = loadDigits();
const PIXELS = 64;
const digitsOf = (classes: readonly number[]) => takeRows(digits, rowsOfClasses(digits, classes));

describe('digits', () => {
  it('reads all rows of the data set', () => {
    expect(digits.count).toBe(1797);
    expect(digits.values.length).toBe(1797 * PIXELS);
    expect(Math.max(...digits.labels)).toBe(9);
    expect(digits.values.reduce((most, pixel) => Math.max(most, pixel), 0)).toBe(16);
    expect(digits.labels.filter((label) => label === 0).length).toBe(178);
    expect(digits.labels.filter((label) => label === 1).length).toBe(182);
  });

  it('reads Windows line ends and missing ones', () => {
    const lines = digitsCsv().trimEnd().split('\n').slice(0, 3);
    const expected = parseDigits(lines.join('\n'));
    expect(parseDigits(`${lines.join('\r\n')}\r\n\r\n`)).toEqual(expected);
  });

  it('filters in the order of the rows', () => {
    const filtered = digitsOf([1, 0]);
    expect(filtered.count).toBe(360);
    expect(Array.from(filtered.labels.slice(0, 6))).toEqual([0, 1, 0, 1, 0, 1]);
    expect(filtered.values.slice(0, PIXELS)).toEqual(digits.values.slice(0, PIXELS));
  });

  const pixels = Array(PIXELS).fill('0').join(',');
  it.each([
    ['', 'The file of digits is empty.'],
    ['1,2,3', 'Line 1 of the digits has 3 values and not 64 pixels and a label.'],
    [
      `${pixels},1\n\n${pixels},2`,
      'Line 2 of the digits has 1 values and not 64 pixels and a label.',
    ],
    [`${pixels},10`, 'Value 65 in line 1 of the digits is "10" and not an integer from 0 to 9.'],
    [
      `17${pixels.slice(1)},1`,
      'Value 1 in line 1 of the digits is "17" and not an integer from 0 to 16.',
    ],
    [`${pixels},`, 'Value 65 in line 1 of the digits is "" and not an integer from 0 to 9.'],
    [`${pixels},-1`, 'Value 65 in line 1 of the digits is "-1" and not an integer from 0 to 9.'],
    [`${pixels},1.5`, 'Value 65 in line 1 of the digits is "1.5" and not an integer from 0 to 9.'],
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
    const { labels } = digitsOf(classes);
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
          const standardized = scaleRows(fitScaler('standard', values, columns, 16), values);
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
    expect(fitScaler('standard', values, 1, 1).scale[0]).toBe(1);
  });
});

/** A formula as one would write it down, with its mean and deviation in plain loops. */
function plainScaler(scaling: Scaling, values: readonly number[], columns: number, top: number) {
  const column = (wanted: number) => values.filter((_, i) => i % columns === wanted);
  const momentsOf = (all: readonly number[]) => {
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
    const isConstant = all.every((value) => value === all[0]);
    return { mean, scale: isConstant ? 1 : Math.sqrt(variance) };
  };
  const everywhere = momentsOf(values);
  return Array.from({ length: columns }, (_, index) => {
    if (scaling === 'unit') return { mean: 0, scale: top };
    return scaling === 'global' ? everywhere : momentsOf(column(index));
  });
}

describe.each(SCALINGS)('scaling %s', (scaling) => {
  it.each([
    ['a constant column', [3, 0, 3, 16, 3, 7, 3, 1], 2],
    ['constant data', [5, 5, 5, 5, 5, 5], 3],
    ['zeros', [0, 0, 0, 0], 2],
    ['one row', [1, 2, 3], 3],
    ['columns of very different size', [1, 255, 0, 254, 0, 250, 1, 1], 2],
  ])('is its formula on %s', (_, values, columns) => {
    const scaler = fitScaler(scaling, values, columns, 16);
    const expected = plainScaler(scaling, values, columns, 16);
    expect(
      largestDifference(
        scaler.mean,
        expected.map(({ mean }) => mean),
      ),
    ).toBeLessThan(1e-13);
    expect(
      largestDifference(
        scaler.scale,
        expected.map(({ scale }) => scale),
      ),
    ).toBeLessThan(1e-13);
    const scaled = values.map((value, i) => {
      const { mean, scale } = expected[i % columns];
      return (value - mean) / scale;
    });
    expect(largestDifference(scaleRows(scaler, values), scaled)).toBeLessThan(1e-12);
  });

  it('is learned from the training set alone, and applied to both', () => {
    const { problem, scaler, rawTrain, rawTest } = prepare({ ...DEFAULTS, scaling }, digits);
    expect(scaler).toEqual(fitScaler(scaling, rawTrain, PIXELS, 16));
    expect(scaledFeatures(problem.train)).toEqual(scaleRows(scaler, rawTrain));
    expect(scaledFeatures(problem.test)).toEqual(scaleRows(scaler, rawTest));
  });
});

describe('data sets', () => {
  it.each(DATASET_NAMES)('%s holds what it says', async (name) => {
    const dataset = datasetOf(name);
    const rows = await loadRows({ ...DEFAULTS, dataset: name });
    expect(dataset.name).toBe(name);
    expect(rows.features).toBe(featuresOf(dataset));
    expect(rows.values.length).toBe(rows.count * rows.features);
    expect(rows.labels.length).toBe(rows.count);
    const [least, most] = dataset.range;
    expect(rows.values.every((value) => value >= least && value <= most)).toBe(true);
    expect(rows.labels.every((label) => label < dataset.classNames.length)).toBe(true);
    expect(new Set(dataset.classNames).size).toBe(dataset.classNames.length);
  });

  it('are read once', async () => {
    expect(await loadRows(DEFAULTS)).toBe(await loadRows(DEFAULTS));
  });

  it('that are drawn by lot are drawn again for other settings, and only for those', async () => {
    const draw = vi.fn(async ({ splitSeed }: DataSettings): Promise<Rows> => {
      const values = Float64Array.of(splitSeed + 0.5, -1);
      return { values, labels: Uint8Array.of(0, 1), count: 2, features: 1 };
    });
    vi.resetModules();
    const { digits } = await import('../../src/data/digits');
    Object.assign(digits, { load: draw, drawnFrom: ['splitSeed'] });
    const { loadRows } = await import('../../src/data/registry');
    const first = await loadRows({ ...DEFAULTS, splitSeed: 1 });
    expect(first.values[0]).toBe(1.5);
    const otherSeed: Configuration = { ...DEFAULTS, splitSeed: 1, seed: 7 };
    expect(await loadRows(otherSeed)).toBe(first);
    expect((await loadRows({ ...DEFAULTS, splitSeed: 2 })).values[0]).toBe(2.5);
    expect(draw).toHaveBeenCalledTimes(2);
  });

  it('call their classes by their names', () => {
    expect(classTitle(datasetOf('digits'), 7)).toBe('Digit 7');
  });
});

describe.each(FIXTURE_NAMES)('prepare: %s', (name) => {
  const fixture = loadFixture(name);
  const configuration = configurationFromJson(fixture.config);
  const prepared = prepare(configuration, digits);
  const { problem } = prepared;

  it('has the split of scikit-learn', () => {
    expect(prepared.classes).toEqual(fixture.classes);
    expect(Array.from(prepared.split.train)).toEqual(fixture.train_index);
    expect(Array.from(prepared.split.test)).toEqual(fixture.test_index);
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
      [firstParameters(configuration), fixture.first_parameters.flat()],
      [problem.parameters, fixture.initial_parameters.flat()],
    ] as const) {
      expect(largestDifference(actual, expected)).toBeLessThanOrEqual(1e-12);
      expect(Float32Array.from(actual)).toEqual(Float32Array.from(expected));
    }
  });

  it('has the outputs of the first draw on the first five samples', async () => {
    const untrained = { ...problem, parameters: firstParameters(configuration) };
    const backend = await createReferenceBackend(untrained);
    const outputs = await backend.predict(scaledFeatures(problem.train).slice(0, 5 * PIXELS), 5);
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
    const filtered = digitsOf(prepared.classes);
    const row = fixture.test_index[0];
    const image = filtered.values.slice(row * PIXELS, (row + 1) * PIXELS);
    expect(prepared.rawTest.slice(0, PIXELS)).toEqual(image);
    const expected = Array.from(
      image,
      (pixel, i) => (pixel - fixture.scaler.mean[i]) / fixture.scaler.scale[i],
    );
    const actual = scaledFeatures(problem.test).slice(0, PIXELS);
    expect(largestDifference(actual, expected)).toBeLessThanOrEqual(1e-11);
    expect(prepared.rawTrain.length).toBe(fixture.train_size * PIXELS);
  });
});

describe('prepare', () => {
  it('refuses a test set with no sample of a class', () => {
    const run = () => prepare({ ...DEFAULTS, testSize: 0.001 }, digits);
    expect(run).toThrow(InvalidInputError);
    expect(run).toThrow(/^test_size: 0.001 is not allowed; the test set of 1 sample must have/);
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

  it('keeps the split where the seed alone changes, and the start where the split seed does', () => {
    const base = prepare(DEFAULTS, digits);
    const reseeded = prepare({ ...DEFAULTS, seed: 7 }, digits);
    expect(reseeded.split.train).toEqual(base.split.train);
    expect(reseeded.split.test).toEqual(base.split.test);
    expect(reseeded.problem.parameters).not.toEqual(base.problem.parameters);
    const resplit = prepare({ ...DEFAULTS, splitSeed: 7 }, digits);
    expect(resplit.problem.parameters).toEqual(base.problem.parameters);
    const labels = Uint8Array.from(digitsOf([0, 1]).labels);
    expect(resplit.split.train).toEqual(stratifiedSplit(labels, 2, 0.2, 7).train);
    expect(resplit.split.train).not.toEqual(base.split.train);
  });

  it('takes the first samples of each side, and scales by them alone', () => {
    const all = prepare(DEFAULTS, digits);
    const few = prepare({ ...DEFAULTS, trainSamples: 40, testSamples: 9 }, digits);
    expect([few.problem.train.count, few.problem.test.count]).toEqual([40, 9]);
    expect(few.split.train).toEqual(all.split.train.subarray(0, 40));
    expect(few.split.test).toEqual(all.split.test.subarray(0, 9));
    expect(few.rawTrain).toEqual(all.rawTrain.subarray(0, 40 * PIXELS));
    expect(few.scaler).toEqual(fitScaler('standard', few.rawTrain, PIXELS, 16));
    expect(few.scaler).not.toEqual(all.scaler);
    expect(Math.max(...few.sampleIndices)).toBeLessThan(9);
    const more = prepare({ ...DEFAULTS, trainSamples: 1_000_000 }, digits);
    expect(more.problem.train.count).toBe(288);
  });

  it.each([
    [{ trainSamples: 1 }, /^train_samples: 1 is not allowed; the training set of 1 sample must/],
    [{ testSamples: 1 }, /^test_samples: 1 is not allowed; the test set of 1 sample must/],
  ])('refuses %j, which leaves a class without a sample', (change, message) => {
    expect(() => prepare({ ...DEFAULTS, ...change }, digits)).toThrow(message);
  });

  it('leaves a given split as it is, whatever the share and the seed', () => {
    const given = { ...datasetOf('digits'), split: { kind: 'given', trainRows: 1000 } } as const;
    const positions = rowsOfClasses(digits, [3, 8]);
    const labels = Uint8Array.from(positions, (row) => (digits.labels[row] === 3 ? 0 : 1));
    const rowsFor = (change: Partial<Configuration>) => {
      const configuration = { ...DEFAULTS, classes: [3, 8], ...change };
      const { train, test } = splitRows(configuration, given, positions, labels);
      return [train, test].map((side) => Array.from(side, (row) => positions[row]));
    };
    const [train, test] = rowsFor({});
    expect(train).toEqual(Array.from(positions).filter((row) => row < 1000));
    expect(test).toEqual(Array.from(positions).filter((row) => row >= 1000));
    expect(rowsFor({ testSize: 0.9, splitSeed: 7 })).toEqual([train, test]);
    expect(rowsFor({ trainSamples: 5, testSamples: 4 })).toEqual([
      train.slice(0, 5),
      test.slice(0, 4),
    ]);
  });

  it('refuses a class that the data lack', () => {
    const run = () => prepare(DEFAULTS, digitsOf([1, 2]));
    expect(run).toThrow('classes: 0, 1 is not allowed; the data have no sample of 0');
  });

  it('checks the configuration', () => {
    expect(() => prepare({ ...DEFAULTS, learningRate: -1 }, digits)).toThrow(/^learning_rate: -1/);
  });
});

it('a network of too many parameters is refused before they are drawn', () => {
  const configuration = { ...DEFAULTS, hidden: [65_536, 65_536] };
  expect(() => prepare(configuration, digits)).toThrow(/hidden: "65536,65536".*more than the/);
  // 2^26 and one layer of biases more: 0.5 GiB in float64, twice.
  const wide = { ...DEFAULTS, hidden: [8192, 8192] };
  expect(() => prepare(wide, digits)).toThrow(/more than the 67,108,864 that are allowed/);
});

it('rows that failed to load are asked for again, and kept once they came', async () => {
  vi.resetModules();
  const { loadRows } = await import('../../src/data/registry');
  const { digits } = await import('../../src/data/digits');
  const load = vi.spyOn(digits, 'load').mockRejectedValueOnce(new Error('offline'));
  await expect(loadRows(DEFAULTS)).rejects.toThrow('offline');
  const rows = await loadRows(DEFAULTS);
  expect(rows.count).toBe(1797);
  expect(await loadRows(DEFAULTS)).toBe(rows);
  expect(load).toHaveBeenCalledTimes(2);
});
