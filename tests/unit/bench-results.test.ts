/** The benchmark's document, its table and its sentence; and the command line around them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ContenderName } from '../../src/bench/contenders';
import { sweepPoints, sweepSentence } from '../../src/bench/crossover';
import { type BenchResult, describeAdapter, toDocument } from '../../src/bench/results';
import { sweepPicture } from '../../src/bench/sweep-picture';
import { formatMilliseconds, formatRatio, ratiosToWebGpu } from '../../src/bench/tables';
import { WORKLOAD_NAMES } from '../../src/bench/workloads';
import { main } from '../../src/cli/bench';
import { benchReport } from '../../src/cli/bench-report';
import type { ContenderResult, WorkloadResult } from '../../src/comparison/contender-result';
import { RefusedError } from '../../src/comparison/refusal';
import { outcomeOf, resultOf } from '../../src/session/page-outcome';
import { InvalidInputError } from '../../src/training/errors';

function timed(name: ContenderName, median: number): ContenderResult {
  const spread = { median_ms: median, min_ms: median / 2, max_ms: median * 2 };
  return { name, ...spread, rounds: 5, check: 'ok (losses at most 1.0e-7 from reference)' };
}

function point(width: number, batch: number, webgpu: number, cpu: number): WorkloadResult {
  const name = `sweep-${width}x${batch}`;
  const contenders = [timed('webgpu', webgpu), timed('cpu', cpu)];
  return { name, title: name, unit: 'ms per step', contenders, width, batch };
}

const DECLINED: ContenderResult = {
  name: 'webgpu-persistent',
  median_ms: null,
  min_ms: null,
  max_ms: null,
  rounds: 0,
  check: 'declined: too wide',
};

const RESULT: BenchResult = {
  machine: { cores: 2, os: 'Linux', user_agent: 'A browser', cross_origin_isolated: true },
  adapter: { description: 'google swiftshader (software adapter)', isSoftware: true },
  workloads: [
    {
      name: 'notebook',
      title: 'a title',
      unit: 'ms per epoch',
      contenders: [
        { ...timed('webgpu', 2), note: 'schedule persistent' },
        DECLINED,
        timed('jax-js-webgpu', 25),
      ],
    },
    point(16, 32, 2, 1),
    point(64, 32, 2, 3),
  ],
  skipped: ['sweep-256x32: about 9.0 s a step'],
};

test('the document has exactly its keys', () => {
  const document = toDocument(RESULT);
  expect(Object.keys(document)).toEqual(['machine', 'adapter', 'workloads']);
  expect(document.workloads.map((workload) => Object.keys(workload))).toEqual(
    Array.from({ length: 3 }, () => ['name', 'unit', 'contenders']),
  );
  for (const contender of document.workloads.flatMap(({ contenders }) => contenders)) {
    expect(Object.keys(contender)).toEqual([
      ...['name', 'median_ms', 'min_ms', 'max_ms', 'rounds', 'check'],
    ]);
  }
  expect(document.adapter).toMatch(/software adapter\).*not a GPU/);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});

test('the adapter is named as what it is', () => {
  expect(describeAdapter(null)).toBe('none');
  expect(describeAdapter({ description: 'apple m4', isSoftware: false })).toBe('apple m4');
});

test('ratios are times over webgpu’s, where both are known', () => {
  expect(ratiosToWebGpu(RESULT.workloads[0])).toEqual([1, null, 12.5]);
  const [, ...others] = RESULT.workloads[0].contenders;
  expect(ratiosToWebGpu({ ...RESULT.workloads[0], contenders: others })).toEqual([null, null]);
});

test('times and ratios have three digits', () => {
  const times = [null, 0.01234, 0.1234, 1.234, 12.34, 123.4, 4321.4].map(formatMilliseconds);
  expect(times).toEqual(['–', '0.0123', '0.123', '1.23', '12.3', '123', '4321']);
  expect([null, 0.5, 12.345, 123.4].map(formatRatio)).toEqual(['–', '0.500×', '12.3×', '123×']);
});

describe('the sweep’s sentence', () => {
  const sentenceOf = (workloads: readonly WorkloadResult[], isSoftware = false) =>
    sweepSentence({ adapter: { description: 'x', isSoftware }, workloads });

  test('needs both times', () => {
    const { contenders, ...rest } = point(16, 32, 1, 2);
    const alone = { ...rest, contenders: [contenders[0]] };
    expect(sweepPoints([alone])).toEqual([]);
    expect(sentenceOf([alone])).toBeUndefined();
  });

  test('is about the sweep’s sizes, and knows the adapter', () => {
    const workloads = [...RESULT.workloads.slice(0, 1), point(16, 32, 2, 1), point(256, 32, 1, 2)];
    expect(sweepPoints(workloads)).toHaveLength(2);
    expect(sentenceOf(workloads)).toBe('On this machine the GPU passes the CPU from width 256 on.');
    expect(sentenceOf(workloads, true)).toMatch(/software adapter, which is no GPU, passes/);
  });
});

test('the report has machine, adapter, tables, what was left out, and the sentence', () => {
  const report = benchReport(RESULT);
  expect(report).toContain('Machine: Linux, 2 logical processors\nBrowser: A browser\n');
  expect(report).toContain('WebGPU adapter: google swiftshader (software adapter): the CPU');
  const lines = report.split('\n');
  const tableAt = lines.findIndex((line) => line.startsWith('notebook, ms per epoch: a title'));
  expect(lines.slice(tableAt + 1, tableAt + 5)).toEqual([
    'contender          median  least  most  rounds  to webgpu  check',
    'webgpu               2.00   1.00  4.00       5      1.00×  ok (losses at most 1.0e-7 from reference); schedule persistent',
    'webgpu-persistent       –      –     –       0          –  declined: too wide',
    'jax-js-webgpu        25.0   12.5  50.0       5      12.5×  ok (losses at most 1.0e-7 from reference)',
  ]);
  expect(lines).toContain('sweep-16x32             2.00  1.00  ok');
  expect(lines).toContain('Left out: sweep-256x32: about 9.0 s a step');
  expect(report).toMatch(/passes the CPU from width 64 on\.\n$/);
});

describe('where WebGPU’s time goes', () => {
  const split = {
    ...{ kernels_ms: 1.25, launch_ms: 0.25, readback_ms: 0.5, floor_ms: 0.09 },
    ...{ operations: 1.58e6, bytes: 103_000, operations_per_s: 19.2e9, bytes_per_s: 1.14e9 },
  };
  const withSplit = (own: ContenderResult['split'], isSoftware = true): BenchResult => ({
    ...RESULT,
    adapter: { description: 'an adapter', isSoftware },
    workloads: RESULT.workloads.map((workload) => ({
      ...workload,
      contenders: workload.contenders.map((contender) =>
        contender.name === 'webgpu' && own !== undefined ? { ...contender, split: own } : contender,
      ),
    })),
  });

  test('stands in a table of its own, beside the floor, and says whose it is', () => {
    const report = benchReport(withSplit(split));
    const lines = report.split('\n');
    const at = lines.indexOf('notebook, where the time goes, ms per epoch');
    expect(lines.slice(at + 1, at + 3)).toEqual([
      'contender  kernels  launch  readback   floor  floor to median',
      'webgpu        1.25   0.250     0.500  0.0900  4.5 %',
    ]);
    expect(report).toContain(
      'The floor is 1.58 MFLOP at 19.2 GFLOP/s or 103 kB at 1.14 GB/s, whichever takes longer; these rates are the most that two small kernels reach on this software adapter: they are the CPU’s that emulates it, and no GPU’s.',
    );
    expect(benchReport(withSplit(split, false))).toMatch(
      /two small kernels reach on this adapter\.\n/,
    );
  });

  test('is in the document', () => {
    const [webgpu, other] = toDocument(withSplit(split)).workloads[0].contenders;
    expect(webgpu.split).toEqual(split);
    expect(Object.keys(other)).not.toContain('split');
  });

  test('is said not to be known where the device has no clock', () => {
    const report = benchReport(withSplit({ obstacle: 'failed: no timestamp queries' }));
    expect(report).toContain(
      'Where WebGPU’s time goes is not known: failed: no timestamp queries.\n',
    );
    expect(report).not.toContain('where the time goes');
    expect(benchReport(RESULT)).not.toMatch(/where the time goes|floor/i);
  });
});

describe('npm run bench', () => {
  const run = (...args: string[]) => runWith(RESULT, ...args);

  async function runWith(result: BenchResult, ...args: string[]) {
    const printed: string[] = [];
    const warned: string[] = [];
    const asked: unknown[] = [];
    const status = await main(
      args,
      { print: (text) => printed.push(text), warn: (text) => warned.push(text) },
      async ({ workloads, quick }, onProgress) => {
        asked.push({ workloads, quick });
        onProgress('measuring');
        return result;
      },
    );
    return { status, printed, warned, asked };
  }

  test('--json prints one document, and progress elsewhere', async () => {
    const { status, printed, warned, asked } = await run('--json', '--only', 'image,notebook');
    expect(status).toBe(0);
    expect(printed).toHaveLength(1);
    expect(JSON.parse(printed[0])).toEqual(toDocument(RESULT));
    expect(warned).toEqual(['measuring']);
    expect(asked).toEqual([{ workloads: ['notebook', 'image'], quick: false }]);
  });

  test('--picture writes the sweep as SVG, and is refused where there is none, or no place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shaderprop-picture-'));
    try {
      const file = join(folder, 'sweep.svg');
      expect((await run('--picture', file)).status).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(sweepPicture(RESULT));
      const without = await run('--picture', file, '--only', 'notebook');
      expect(without).toMatchObject({ status: 2, asked: [] });
      expect(without.warned).toEqual([expect.stringMatching(/^bench: --picture has no effect/)]);
      const untimed = await runWith({ ...RESULT, workloads: [] }, '--picture', file);
      expect(untimed).toMatchObject({ status: 0, warned: ['measuring', expect.any(String)] });
      expect(untimed.warned[1]).toMatch(/^bench: no picture/);
      // What was there is left.
      expect(readFileSync(file, 'utf8')).toBe(sweepPicture(RESULT));
      const nowhere = await run('--picture', join(folder, 'no', 'sweep.svg'));
      expect(nowhere).toMatchObject({ status: 2, asked: [] });
      expect(nowhere.warned).toEqual([
        expect.stringMatching(/ cannot be written: there is no such folder$/),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('measures everything by default and prints the report', async () => {
    const { printed, asked } = await run('--quick');
    expect(asked).toEqual([{ workloads: [...WORKLOAD_NAMES], quick: true }]);
    expect(printed).toEqual([`\n${benchReport(RESULT)}`]);
  });

  test.each([['--only', 'cats'], ['--only', ''], ['--only'], ['--fast'], ['notebook']])(
    '%s %s runs nothing and gives one line and status 2',
    async (...args) => {
      const given = args.filter((arg) => arg !== undefined);
      const { status, printed, warned, asked } = await run(...given);
      expect({ status, printed, asked }).toEqual({ status: 2, printed: [], asked: [] });
      expect(warned).toHaveLength(1);
      expect(warned[0]).toContain(args[0]);
      expect(warned[0]).not.toContain('\n');
    },
  );

  test('--help prints the flags', async () => {
    const { status, printed, asked } = await run('--help');
    expect({ status, asked }).toEqual({ status: 0, asked: [] });
    expect(printed.join()).toContain('--quick');
  });

  test('a benchmark that breaks gives status 1', async () => {
    const warned: string[] = [];
    const output = { print: () => {}, warn: (text: string) => warned.push(text) };
    const broken = async () => {
      throw new Error('the page was closed');
    };
    expect(await main([], output, broken)).toBe(1);
    expect(warned.join()).toContain('the page was closed');
  });

  test.each([
    [new RefusedError('unavailable: no device'), ['bench: unavailable: no device']],
    [
      new InvalidInputError('hidden', 'x', 'widths'),
      [/^bench: hidden: "x" is not allowed; widths$/],
    ],
    [new TypeError('a fault'), [/^bench: TypeError: a fault\n/]],
  ])(
    'what the page foresees is one line, a fault of it has its stack: %o',
    async (error, lines) => {
      const warned: string[] = [];
      const output = { print: () => {}, warn: (text: string) => warned.push(text) };
      const inPage = () =>
        outcomeOf(async () => {
          throw error;
        });
      expect(await main([], output, async () => resultOf(await inPage()))).toBe(1);
      expect(warned).toEqual(lines.map((line) => expect.stringMatching(line)));
    },
  );
});
