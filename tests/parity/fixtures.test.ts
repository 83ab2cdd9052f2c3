/** The fixtures on WebGPU, every epoch, within ten times what NumPy's own float32 strays. */
import { afterAll, describe, expect, inject, it } from 'vitest';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { expectFixture } from '../support/expect-fixture';
import { compareWithFixture } from '../support/histories';
import { relativeDistance } from '../support/numbers';
import { trainedOf } from '../support/quick-fixtures';
import { sharedDevice, withWebGpu } from './support/open';
import { DIGITS, FIXTURE_NAMES, loadFixture } from './support/problems';

const device = sharedDevice();

/** The notebook has tests of its own, on every schedule: notebook.test.ts. */
const TRAINED = trainedOf(FIXTURE_NAMES).filter(
  (name) => inject('thorough') || name !== 'notebook',
);

/** A row of the table that the suite prints at its end. */
const table: string[][] = [];

const scientific = (value: number) => (value === 0 ? '0' : value.toExponential(1));

describe('fixtures', () => {
  it('are sixteen', () => {
    expect(FIXTURE_NAMES.length).toBe(16);
  });

  it.each(TRAINED)(
    '%s',
    async (name) => {
      const fixture = await loadFixture(name);
      const configuration = configurationFromJson(fixture.config);
      const { problem } = prepare(configuration, DIGITS);
      await withWebGpu(device(), problem, async (backend) => {
        const epochs = await backend.train(configuration.epochs);
        const comparison = compareWithFixture(fixture, configuration, epochs);
        const { difference, bounds, wrong, valWrong } = comparison;
        const distance = relativeDistance(
          await backend.parameters(),
          fixture.final_parameters.flat(),
        );
        table.push([
          name,
          scientific(difference.loss),
          scientific(bounds.loss),
          scientific(difference.valLoss),
          scientific(bounds.valLoss),
          wrong.toFixed(0),
          valWrong.toFixed(0),
          scientific(distance),
        ]);

        expectFixture(fixture, comparison);
      });
    },
    180_000,
  );

  afterAll(() => {
    const heads = [
      'WebGPU against NumPy, worst epoch',
      'loss',
      'bound',
      'val_loss',
      'bound',
      'samples',
      'val',
      'parameters',
    ];
    const rows = [heads, ...table];
    const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    const line = (row: readonly string[]) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
        )
        .join('  ');
    console.log(`${device().info.adapter}\n${rows.map(line).join('\n')}`);
  });
});
