/** How suites are counted: nothing that did not pass goes unseen. */
import { describe, expect, test } from 'vitest';
import {
  countPlaywright,
  countVitest,
  formatSummary,
  settleCounts,
  totalCounts,
} from '../../src/cli/test-summary';

describe('counts of Vitest', () => {
  const file = (status: string, tests: number) => ({
    status,
    assertionResults: Array.from({ length: tests }, () => ({})),
  });

  test('whatever did not pass failed, skipped tests too', () => {
    const report = {
      numTotalTests: 5,
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [file('failed', 5)],
    };
    expect(countVitest(report)).toEqual({ passed: 2, failed: 3 });
  });

  test('a file that broke before its first test is a failure', () => {
    const report = {
      numTotalTests: 1,
      numPassedTests: 1,
      testResults: [file('passed', 1), file('failed', 0)],
    };
    expect(countVitest(report)).toEqual({ passed: 1, failed: 1 });
  });

  test('another report is refused', () => {
    expect(() => countVitest({})).toThrow();
  });
});

test('counts of Playwright: unexpected, flaky and skipped tests and errors are failures', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 2, skipped: 3 };
  expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 4, failed: 7 });
});

test('a suite that crashed, was killed or ran nothing has a failure at least', () => {
  expect(settleCounts({ passed: 3, failed: 0 }, 0)).toEqual({ passed: 3, failed: 0 });
  expect(settleCounts({ passed: 3, failed: 0 }, 1)).toEqual({ passed: 3, failed: 1 });
  expect(settleCounts({ passed: 3, failed: 2 }, 1)).toEqual({ passed: 3, failed: 2 });
  expect(settleCounts({ passed: 3, failed: 0 }, null)).toEqual({ passed: 3, failed: 1 });
  expect(settleCounts({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  expect(settleCounts(undefined, 0)).toEqual({ passed: 0, failed: 1 });
});

test('the last line is the sum', () => {
  const results = [
    { name: 'unit', passed: 10, failed: 3, seconds: 1.26 },
    { name: 'e2e', passed: 2, failed: 1, seconds: 100 },
  ];
  expect(totalCounts(results)).toEqual({ passed: 12, failed: 4 });
  expect(formatSummary(results).split('\n')).toEqual([
    'suite  passed  failed  seconds',
    'unit       10       3      1.3',
    'e2e         2       1    100.0',
    '',
    '12 passed, 4 failed',
  ]);
});
