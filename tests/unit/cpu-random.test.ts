/**
 * Configurations that no fixture holds, drawn at random over the whole schema: one step and twenty
 * epochs of the backend cpu against the reference. The bound is ten times what plain float32 strays in
 * the same configuration, in two orders of summing, plus 1e-6.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend, EpochMetrics } from '../../src/training/backend';
import type { Configuration } from '../../src/training/configuration/fields';
import { prepare } from '../../src/training/prepare';
import { loadDigits } from '../fixtures';
import { configurations } from '../parity/support/configurations';
import { createFloat32Backend } from '../parity/support/float32-engine';
import { CPU_ENGINES } from '../support/cpu-engines';
import { largestDifference } from '../support/numbers';

const digits = loadDigits();
/** The first 140 images, 14 of each digit or so: the reference is slow. */
const FEW = {
  values: digits.values.subarray(0, 140 * digits.features),
  labels: digits.labels.subarray(0, 140),
  count: 140,
  features: digits.features,
};

interface Run {
  readonly step: Float64Array;
  readonly epochs: readonly EpochMetrics[];
}

async function run(backend: Backend, { epochs }: Configuration): Promise<Run> {
  const start = await backend.state();
  await backend.trainBatches(1);
  const step = await backend.parameters();
  await backend.load(start);
  const metrics = await backend.train(epochs);
  backend.dispose();
  return { step, epochs: metrics };
}

const METRICS = ['loss', 'valLoss', 'gradientNorm', 'parameterNorm'] as const;

function distances(a: Run, b: Run): readonly (readonly [string, number])[] {
  const column = ({ epochs }: Run, metric: (typeof METRICS)[number]) =>
    epochs.map((epoch) => epoch[metric] ?? 0);
  return [
    ['step', largestDifference(a.step, b.step)],
    ...METRICS.map(
      (metric) => [metric, largestDifference(column(a, metric), column(b, metric))] as const,
    ),
  ];
}

describe.each([1, 2, 3, 4])('random configurations, slice %i', (seed) => {
  test('train as the reference does', async () => {
    const compare = async (configuration: Configuration) => {
      const { problem } = prepare(configuration, FEW);
      const expected = await run(await createReferenceBackend(problem), configuration);
      const rulers = await Promise.all(
        [false, true].map((reversed) =>
          run(createFloat32Backend(problem, { reversed }), configuration),
        ),
      );
      const strayed = rulers.map((ruler) => distances(ruler, expected));
      for (const [name, open] of Object.entries(CPU_ENGINES)) {
        const actual = await run(await open(problem), configuration);
        for (const [i, [what, distance]] of distances(actual, expected).entries()) {
          const bound = 10 * Math.max(...strayed.map((ruler) => ruler[i][1])) + 1e-6;
          expect(distance, `${name}: ${what}`).toBeLessThan(bound);
        }
        expect(actual.epochs.every(({ finite }) => finite)).toBe(true);
      }
    };
    await fc.assert(
      fc.asyncProperty(configurations({ classes: 10, hiddenLayers: 4, units: 40 }), compare),
      {
        numRuns: 8,
        seed,
        endOnFailure: true,
      },
    );
  }, 120_000);
});
