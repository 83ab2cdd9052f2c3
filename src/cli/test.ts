/** `npm test`: the quick suites in turn, then a table and the line `N passed, N failed`. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../training/errors';
import { quote, UsageError } from './arguments';
import { findChromium, testChromium } from './chromium';
import { runCommand } from './command';
import { packageFile, ROOT } from './paths';
import {
  formatSummary,
  type Outcome,
  readPlaywright,
  readVitest,
  type SuiteResult,
  settle,
  totalCounts,
} from './test-summary';

/** A suite that hangs is ended after so long, and has failed. */
const SUITE_LIMIT_MS = 40 * 60_000;

interface Suite {
  readonly name: string;
  readonly title: string;
  readonly needsChromium: boolean;
  /** Takes minutes and is not about right or wrong: it runs only where it is named. */
  readonly isSlow?: boolean;
  /** What its tests are told, unless the caller says otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** The Node program to run, with its arguments; it writes its JSON report to `report`. */
  command(report: string): readonly string[];
  /** Reads the report; a suite without one is a single test that passes with exit status 0. */
  readonly read?: (report: unknown) => Outcome;
}

/** Vitest projects as a suite, or those files of them whose paths contain one of `files`. */
function vitest(
  name: string,
  title: string,
  needsChromium: boolean,
  { projects = [name], files = [] }: Partial<Record<'projects' | 'files', readonly string[]>> = {},
): Suite {
  return {
    name,
    title,
    needsChromium,
    command: (report) => [
      packageFile('vitest', 'vitest.mjs'),
      'run',
      ...files,
      ...projects.flatMap((project) => ['--project', project]),
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    read: readVitest,
  };
}

/** A Playwright project as a suite. */
function playwright(name: string, title: string): Suite {
  return {
    name,
    title,
    needsChromium: true,
    command: () => [
      packageFile('@playwright/test', 'cli.js'),
      'test',
      ...['--project', name, '--reporter=list,json'],
    ],
    read: readPlaywright,
  };
}

/** In the order in which they run: the quickest to fail first. */
const SUITES: readonly Suite[] = [
  {
    name: 'lint',
    title: 'lint and format check',
    needsChromium: false,
    command: () => [packageFile('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings'],
  },
  {
    name: 'types',
    title: 'type check',
    needsChromium: false,
    command: () => [packageFile('typescript', 'bin/tsc'), '--noEmit'],
  },
  vitest('unit', 'unit tests in Node', false, { projects: ['unit*'] }),
  vitest('parity', 'kernels against float64 in Chromium', true),
  playwright('e2e', 'end-to-end tests in Chromium'),
  {
    ...vitest('thorough', '500 sequences of faults, every fixture, shape and configuration', true, {
      projects: ['unit*', 'parity'],
      files: [
        ...['tests/faults/fuzz', 'tests/faults/sequences', 'tests/parity/candidates'],
        ...['tests/parity/conv', 'tests/parity/determinism', 'tests/parity/fixtures'],
        ...['tests/parity/frozen', 'tests/parity/kernels-conv', 'tests/parity/kernels-dense'],
        ...['tests/parity/mnist', 'tests/parity/notebook', 'tests/parity/random-configurations'],
        ...['tests/parity/self-test', 'tests/unit/cli-own-data', 'tests/unit/conv-fixtures'],
        ...['tests/unit/mnist-fixtures', 'tests/unit/reference'],
      ],
    }),
    isSlow: true,
    env: { SHADERPROP_FAULTS: '500', SHADERPROP_FUZZ: '20000', SHADERPROP_THOROUGH: '1' },
  },
  { ...vitest('engines', 'Dawn in Node and wgpu in Deno, without a browser', true), isSlow: true },
  { ...playwright('slow', 'what takes minutes in Chromium'), isSlow: true },
];

/**
 * The suites that `names` name, or all that are quick, in the order in which they run.
 *
 * @throws UsageError where a name is no suite's
 */
export function suitesOf(names: readonly string[]): readonly Suite[] {
  const unknown = names.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const allowed = SUITES.map(({ name }) => name).join(', ');
    throw new UsageError(`${quote(unknown)} is no suite; allowed: ${allowed}`);
  }
  return SUITES.filter(({ name, isSlow = false }) =>
    names.length === 0 ? !isSlow : names.includes(name),
  );
}

/**
 * Runs the suites that `args` names, or all that are quick.
 *
 * @returns the exit status: 1 where anything failed, 2 where a name is no suite's
 */
export function main(args: readonly string[]): Promise<number> {
  return runCommand('test', () => runSuites(suitesOf(args)));
}

async function runSuites(chosen: readonly Suite[]): Promise<number> {
  const hasChromium = chosen.some((suite) => suite.needsChromium) && lookForChromium();
  const reports = mkdtempSync(join(tmpdir(), 'shaderprop-test-'));
  const results: SuiteResult[] = [];
  try {
    for (const suite of chosen) {
      process.stdout.write(`\n── ${suite.name}: ${suite.title} ──\n`);
      const started = performance.now();
      const outcome =
        suite.needsChromium && !hasChromium
          ? notRun(suite)
          : await runSuite(suite, join(reports, `${suite.name}.json`));
      const seconds = (performance.now() - started) / 1000;
      results.push({ name: suite.name, ...outcome, seconds });
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  process.stdout.write(`\n${formatSummary(results)}\n`);
  return totalCounts(results).failed === 0 ? 0 : 1;
}

/** Fetches a Chromium where there is none, and names the one that the suites then find themselves. */
function lookForChromium(): boolean {
  try {
    const found = findChromium();
    process.stdout.write(`Chromium: ${testChromium() ?? found}\n`);
    return true;
  } catch (error) {
    process.stderr.write(`test: ${messageOf(error)}\n`);
    return false;
  }
}

function notRun({ name }: Suite): Outcome {
  process.stderr.write(`${name} needs a Chromium, and there is none: see above.\n`);
  return settle(undefined, null);
}

async function runSuite(suite: Suite, report: string): Promise<Outcome> {
  const child = spawn(process.execPath, suite.command(report), {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: SUITE_LIMIT_MS,
    // The runners take an interrupt for a request to clean up after themselves.
    killSignal: 'SIGINT',
    env: { ...suite.env, ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  const stop = () => child.kill('SIGINT');
  process.once('exit', stop);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  process.off('exit', stop);
  if (suite.read === undefined)
    return settle({ passed: status === 0 ? 1 : 0, failed: 0, failures: [] }, status);
  return settle(readReport(report, suite.read), status);
}

/** Undefined where the runner left no report that can be read. */
function readReport(report: string, read: (report: unknown) => Outcome): Outcome | undefined {
  try {
    return read(JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    process.stderr.write(`No report of the suite: ${messageOf(error)}\n`);
    return undefined;
  }
}
