/** The benchmark: its page as built, with its peers under the content security policy; its command. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { CONTENDER_NAMES } from '../../src/bench/contenders';
import type { BenchDocument } from '../../src/bench/results';
import { QUICK_SWEEP, WORKLOAD_NAMES } from '../../src/bench/workloads';
import { sweepWorkloads } from '../../src/comparison/sweep-workloads';
import { problemsOf } from './problems';

const ROOT = new URL('../..', import.meta.url);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MEASURING_MS = 240_000;

/** Opens the page; what goes wrong in it is kept. */
async function open(page: Page): Promise<readonly string[]> {
  const errors = await problemsOf(page);
  await page.goto('./bench.html');
  await expect(page.getByRole('heading', { name: 'Benchmark' })).toBeVisible();
  return errors;
}

async function chooseOnly(page: Page, ...names: readonly string[]): Promise<void> {
  for (const name of WORKLOAD_NAMES) {
    const box = page.getByRole('checkbox', { name: new RegExp(`^${name}`) });
    await box.setChecked(names.includes(name));
  }
}

/** The document of a run must have these contenders, each with a time or the reason for none. */
function expectContenders(workload: BenchDocument['workloads'][number]): void {
  expect(workload.contenders.map(({ name }) => name)).toEqual([...CONTENDER_NAMES]);
  for (const { name, check, median_ms, min_ms, max_ms, rounds } of workload.contenders) {
    // The network is small enough for every schedule, and Chromium has what every peer needs.
    expect(check, name).toMatch(/^ok /);
    expect(rounds, name).toBeGreaterThan(0);
    expect(min_ms, name).toBeGreaterThan(0);
    expect(median_ms, name).toBeGreaterThanOrEqual(min_ms ?? Number.NaN);
    expect(max_ms, name).toBeGreaterThanOrEqual(median_ms ?? Number.NaN);
  }
}

test('measures every contender, and where WebGPU passes the CPU', {
  tag: '@slow',
}, async ({ page }) => {
  test.setTimeout(MEASURING_MS);
  const errors = await open(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await chooseOnly(page, 'notebook', 'sweep');
  await page.getByRole('button', { name: 'Run the benchmark' }).click();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: MEASURING_MS });

  await expect(page.getByText(/software adapter.*not a GPU/)).toBeVisible();
  const rows = page.getByRole('region', { name: 'Times of notebook' }).locator('tbody tr');
  await expect(rows).toHaveCount(CONTENDER_NAMES.length);
  for (const [index, name] of CONTENDER_NAMES.entries()) {
    await expect(rows.nth(index)).toContainText(name);
    await expect(rows.nth(index)).toContainText('✓ ok');
  }
  await expect(
    page.getByText(/^On this machine .* pass(es)? the CPU .*width \d+.*\.$/),
  ).toBeVisible();
  const chart = page.getByRole('img', { name: /Milliseconds per step at batch size 512/ });
  await expect(chart).toHaveAttribute('aria-label', /width \d+: WebGPU [\d.]+ ms, CPU [\d.]+ ms/);
  await page.getByRole('combobox', { name: 'Batch size' }).selectOption('32');
  await expect(page.getByRole('img', { name: /at batch size 32\./ })).toBeVisible();

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download JSON' }).click();
  const path = await (await downloading).path();
  const measured = JSON.parse(readFileSync(path, 'utf8')) as BenchDocument;
  expectContenders(measured.workloads[0]);
  // How many sizes there is time for is the machine's affair; the page names every other one.
  const leftOut = (await page.getByText(/^Left out: /).allInnerTexts()).join();
  const isLeftOut = (name: string) => leftOut.includes(`${name}: `);
  const sweep = sweepWorkloads(QUICK_SWEEP).map(({ name }) => name);
  expect(measured.workloads.slice(1).map(({ name }) => name)).toEqual(
    sweep.filter((name) => !isLeftOut(name)),
  );

  await page.setViewportSize({ width: 390, height: 844 });
  // The chart follows its place a moment later.
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
    .toBeLessThanOrEqual(390);
  await page.evaluate(AXE);
  const { violations }: AxeResults = await page.evaluate('axe.run()');
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
  expect(errors).toEqual([]);
});

test('can be cancelled, and started again', async ({ page }) => {
  const errors = await open(page);
  const start = page.getByRole('button', { name: 'Run the benchmark' });
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await expect(cancel).toHaveAttribute('aria-disabled', 'true');
  for (let attempt = 0; attempt < 2; attempt++) {
    await start.click();
    await expect(start).toHaveAttribute('aria-disabled', 'true');
    await expect(page.getByText(/^notebook: checking/)).toBeVisible({ timeout: 60_000 });
    await cancel.click();
    await expect(page.getByText(/^Cancelled/)).toBeVisible();
    await expect(start).toHaveAttribute('aria-disabled', 'false');
  }
  // A worker in the middle of a loop takes a moment to end.
  await expect.poll(() => page.workers().length).toBe(0);
  expect(errors).toEqual([]);
});

test('loads no peer before it is asked to measure, and is accessible', async ({ page }) => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  const errors = await open(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const { violations }: AxeResults = await page.evaluate('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
  }
  expect(loaded.some((url) => url.endsWith('.js'))).toBe(true);
  expect(loaded.filter((url) => /jax|tensorflow|tfjs|contender|\.wasm/i.test(url))).toEqual([]);
  await chooseOnly(page);
  const start = page.getByRole('button', { name: 'Run the benchmark' });
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  expect(errors).toEqual([]);
});

function npmRunBench(...flags: string[]) {
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['run', '--silent', 'bench', '--', ...flags],
    { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' },
  );
  return { status, stdout, stderr };
}

test('npm run bench prints one JSON document', { tag: '@slow' }, () => {
  test.setTimeout(MEASURING_MS);
  const { status, stdout, stderr } = npmRunBench('--json', '--quick', '--only', 'notebook,conv');
  expect(stderr).toContain('notebook: round 1 of');
  expect(status, stderr).toBe(0);
  const document = JSON.parse(stdout) as BenchDocument;
  expect(document.machine.cores).toBeGreaterThan(0);
  expect(document.adapter).not.toBe('none');
  expect(document.workloads.map(({ name, unit }) => ({ name, unit }))).toEqual([
    { name: 'notebook', unit: 'ms per epoch' },
    { name: 'conv', unit: 'ms per step' },
  ]);
  const [notebook, conv] = document.workloads;
  expectContenders(notebook);
  // Whoever has no convolutions says so; all others have the reference's losses.
  const declines = ['webgpu-sample-parallel', 'webgpu-persistent', 'js-loops'];
  for (const { name, check } of conv.contenders) {
    expect(check, name).toMatch(declines.includes(name) ? /^declined: / : /^ok /);
  }
});

test('npm run bench refuses a wrong flag in one line', () => {
  const { status, stdout, stderr } = npmRunBench('--only', 'everything');
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(WORKLOAD_NAMES.join(', '));
});
