/** The fixtures on WebGPU, every epoch, within ten times what NumPy's own float32 strays. */
import { afterAll, describe, expect, it } from 'vitest';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { isPrinted, printedLine } from '../../src/training/printed-lines';
import { relativeDistance } from '../support/numbers';
import { trainedOf } from '../support/quick-fixtures';
import { epochsOfFixture, historyDifference, sharedDevice, withWebGpu } from './support/open';
import { DIGITS, FIXTURE_NAMES, loadFixture } from './support/problems';

const device = sharedDevice();

/** A row of the table that the suite prints at its end. */
const table: string[][] = [];

const scientific = (value: number) => (value === 0 ? '0' : value.toExponential(1));

describe('fixtures', () => {
  it('are sixteen', () => {
    expect(FIXTURE_NAMES.length).toBe(16);
  });

  it.each(trainedOf(FIXTURE_NAMES))(
    '%s',
    async (name) => {
      const fixture = await loadFixture(name);
      const configuration = configurationFromJson(fixture.config);
      const { problem } = prepare(configuration, DIGITS);
      await withWebGpu(device(), problem, async (backend) => {
        const epochs = await backend.train(configuration.epochs);
        const difference = historyDifference(epochs, epochsOfFixture(fixture.history));
        const distance = relativeDistance(
          await backend.parameters(),
          fixture.final_parameters.flat(),
        );
        const bounds = {
          loss: 10 * fixture.float32_deviation.loss + 1e-6,
          valLoss: 10 * fixture.float32_deviation.val_loss + 1e-6,
        };
        const wrong = difference.accuracy * fixture.train_size;
        const valWrong = difference.valAccuracy * fixture.test_size;
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

        expect(difference.loss).toBeLessThan(bounds.loss);
        expect(difference.valLoss).toBeLessThan(bounds.valLoss);
        // A thousandth for the rounding of the shares themselves.
        expect(wrong).toBeLessThan(1.001);
        expect(valWrong).toBeLessThan(1.001);
        expect(difference.learningRate).toBeLessThan(1e-12);
        expect(epochs.every(({ finite }) => finite)).toBe(true);
        const lines = epochs.flatMap((metrics, i) =>
          isPrinted(i + 1, 100) ? [printedLine(i + 1, configuration.epochs, metrics)] : [],
        );
        expect(lines).toEqual(fixture.printed);
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
