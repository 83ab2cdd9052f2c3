/** The tables that come with the program, against scikit-learn: same rows, split and scaled values to the last bit. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { datasetOf, loadRows } from '../../src/data/registry';
import { scaleRows } from '../../src/data/scaler';
import { parseTable } from '../../src/data/table-rows';
import { iris } from '../../src/data/tables';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';

interface TableFixture {
  readonly feature_names: readonly string[];
  readonly class_names: readonly string[];
  readonly train_index_sha256: string;
  readonly test_index_sha256: string;
  readonly train_index_first: readonly number[];
  readonly values_sha256: string;
  readonly labels_sha256: string;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly scaled_train_sha256: string;
  readonly scaled_test_sha256: string;
  readonly scaled_train_first: readonly number[];
}

const FIXTURES = JSON.parse(
  readFileSync(new URL('../fixtures/tables/sklearn.json', import.meta.url), 'utf8'),
) as Record<'wine' | 'iris' | 'breast_cancer', TableFixture>;

const sha256 = (values: Float64Array | BigInt64Array) =>
  createHash('sha256').update(values).digest('hex');
const integers = (values: ArrayLike<number>) => BigInt64Array.from(Array.from(values, BigInt));

describe.each(['wine', 'iris', 'breast_cancer'] as const)('%s', (name) => {
  const fixture = FIXTURES[name];
  const dataset = datasetOf(name);

  it('has the rows of scikit-learn', async () => {
    const { values, labels } = await loadRows({ ...DEFAULTS, dataset: name });
    expect(dataset.featureNames).toEqual(fixture.feature_names);
    expect(dataset.classNames).toEqual(fixture.class_names);
    expect(sha256(Float64Array.from(values))).toBe(fixture.values_sha256);
    const columns = fixture.feature_names.map((_, i) =>
      values.filter((_, at) => at % fixture.mean.length === i),
    );
    expect(dataset.featureRanges).toEqual(
      columns.map((column) => [Math.min(...column), Math.max(...column)]),
    );
    expect(sha256(integers(labels))).toBe(fixture.labels_sha256);
  });

  it('has the split and the scaled values of scikit-learn, to the last bit', async () => {
    const classes = [...dataset.classNames.keys()];
    const configuration = { ...DEFAULTS, dataset: name, classes };
    const { split, scaler, rawTrain, rawTest } = prepare(
      configuration,
      await loadRows(configuration),
    );
    expect(Array.from(split.train.slice(0, 8))).toEqual(fixture.train_index_first);
    expect(sha256(integers(split.train))).toBe(fixture.train_index_sha256);
    expect(sha256(integers(split.test))).toBe(fixture.test_index_sha256);
    expect(Array.from(scaler.mean)).toEqual(fixture.mean);
    expect(Array.from(scaler.scale)).toEqual(fixture.scale);
    const train = scaleRows(scaler, rawTrain);
    expect(Array.from(train.slice(0, fixture.mean.length))).toEqual(fixture.scaled_train_first);
    expect(sha256(train)).toBe(fixture.scaled_train_sha256);
    expect(sha256(scaleRows(scaler, rawTest))).toBe(fixture.scaled_test_sha256);
  });
});

it.each([
  ['5.1,3.5,1.4,0.2', 'setosa'],
  ['5.1,3.5,,0.2,setosa', 'an empty value'],
  ['5.1,3.5,1.4,0.2,rosa', 'another class'],
  ['5.1,3.5,1.4,0.2,0.3,setosa', 'a value too many'],
])('a line of a table that is not as it should be is named: %s', (line) => {
  const text = `header\n5.1,3.5,1.4,0.2,setosa\n${line}\n`;
  expect(() => parseTable(iris, text)).toThrow(
    'Line 3 of iris.csv has not 4 numbers and one of setosa, versicolor, virginica.',
  );
});
