/** Runs fixtures' configurations on the reference and holds every number against NumPy's. */
import { expect, it } from 'vitest';
import { createReferenceBackend } from '../../src/reference/backend';
import { finalReport } from '../../src/session/final-report';
import type { EpochMetrics } from '../../src/training/backend';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { isPrinted, printedLine } from '../../src/training/printed-lines';
import { FIXTURE_NAMES, type Fixture, loadDigits, loadFixture } from '../fixtures';
import { largestDifference, relativeDistance } from './numbers';
import { trainedOf } from './quick-fixtures';

const HISTORY = [
  ['loss', 'loss'],
  ['accuracy', 'accuracy'],
  ['val_loss', 'valLoss'],
  ['val_accuracy', 'valAccuracy'],
] as const satisfies readonly (readonly [string, keyof EpochMetrics])[];

/** Names of fixtures that differ in nothing but their number of epochs: one run goes through them all. */
function runsOf(isWanted: (fixture: Fixture) => boolean): readonly (readonly string[])[] {
  const runs = new Map<string, string[]>();
  for (const name of trainedOf(FIXTURE_NAMES)) {
    const fixture = loadFixture(name);
    const key = JSON.stringify({ ...fixture.config, epochs: null });
    if (isWanted(fixture)) runs.set(key, [...(runs.get(key) ?? []), name]);
  }
  const epochsOf = (name: string) => loadFixture(name).history.loss.length;
  return [...runs.values()].map((names) => names.sort((a, b) => epochsOf(a) - epochsOf(b)));
}

/**
 * The tests of the fixtures that are wanted.
 *
 * @param boundOf - for each metric of each epoch of a run, absolute
 */
export function testReference(
  isWanted: (fixture: Fixture) => boolean,
  boundOf: (names: readonly string[]) => number,
): void {
  for (const names of runsOf(isWanted)) {
    it(`${names.join(' and ')}: every epoch, the printed lines, the parameters and the report`, async () => {
      const configurations = names.map((name) => configurationFromJson(loadFixture(name).config));
      const prepared = prepare(configurations[0], loadDigits());
      const backend = await createReferenceBackend(prepared.problem);
      const epochs: EpochMetrics[] = [];
      for (const [i, name] of names.entries()) {
        epochs.push(...(await backend.train(configurations[i].epochs - epochs.length)));
        await compare(loadFixture(name), epochs, boundOf(names));
      }

      async function compare(fixture: Fixture, epochs: readonly EpochMetrics[], bound: number) {
        const total = Number(fixture.config.epochs);
        expect(epochs.length).toBe(total);
        for (const [key, metric] of HISTORY) {
          const values = epochs.map((metrics) => metrics[metric]);
          expect(largestDifference(values, fixture.history[key]), key).toBeLessThan(bound);
        }
        const rates = epochs.map((metrics) => metrics.learningRate);
        expect(largestDifference(rates, fixture.history.learning_rate)).toBeLessThan(1e-12);
        expect(epochs.every((metrics) => metrics.finite)).toBe(true);

        const lines = epochs.flatMap((metrics, index) =>
          isPrinted(index + 1, 100) ? [printedLine(index + 1, total, metrics)] : [],
        );
        expect(lines).toEqual(fixture.printed);

        const parameters = await backend.parameters();
        expect(relativeDistance(parameters, fixture.final_parameters.flat())).toBeLessThan(1e-7);

        const { document } = await finalReport(backend, prepared);
        expect(document.predictions).toEqual(fixture.predictions);
        expect(document.sample_indices).toEqual(fixture.sample_indices);
        expect(document.confusion_matrix).toEqual(fixture.confusion_matrix);
        expect(document.classification_report).toBe(fixture.classification_report);
        expect(document.accuracy).toBe(fixture.history.val_accuracy.at(-1));
        expect(Math.abs(document.loss - fixture.history.val_loss[total - 1])).toBeLessThan(1e-9);
        expect(document.test_outputs.length).toBe(fixture.test_outputs.length);
        for (const [output, expected] of fixture.test_outputs.entries()) {
          expect(largestDifference(document.test_outputs[output], expected)).toBeLessThan(1e-9);
        }
      }
    }, 120_000);
  }
}
