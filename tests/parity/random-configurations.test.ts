/**
 * Configurations that no fixture holds, drawn at random over the whole schema: one step and twenty
 * epochs on WebGPU and on the cpu against the reference. What may differ is measured, not guessed: plain float32
 * loops run the same configuration, and ten times their distance from the reference, plus 1e-6, is
 * the bound, as in the fixtures. `npm test` tries half of the first slices, `npm run test:slow` all of them, and
 * with `SHADERPROP_LONG=1` each slice of convolutions has more.
 */
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { planMemory } from '../../src/cpu/memory-plan';
import type { ScheduleKind } from '../../src/gpu/plan/choices';
import type { AcquiredDevice } from '../../src/gpu/runtime/device';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Backend, EpochMetrics, Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { BackendUnavailableError } from '../../src/training/errors';
import { prepare } from '../../src/training/prepare';
import { CPU_ENGINES } from '../support/cpu-engines';
import { historyDifference } from '../support/histories';
import { largestDifference } from '../support/numbers';
import { configurations, convolutions } from './support/configurations';
import { createFloat32Backend } from './support/float32-engine';
import { sharedDevice, withEachCandidate, withWebGpu } from './support/open';
import { fewDigits } from './support/problems';

const device = sharedDevice();
const digits = fewDigits(14);

/** The device with its own defaults for half of the configurations, with those of a card for the others. */
function deviceFor({ seed }: Configuration): AcquiredDevice {
  const own = device();
  return seed % 2 === 0 ? own : { ...own, info: { ...own.info, deviceClass: 'discrete' } };
}

interface Run {
  readonly step: Float64Array;
  readonly epochs: readonly EpochMetrics[];
}

/** One batch, then all epochs from the beginning. */
async function run(backend: Backend, { epochs }: Configuration): Promise<Run> {
  const start = await backend.state();
  await backend.trainBatches(1);
  const step = await backend.parameters();
  await backend.load(start);
  return { step, epochs: await backend.train(epochs) };
}

/** What float32 strays from float64 in this problem, by sums in both directions. */
function float32Runs(problem: Problem, configuration: Configuration): Promise<Run[]> {
  return Promise.all(
    [false, true].map((reversed) =>
      run(createFloat32Backend(problem, { reversed }), configuration),
    ),
  );
}

const bound = (deviations: readonly number[]) => 10 * Math.max(...deviations) + 1e-6;
const norm = (metric: 'gradientNorm' | 'parameterNorm') => (epochs: readonly EpochMetrics[]) =>
  epochs.map((metrics) => metrics[metric] ?? Number.NaN);

async function compare(configuration: Configuration, schedule: ScheduleKind): Promise<void> {
  const { problem } = prepare(configuration, digits);
  const expected = await run(await createReferenceBackend(problem), configuration);
  const rulers = await float32Runs(problem, configuration);
  const actual = await withWebGpu(
    deviceFor(configuration),
    problem,
    (backend) => run(backend, configuration),
    schedule,
  );
  expectWithin(problem, actual, expected, rulers);
  if (cpuTakes(problem)) await compareCpu(problem, configuration, expected, rulers);
}

/** The backend cpu, for the instructions that every WebAssembly with SIMD has and for those of new ones. */
async function compareCpu(
  problem: Problem,
  configuration: Configuration,
  expected: Run,
  rulers: readonly Run[],
): Promise<void> {
  for (const [name, open] of Object.entries(CPU_ENGINES)) {
    const backend = await open(problem);
    expectWithin(problem, await run(backend, configuration), expected, rulers, name);
    backend.dispose();
  }
}

/** True where the backend cpu has kernels for every layer's kind. */
function cpuTakes(problem: Problem): boolean {
  try {
    planMemory(problem);
    return true;
  } catch (error) {
    if (error instanceof BackendUnavailableError) return false;
    throw error;
  }
}

/** Every plan that the tuner may choose, but for the layered ones. */
async function compareCandidates(configuration: Configuration): Promise<void> {
  const { problem } = prepare(configuration, digits);
  const expected = await run(await createReferenceBackend(problem), configuration);
  const rulers = await float32Runs(problem, configuration);
  await withEachCandidate(deviceFor(configuration), problem, async (backend, name) => {
    if (name === 'layered') return;
    expectWithin(problem, await run(backend, configuration), expected, rulers, name);
  });
}

function expectWithin(
  problem: Problem,
  actual: Run,
  expected: Run,
  rulers: readonly Run[],
  name = '',
): void {
  const stepBound = bound(rulers.map(({ step }) => largestDifference(step, expected.step)));
  expect(largestDifference(actual.step, expected.step), `${name} step`).toBeLessThan(stepBound);

  const difference = historyDifference(actual.epochs, expected.epochs);
  const deviations = rulers.map(({ epochs }) => historyDifference(epochs, expected.epochs));
  for (const metric of ['loss', 'valLoss'] as const) {
    const limit = bound(deviations.map((deviation) => deviation[metric]));
    expect(difference[metric], `${name} ${metric}`).toBeLessThan(limit);
  }
  for (const [metric, { count }] of [
    ['accuracy', problem.train],
    ['valAccuracy', problem.test],
  ] as const) {
    const limit = 10 * Math.max(...deviations.map((deviation) => deviation[metric]));
    expect(difference[metric], `${name} ${metric}`).toBeLessThan(limit + 1.001 / count);
  }
  if (problem.hyperparameters.norms) {
    for (const metric of ['gradientNorm', 'parameterNorm'] as const) {
      const of = norm(metric);
      const exact = of(expected.epochs);
      const limit = bound(rulers.map(({ epochs }) => largestDifference(of(epochs), exact)));
      const distance = largestDifference(of(actual.epochs), exact);
      expect(distance, `${name} ${metric}`).toBeLessThan(limit);
    }
  }
  expect(difference.learningRate).toBe(0);
  expect(actual.epochs.every(({ finite }) => finite)).toBe(true);
}

/** Draws `count` configurations and compares each. */
function testSlice(
  schedule: ScheduleKind,
  drawn: fc.Arbitrary<Configuration>,
  count: number,
  seed: number,
): Promise<void> {
  const property = fc.asyncProperty(drawn, (configuration) => compare(configuration, schedule));
  return fc.assert(property, { numRuns: count, seed, endOnFailure: true });
}

/** How many of a slice: all, or half of them. */
function most(count: number): number {
  return inject('thorough') ? count : Math.ceil(count / 2);
}

/** In slices, so that a failure names its own and none runs for minutes: the first ones, or all. */
function slices(all: readonly number[], first: number): readonly number[] {
  return inject('thorough') ? all : all.slice(0, first);
}

describe('random configurations, layered', () => {
  it.each(slices([1, 2, 3, 4, 5, 6], 1))(
    'slice %i',
    async (seed) => {
      const drawn = configurations({ classes: 10, hiddenLayers: 4, units: 40, kinds: true });
      await testSlice('layered', drawn, most(8), seed);
    },
    120_000,
  );
});

describe('random convolutions', () => {
  it.each(slices(inject('long') ? [41, 42, 43, 44, 45, 46, 47, 48] : [41, 42, 43, 44], 1))(
    'slice %i',
    (seed) => testSlice('layered', convolutions(), inject('long') ? 8 : most(3), seed),
    180_000,
  );
});

/**
 * The schedules that take a sample through the whole network at once hold small ones only, and their
 * kernels grow with the network, so these are smaller still: a software adapter compiles slowly.
 */
describe('random configurations, small', () => {
  it.each(slices([11, 12], 1))(
    'sample-parallel, slice %i',
    async (seed) => {
      const drawn = configurations({ classes: 5, hiddenLayers: 3, units: 6 });
      await testSlice('sample-parallel', drawn, most(6), seed);
    },
    120_000,
  );

  it.each(slices([21, 22], 1))(
    'persistent, slice %i',
    async (seed) => {
      const drawn = configurations({ classes: 3, hiddenLayers: 2, units: 5 });
      // This schedule has no norms.
      const withoutNorms = drawn.map((configuration) => ({ ...configuration, norms: false }));
      await testSlice('persistent', withoutNorms, most(4), seed);
    },
    120_000,
  );

  it('persistent, ten classes: the largest that it is asked for', async () => {
    const configuration = checkConfiguration({
      classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      hidden: [32],
      batchSize: 300,
      optimizer: 'adam',
      learningRate: 0.01,
      epochs: 5,
    });
    await compare(configuration, 'persistent');
  }, 120_000);

  it.each(slices([31, 32, 33, 34], 0))(
    'every candidate of the tuner, slice %i',
    async (seed) => {
      const drawn = configurations({ classes: 4, hiddenLayers: 2, units: 18 });
      const property = fc.asyncProperty(drawn, compareCandidates);
      await fc.assert(property, { numRuns: 1, seed, endOnFailure: true });
    },
    120_000,
  );
});
