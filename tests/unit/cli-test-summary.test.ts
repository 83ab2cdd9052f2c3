/** How suites are counted: nothing that did not pass goes unseen, or without its name. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../src/cli/paths';
import {
  formatSummary,
  readPlaywright,
  readVitest,
  settle,
  totalCounts,
} from '../../src/cli/test-summary';

describe('Vitest', () => {
  const passed = { status: 'passed', fullName: 'adds', failureMessages: [] };

  test('whatever did not pass failed, skipped tests too, and is named with its reason', () => {
    const report = {
      numTotalTests: 5,
      numPassedTests: 2,
      testResults: [
        {
          name: join(ROOT, 'tests/unit/sum.test.ts'),
          status: 'failed',
          assertionResults: [
            passed,
            { status: 'pending', fullName: 'sums > waits' },
            {
              status: 'failed',
              fullName: 'sums > ones',
              failureMessages: ['AssertionError: expected \u001b[31m1\u001b[39m to be 2\n    at …'],
            },
          ],
        },
      ],
    };
    expect(readVitest(report)).toEqual({
      passed: 2,
      failed: 3,
      failures: [
        'tests/unit/sum.test.ts › sums > waits',
        'tests/unit/sum.test.ts › sums > ones: AssertionError: expected 1 to be 2',
      ],
    });
  });

  test('a file that broke before its first test is a failure', () => {
    const report = {
      numTotalTests: 1,
      numPassedTests: 1,
      testResults: [
        { name: join(ROOT, 'a.test.ts'), status: 'passed', assertionResults: [passed] },
        {
          name: join(ROOT, 'b.test.ts'),
          status: 'failed',
          message: 'Cannot find module',
          assertionResults: [],
        },
      ],
    };
    const failures = ['b.test.ts: Cannot find module'];
    expect(readVitest(report)).toEqual({ passed: 1, failed: 1, failures });
  });

  test('another report is refused', () => {
    expect(() => readVitest({})).toThrow();
  });
});

test('Playwright: unexpected, flaky and skipped tests and errors are failures', () => {
  const spec = (line: number, status: string, errors: readonly object[] = []) => ({
    title: `number ${line}`,
    file: 'page.spec.ts',
    line,
    tests: [{ status, results: [{ errors }] }],
  });
  const report = {
    stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 3 },
    errors: [{ message: 'the server did not start' }],
    suites: [
      {
        specs: [spec(1, 'expected')],
        suites: [{ specs: [spec(2, 'unexpected', [{ message: 'Error: no such button\n…' }])] }],
      },
      { specs: [spec(3, 'skipped')] },
    ],
  };
  expect(readPlaywright(report)).toEqual({
    passed: 4,
    failed: 7,
    failures: [
      'outside any test: the server did not start',
      'page.spec.ts:2 › number 2: Error: no such button',
      'page.spec.ts:3 › number 3',
    ],
  });
});

test('a suite that crashed, was killed or ran nothing has a failure at least', () => {
  const counts = (passed: number, failed: number) => ({ passed, failed, failures: [] });
  expect(settle(counts(3, 0), 0)).toEqual(counts(3, 0));
  expect(settle(counts(3, 0), 1)).toEqual(counts(3, 1));
  expect(settle(counts(3, 2), 1)).toEqual(counts(3, 2));
  expect(settle(counts(3, 0), null)).toEqual(counts(3, 1));
  expect(settle(counts(0, 0), 0)).toEqual(counts(0, 1));
  expect(settle(undefined, 0)).toEqual(counts(0, 1));
});

describe('the summary', () => {
  const results = [
    { name: 'unit', passed: 10, failed: 0, failures: [], seconds: 1.26 },
    { name: 'e2e', passed: 2, failed: 1, failures: ['page.spec.ts:2 › waits'], seconds: 100 },
  ];

  test('names what failed, and ends with the sum', () => {
    expect(totalCounts(results)).toEqual({ passed: 12, failed: 1 });
    expect(formatSummary(results).split('\n')).toEqual([
      'suite  passed  failed  seconds',
      'unit       10       0      1.3',
      'e2e         2       1    100.0',
      '',
      'e2e: page.spec.ts:2 › waits',
      '',
      '12 passed, 1 failed',
    ]);
  });

  test('is a table and the sum where nothing failed', () => {
    expect(formatSummary(results.slice(0, 1)).split('\n')).toEqual([
      'suite  passed  failed  seconds',
      'unit       10       0      1.3',
      '',
      '10 passed, 0 failed',
    ]);
  });
});
