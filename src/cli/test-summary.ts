/**
 * Counts the tests of each suite from the runners' own reports, and lays the counts out as a table,
 * with every failure named behind it: who sees the end of a log alone knows what to look for.
 */
import { relative } from 'node:path';
import * as v from 'valibot';
import { ROOT } from './paths';
import { textTable } from './text-table';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** What a runner's report says. */
export interface Outcome extends Counts {
  /** A line for each test or file that failed: its name and the first line of the reason. */
  readonly failures: readonly string[];
}

export interface SuiteResult extends Outcome {
  readonly name: string;
  readonly seconds: number;
}

const VitestReport = v.object({
  numTotalTests: v.number(),
  numPassedTests: v.number(),
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      message: v.optional(v.string(), ''),
      assertionResults: v.array(
        v.object({
          status: v.string(),
          fullName: v.string(),
          failureMessages: v.nullish(v.array(v.string()), []),
        }),
      ),
    }),
  ),
});

/** A file or a `describe` of Playwright's report, which nest. */
interface PlaywrightGroup {
  readonly specs: readonly v.InferOutput<typeof PlaywrightSpec>[];
  readonly suites?: readonly PlaywrightGroup[] | undefined;
}

const Message = v.object({ message: v.optional(v.string(), '') });

const PlaywrightSpec = v.object({
  title: v.string(),
  file: v.string(),
  line: v.number(),
  tests: v.array(
    v.object({ status: v.string(), results: v.array(v.object({ errors: v.array(Message) })) }),
  ),
});

const PlaywrightGroup: v.GenericSchema<unknown, PlaywrightGroup> = v.object({
  specs: v.array(PlaywrightSpec),
  suites: v.optional(v.array(v.lazy(() => PlaywrightGroup))),
});

const PlaywrightReport = v.object({
  errors: v.array(Message),
  suites: v.array(PlaywrightGroup),
  stats: v.object({
    expected: v.number(),
    unexpected: v.number(),
    flaky: v.number(),
    skipped: v.number(),
  }),
});

/** What Vitest's JSON report says: what did not pass failed, skipped tests too, and files that broke. */
export function readVitest(report: unknown): Outcome {
  const { numTotalTests, numPassedTests, testResults } = v.parse(VitestReport, report);
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numTotalTests - numPassedTests + brokenFiles.length,
    failures: [
      ...brokenFiles.map(({ name, message }) => failureLine(relative(ROOT, name), [message])),
      ...testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status !== 'passed')
          .map((test) =>
            failureLine(`${relative(ROOT, name)} › ${test.fullName}`, test.failureMessages ?? []),
          ),
      ),
    ],
  };
}

/** What Playwright's JSON report says: what did not pass at once failed, skipped tests too. */
export function readPlaywright(report: unknown): Outcome {
  const { errors, stats, suites } = v.parse(PlaywrightReport, report);
  const failed = suites
    .flatMap(specsOf)
    .filter(({ tests }) => tests.some(({ status }) => status !== 'expected'));
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + errors.length,
    failures: [
      ...errors.map(({ message }) => failureLine('outside any test', [message])),
      ...failed.map(({ file, line, title, tests }) =>
        failureLine(
          `${file}:${line} › ${title}`,
          tests.flatMap(({ results }) =>
            results.flatMap(({ errors: own }) => own.map(({ message }) => message)),
          ),
        ),
      ),
    ],
  };
}

function specsOf({ specs, suites = [] }: PlaywrightGroup): PlaywrightGroup['specs'] {
  return [...specs, ...suites.flatMap(specsOf)];
}

/** The colours that a runner writes into its messages. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
const COLOURS = /\u001b\[[0-9;]*m/g;

/** The name, and the first line of the first reason. */
function failureLine(name: string, reasons: readonly string[]): string {
  const [reason = ''] = (reasons[0] ?? '').replaceAll(COLOURS, '').trim().split('\n');
  return reason === '' ? name : `${name}: ${reason}`;
}

/**
 * The outcome that stands: a suite that ended badly, or ran no test, has at least one failure.
 *
 * @param outcome - undefined where there is no report
 * @param status - exit status; null where the suite was killed
 */
export function settle(outcome: Outcome | undefined, status: number | null): Outcome {
  const { passed, failed, failures } = outcome ?? { passed: 0, failed: 0, failures: [] };
  const isSound = status === 0 && passed + failed > 0;
  return { passed, failed: isSound ? failed : Math.max(1, failed), failures };
}

/** A row a suite, a line each failure, and as the last line `N passed, N failed` over all of them. */
export function formatSummary(results: readonly SuiteResult[]): string {
  const rows = results.map(({ name, passed, failed, seconds }) => [
    ...[name, `${passed}`, `${failed}`, seconds.toFixed(1)],
  ]);
  const { passed, failed } = totalCounts(results);
  const table = textTable([['suite', 'passed', 'failed', 'seconds'], ...rows], 'figures');
  const failures = results.flatMap(({ name, failures: lines }) =>
    lines.map((line) => `${name}: ${line}`),
  );
  return [table, failures.join('\n'), `${passed} passed, ${failed} failed`]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The sum over all suites. */
export function totalCounts(results: readonly Counts[]): Counts {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}
