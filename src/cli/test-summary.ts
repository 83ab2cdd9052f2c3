/** Counts the tests of each suite from the runners' own reports, and lays the counts out as a table. */
import * as v from 'valibot';
import { textTable } from './text-table';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface SuiteResult extends Counts {
  readonly name: string;
  readonly seconds: number;
}

const VitestReport = v.object({
  numTotalTests: v.number(),
  numPassedTests: v.number(),
  testResults: v.array(v.object({ status: v.string(), assertionResults: v.array(v.unknown()) })),
});

const PlaywrightReport = v.object({
  errors: v.array(v.unknown()),
  stats: v.object({
    expected: v.number(),
    unexpected: v.number(),
    flaky: v.number(),
    skipped: v.number(),
  }),
});

/** Counts of Vitest's JSON report: what did not pass failed, skipped tests too, and files that broke. */
export function countVitest(report: unknown): Counts {
  const { numTotalTests, numPassedTests, testResults } = v.parse(VitestReport, report);
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numTotalTests - numPassedTests + brokenFiles.length,
  };
}

/** Counts of Playwright's JSON report: what did not pass at once failed, skipped tests too. */
export function countPlaywright(report: unknown): Counts {
  const { errors, stats } = v.parse(PlaywrightReport, report);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + errors.length,
  };
}

/**
 * The counts that stand: a suite that ended badly, or ran no test, has at least one failure.
 *
 * @param counts - undefined where there is no report
 * @param status - exit status; null where the suite was killed
 */
export function settleCounts(counts: Counts | undefined, status: number | null): Counts {
  const { passed, failed } = counts ?? { passed: 0, failed: 0 };
  const isSound = status === 0 && passed + failed > 0;
  return { passed, failed: isSound ? failed : Math.max(1, failed) };
}

/** A row a suite, and as the last line `N passed, N failed` over all of them. */
export function formatSummary(results: readonly SuiteResult[]): string {
  const rows = results.map(({ name, passed, failed, seconds }) => [
    ...[name, `${passed}`, `${failed}`, seconds.toFixed(1)],
  ]);
  const { passed, failed } = totalCounts(results);
  const table = textTable([['suite', 'passed', 'failed', 'seconds'], ...rows], 'figures');
  return `${table}\n\n${passed} passed, ${failed} failed`;
}

/** The sum over all suites. */
export function totalCounts(results: readonly Counts[]): Counts {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}
