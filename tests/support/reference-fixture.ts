/** Runs a fixture's configuration on the reference and holds every number against NumPy's. */
import { expect, it } from 'vitest';
import { createReferenceBackend } from '../../src/reference/backend';
import type { EpochMetrics } from '../../src/training/backend';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { isPrinted, printedLine } from '../../src/training/printed-lines';
import { loadDigits, loadFixture } from '../fixtures';
import { largestDifference, relativeDistance } from './numbers';

const HISTORY = [
  ['loss', 'loss'],
  ['accuracy', 'accuracy'],
  ['val_loss', 'valLoss'],
  ['val_accuracy', 'valAccuracy'],
] as const satisfies readonly (readonly [string, keyof EpochMetrics])[];

/**
 * The tests of one fixture.
 *
 * @param bound - for each metric of each epoch, absolute
 */
export function testReference(name: string, bound: number): void {
  it(`${name}: every epoch, the printed lines, the parameters and the outputs`, async () => {
    const fixture = loadFixture(name);
    const configuration = configurationFromJson(fixture.config);
    const { problem } = prepare(configuration, loadDigits());
    const backend = await createReferenceBackend(problem);
    const epochs = await backend.train(configuration.epochs);

    expect(epochs.length).toBe(configuration.epochs);
    for (const [key, metric] of HISTORY) {
      const values = epochs.map((metrics) => metrics[metric]);
      expect(largestDifference(values, fixture.history[key]), key).toBeLessThan(bound);
    }
    const rates = epochs.map((metrics) => metrics.learningRate);
    expect(largestDifference(rates, fixture.history.learning_rate)).toBeLessThan(1e-12);
    expect(epochs.every((metrics) => metrics.finite)).toBe(true);

    const lines = epochs.flatMap((metrics, index) =>
      isPrinted(index + 1, 100) ? [printedLine(index + 1, configuration.epochs, metrics)] : [],
    );
    expect(lines).toEqual(fixture.printed);

    const parameters = await backend.parameters();
    expect(relativeDistance(parameters, fixture.final_parameters.flat())).toBeLessThan(1e-7);

    const { features, count } = problem.test;
    const outputs = await backend.predict(features, count);
    const width = outputs.length / count;
    expect(fixture.test_outputs.length).toBe(width);
    for (const [output, expected] of fixture.test_outputs.entries()) {
      const actual = expected.map((_, sample) => outputs[sample * width + output]);
      expect(largestDifference(actual, expected)).toBeLessThan(1e-9);
    }
  }, 120_000);
}
