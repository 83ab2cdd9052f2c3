/** The growth of the time with samples, width and depth: the fit on exact powers, the workloads, the report. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContenderName } from '../../src/bench/contenders';
import { growthCurves, growthSentence } from '../../src/bench/growth';
import { type BenchResult, toDocument } from '../../src/bench/results';
import { runWorkloads } from '../../src/bench/run';
import { benchReport } from '../../src/cli/bench-report';
import type { ContenderResult, WorkloadResult } from '../../src/comparison/contender-result';
import { GROWTH, GROWTH_AXES, growthWorkload } from '../../src/comparison/growth-workloads';
import { lossBound } from '../../src/comparison/loss-bound';
import { fitExponent, upperHalf } from '../../src/comparison/power-law';
import { type GrowthAxis, operationsOf } from '../../src/comparison/workload';
import { createCpuBackend } from '../../src/cpu/backend';
import { commonActivation, layersOf, outputOf, widthsOf } from '../../src/model/network-spec';
import type { Problem } from '../../src/training/backend';
import { StepSequence } from '../../src/training/steps';

describe('the fit', () => {
  test('finds the power of an exact power law', () => {
    const powers = fc.double({ min: -3, max: 3, noNaN: true });
    const factors = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(powers, factors, sizes, (power, factor, all) => {
        const points = all.map((size) => ({ size, value: factor * size ** power }));
        expect(fitExponent(points)).toBeCloseTo(power, 6);
      }),
      { seed: 1 },
    );
  });

  test('is that of the least squares of the logarithms', () => {
    // At log sizes 0, 1 and 2 the log values 0, 3 and 3: the slope is (3 - 0) / 2.
    const points = [0, 3, 3].map((log, i) => ({ size: Math.exp(i), value: Math.exp(log) }));
    expect(fitExponent(points)).toBeCloseTo(1.5, 12);
  });

  test('needs two sizes', () => {
    expect(fitExponent([])).toBeNull();
    expect(fitExponent([{ size: 3, value: 2 }])).toBeNull();
    const same = { size: 3, value: 2 };
    expect(fitExponent([same, { ...same, value: 5 }])).toBeNull();
  });

  test('of the upper half leaves out what every size costs alike', () => {
    const points = [1, 2, 4, 8, 16, 32, 64].map((size) => ({ size, value: 10 + size ** 2 }));
    expect(upperHalf([...points].reverse()).map(({ size }) => size)).toEqual([8, 16, 32, 64]);
    const [overall, upper] = [fitExponent(points), fitExponent(upperHalf(points))];
    expect(upper).toBeGreaterThan(1.9);
    expect(overall).toBeLessThan(1.5);
  });
});

describe('the workloads', () => {
  test('grow along their own axis only', () => {
    const shapes = (axis: GrowthAxis) =>
      [2, 16].map((size) => {
        const { spec, train, hyperparameters } = growthWorkload(axis, size).problem();
        expect(new StepSequence(hyperparameters, train.count).batchesPerEpoch).toBe(1);
        return `${widthsOf(spec).join('→')}, ${commonActivation(spec)}, ${outputOf(spec)}, ${train.count}`;
      });
    const sixteen = Array.from({ length: 16 }, () => 64).join('→');
    expect(GROWTH_AXES.map(shapes)).toEqual([
      ['64→16→8→1, sigmoid, sigmoid, 2', '64→16→8→1, sigmoid, sigmoid, 16'],
      ['2→2→2→10, relu, softmax, 256', '16→16→16→10, relu, softmax, 256'],
      ['64→64→64→10, relu, softmax, 256', `64→${sixteen}→10, relu, softmax, 256`],
    ]);
  });

  test('count two operations for each multiply-add of the step', () => {
    const { operations, growth, problem } = growthWorkload('depth', 3);
    const multiplyAdds = layersOf(problem().spec).reduce(
      (sum, { index, inputs, outputs }) => sum + 256 * inputs * outputs * (index === 1 ? 2 : 3),
      0,
    );
    expect(operations).toBe(2 * multiplyAdds);
    expect(growth).toEqual({ axis: 'depth', size: 3, operations });
  });

  test('go as far as the lists say, and the quick ones are fewer', () => {
    expect([GROWTH.samples.full[0], GROWTH.samples.full.at(-1)]).toEqual([144, 9216]);
    expect([GROWTH.width.full[0], GROWTH.width.full.at(-1)]).toEqual([16, 1024]);
    expect([GROWTH.depth.full[0], GROWTH.depth.full.at(-1)]).toEqual([1, 8]);
    for (const axis of GROWTH_AXES) {
      expect(GROWTH[axis].quick.length).toBeLessThan(GROWTH[axis].full.length);
      // So that the upper half has a power.
      expect(GROWTH[axis].quick.length).toBeGreaterThanOrEqual(3);
    }
  });

  test.each([
    growthWorkload('samples', 144),
    growthWorkload('samples', 9216),
    growthWorkload('width', 16),
    growthWorkload('depth', 1),
    growthWorkload('depth', 8),
  ])(
    'the check of $name tells training from standing still',
    async ({ problem, checkedEpochs }) => {
      const given = problem();
      // In float32, which is right to one bound; twenty are asked for.
      const trained = await createCpuBackend(given);
      // The first loss is that of the initial parameters.
      const losses = (await trained.train(checkedEpochs)).map(({ loss }) => loss);
      const moved = Math.abs(losses[0] - losses[checkedEpochs - 1]);
      expect(moved).toBeGreaterThan(20 * lossBound(losses[0], given.train.count));
    },
  );
});

function timed(name: ContenderName, median: number): ContenderResult {
  const check = 'ok (losses at most 1.0e-7 from reference)';
  return { name, median_ms: median, min_ms: median / 2, max_ms: median * 2, rounds: 5, check };
}

const DECLINED: ContenderResult = {
  ...timed('webgpu-layered', 1),
  ...{ median_ms: null, min_ms: null, max_ms: null, rounds: 0, check: 'failed: no memory' },
};

/** A point whose contenders take these times. */
function point(axis: GrowthAxis, size: number, ...contenders: ContenderResult[]): WorkloadResult {
  const { name, title, unit, growth } = growthWorkload(axis, size);
  return { name, title, unit, contenders, growth };
}

const SAMPLES = [100, 200, 400, 800, 1600];
const RESULT: BenchResult = {
  machine: { cores: 2, os: 'Linux', user_agent: 'A browser', cross_origin_isolated: true },
  adapter: null,
  workloads: [
    ...SAMPLES.map((size) =>
      point('samples', size, timed('webgpu-layered', 5 + size / 100), timed('cpu', size / 200)),
    ),
    point('width', 16, timed('webgpu-layered', 3), timed('cpu', 0.25)),
    point('width', 64, DECLINED, timed('cpu', 4)),
    point('width', 256, timed('webgpu-layered', 7), timed('cpu', 64)),
  ],
  skipped: [],
};

describe('the curves', () => {
  const curves = growthCurves(RESULT.workloads);

  test('are by axis and contender, with every point', () => {
    expect(curves.map(({ axis, contender }) => [axis, contender])).toEqual([
      ['samples', 'webgpu-layered'],
      ['samples', 'cpu'],
      ['width', 'webgpu-layered'],
      ['width', 'cpu'],
    ]);
    for (const { points, axis } of curves) {
      expect(points.map(({ size }) => size)).toEqual(axis === 'samples' ? SAMPLES : [16, 64, 256]);
    }
    const { name: _, ...times } = DECLINED;
    expect(curves[2].points[1]).toEqual({ size: 64, ...times });
  });

  test('have the power of an exact law, and of their upper half', () => {
    const cpu = curves[1];
    expect(cpu.exponent).toBeCloseTo(1, 12);
    expect(cpu.overall_exponent).toBeCloseTo(1, 12);
    expect(cpu.operations_exponent).toBeCloseTo(1, 12);
    expect(cpu.exponent_from_size).toBe(400);
    expect(curves[3].exponent).toBeCloseTo(2, 12);
    const [webgpu] = curves;
    const upper = [400, 800, 1600].map((size) => ({ size, value: 5 + size / 100 }));
    expect(webgpu.exponent).toBe(fitExponent(upper));
    expect(webgpu.exponent).toBeGreaterThan(webgpu.overall_exponent ?? Number.NaN);
  });

  test('have no power with too few times, and then no sentence', () => {
    expect(curves[2]).toMatchObject({ exponent: null, exponent_from_size: null });
    expect(growthSentence(curves[2])).toBeUndefined();
    expect(growthCurves([])).toEqual([]);
  });

  test('are told in a sentence', () => {
    expect(growthSentence(curves[1])).toBe(
      'From 400 samples on, the time of an epoch on cpu grows with the power 1.00 of the number of samples; over all sizes 1.00, and by the operations alone it would be 1.00.',
    );
    expect(growthSentence(curves[3])).toMatch(
      /^From width 64 on, .* on cpu grows with the power 2\.00 of the width; over all sizes 2\.00, /,
    );
  });
});

test('the document has the curves, and their points are not among its workloads', () => {
  const document = toDocument(RESULT);
  expect(document.workloads).toEqual([]);
  expect(document.growth).toEqual(growthCurves(RESULT.workloads));
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  expect(toDocument({ ...RESULT, workloads: [] })).not.toHaveProperty('growth');
});

test('the report has a table for each axis, and the sentences below it', () => {
  const lines = benchReport(RESULT).split('\n');
  const at = lines.findIndex((line) =>
    line.startsWith('growth with width, ms per epoch, medians:'),
  );
  expect(lines.slice(at + 1, at + 6)).toEqual([
    'width  webgpu-layered    cpu  check',
    '16               3.00  0.250  ok',
    '64                  –   4.00  webgpu-layered failed: no memory',
    '256              7.00   64.0  ok',
    growthSentence(growthCurves(RESULT.workloads)[3]),
  ]);
  expect(lines.some((line) => line.startsWith('1,600  '))).toBe(true);
  expect(lines.filter((line) => line.startsWith('From '))).toHaveLength(3);
});

/** A quick run of the growth on a clock of its own, and who was asked to take part. */
async function pretendGrowth(msOf: (operations: number) => number) {
  let time = 0;
  const asked = new Map<ContenderName, object>();
  const { workloads, skipped } = await runWorkloads(
    { workloads: ['growth'], quick: true },
    {
      digits: { values: new Uint8Array(), labels: new Uint8Array(), count: 0, features: 64 },
      now: () => time,
      contender: (name) => {
        const contender = {
          name,
          prepare: async ({ spec, train }: Problem) => ({
            train: async (epochs: number) => {
              time += epochs * msOf(operationsOf(widthsOf(spec), train.count));
            },
            losses: async (epochs: number) => Array.from({ length: epochs }, () => 1),
            dispose: () => {},
          }),
        };
        asked.set(name, contender);
        return contender;
      },
    },
  );
  return { workloads, skipped, asked };
}

test('a run measures every size, with the reference at the small ones', async () => {
  const { workloads, skipped, asked } = await pretendGrowth(() => 1);
  expect(skipped).toEqual([]);
  expect([...asked.keys()]).toEqual(['webgpu-layered', 'cpu', 'reference']);
  const places = GROWTH_AXES.flatMap((axis) => GROWTH[axis].quick.map((size) => ({ axis, size })));
  expect(workloads.map(({ growth }) => growth)).toMatchObject(places);
  const names = (axis: GrowthAxis, size: number) =>
    workloads
      .find(({ growth }) => growth?.axis === axis && growth.size === size)
      ?.contenders.map(({ name }) => name);
  expect(names('width', 64)).toEqual(['webgpu-layered', 'cpu', 'reference']);
  expect(names('width', 512)).toEqual(['webgpu-layered', 'cpu']);
});

test('a run leaves out what would take too long, says so, and has the powers of what it measured', async () => {
  const { workloads, skipped } = await pretendGrowth((operations) => 2e-6 * operations);
  expect(skipped).toEqual(['growth-width-512: about 1.4 s a step']);
  const curves = growthCurves(workloads);
  expect(curves).toHaveLength(9);
  for (const { axis, contender, points, exponent, operations_exponent: operations } of curves) {
    const curve = `${contender} along ${axis}`;
    const sizes = GROWTH[axis].quick.filter((size) => axis !== 'width' || size < 512);
    expect(
      points.map(({ size }) => size),
      curve,
    ).toEqual(sizes);
    expect(exponent, curve).toBeCloseTo(operations ?? Number.NaN, 12);
    for (const [i, { median_ms }] of points.entries()) {
      if (i > 0) expect(median_ms, curve).toBeGreaterThan(points[i - 1].median_ms ?? Number.NaN);
    }
  }
});
