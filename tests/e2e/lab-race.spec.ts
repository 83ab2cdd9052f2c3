/** The race as people use it: three lanes, times with drift beside them, cancel, and the sweep. */
import type { Page } from '@playwright/test';
import { inWorker, WITHOUT_WEBGPU } from './in-worker';
import { cellsOf, expect, test } from './notebook-page';

/** The race's own: the bar has one, too, while plans are measured. */
const cancel = (page: Page) =>
  page.getByRole('tabpanel', { name: 'Race' }).getByRole('button', { name: 'Cancel', exact: true });

test('races three backends and says who wins, how fast, and how far apart', async ({
  notebook,
  page,
}) => {
  await page.goto('./?backend=cpu&epochs=1000000#lab/race');
  await page.getByLabel('Length of the race').selectOption('100');
  // The run under way makes room, and says so.
  await notebook.button('Start').click();
  // A run that has not begun needs no room: it does not begin.
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(0);
  await notebook.button('Race').click();
  const race = page.getByRole('region', { name: 'The same training, three ways' });
  await expect(race.getByText(/^The run is paused at epoch [\d,]+ of 1,000,000/)).toBeVisible();
  await expect(race.locator('.race-status')).toHaveText('Finished after 100 epochs.', {
    timeout: 60_000,
  });
  // Each bar says how far it was when the first one was there, which is marked.
  const bars = await race
    .getByRole('progressbar')
    .evaluateAll((all: HTMLProgressElement[]) => all.map(({ value }) => value));
  expect(bars.filter((value) => value === 100)).toHaveLength(1);
  await expect(race.getByText('✓ first')).toHaveCount(1);
  await expect(race).toContainText(/(The CPU|WebGPU|The reference) wins: it is \d/);
  await expect(race).toContainText('a software adapter here, which is no GPU');
  const rows = await cellsOf(race.getByRole('table').first());
  expect(rows.map(([name]) => name)).toEqual(['WebGPU', 'CPU', 'Reference']);
  for (const [, setup, median, spread, readback] of rows) {
    for (const time of [setup, median, readback]) expect(time).toMatch(/^[\d.,]+ m?s$/);
    expect(spread).toMatch(/ – /);
  }
  for (const cells of rows.slice(0, 2)) {
    // Float32 against float64 over 100 epochs: apart, but by no more than rounding.
    for (const drift of cells.slice(5)) expect(drift).toMatch(/^(0|\d\.\d × 10−([5-9]|\d\d))$/);
  }
  await race.getByText('Time of each kernel on the device').click();
  await expect(race.getByRole('region', { name: 'Time of each kernel' })).toContainText('forward');
  await race.getByRole('button', { name: 'Resume' }).click();
  await expect(notebook.button('Pause')).toBeVisible();
  await expect(race.getByText(/^The run is paused/)).toHaveCount(0);
});

test('can be cancelled at any time, and starts again', async ({ notebook, page }) => {
  // Longer than any machine takes to press the button.
  await page.goto('./?tune=off&backend=cpu&epochs=100000#lab/race');
  await page.getByLabel('Length of the race').selectOption('100000');
  await notebook.button('Race').click();
  const race = page.getByRole('region', { name: 'The same training, three ways' });
  await expect(race.getByRole('status')).toContainText('Racing');
  await cancel(page).click();
  await expect(race.getByRole('status')).toContainText('Cancelled');
  // Another one starts from the beginning.
  await notebook.button('Race').click();
  await expect(race.getByRole('status')).toContainText(/Opening|Racing/);
  await cancel(page).click();
});

test('the page answers while a race is on', { tag: '@slow' }, async ({ notebook, page }) => {
  await page.goto('./#lab/race');
  await notebook.button('Race').click();
  const race = page.getByRole('region', { name: 'The same training, three ways' });
  await expect(race.getByRole('status')).toContainText('Racing');
  // A page that the race blocks answers each of them after a whole measurement, and all after the race.
  await page.evaluate(async () => {
    for (let i = 0; i < 21; i++) await new Promise((resolve) => setTimeout(resolve));
  });
  await expect(race.getByRole('status')).toContainText('Racing');
  await cancel(page).click();
});

test('races with a wide network on MNIST for as long as it is asked to', { tag: '@slow' }, async ({
  notebook,
  page,
}) => {
  test.setTimeout(600_000);
  await page.goto('./?backend=cpu#lab/race');
  await page.getByLabel('Work', { exact: true }).selectOption('mnist-wide');
  const length = page.getByLabel('Length of the race');
  // An epoch is long, so that time alone is offered.
  await expect(length.locator('option')).toHaveText([/10 s/, /30 s/, /60 s/]);
  await notebook.button('Race').click();
  const race = page.getByRole('region', { name: 'The same training, three ways' });
  await expect(race.locator('.race-status')).toHaveText(/^Finished/, { timeout: 500_000 });
  await expect(race.locator('.lane-obstacle')).toHaveCount(0);
  const rows = await cellsOf(race.getByRole('table').first());
  expect(rows.map(([name]) => name)).toEqual(['WebGPU', 'CPU', 'Reference']);
  for (const [, , median] of rows.slice(0, 2)) expect(median).toMatch(/^[\d.,]+ m?s$/);
});

test('sweeps over sizes and says where the GPU passes the CPU', { tag: '@slow' }, async ({
  notebook,
  page,
}) => {
  await page.goto('./#lab/race');
  await notebook.button('Sweep').click();
  const sweep = page.getByRole('region', { name: 'Where the GPU passes the CPU' });
  await expect(sweep).toContainText(
    /On this machine WebGPU on the software adapter, which is no GPU,/,
    // The page measures its own plans at the same time.
    { timeout: 60_000 },
  );
  await expect(notebook.button('Sweep')).toBeVisible({ timeout: 80_000 });
  await expect(
    sweep.getByRole('img', { name: /Milliseconds per step at batch size/ }),
  ).toBeVisible();
  await sweep.getByText('Time of a training step as a table').click();
  const rows = await cellsOf(sweep.getByRole('table'));
  const sizes = rows.map(([width, batch]) => `${width}×${batch}`);
  for (const size of ['16×32', '64×32', '256×32', '16×256', '64×256'])
    expect(sizes).toContain(size);
});

test('races on without WebGPU and says why', async ({ notebook, page }) => {
  await inWorker(page, WITHOUT_WEBGPU);
  await page.goto('./#lab/race');
  await page.getByLabel('Length of the race').selectOption('100');
  await notebook.button('Race').click();
  const race = page.getByRole('region', { name: 'The same training, three ways' });
  await expect(race.getByRole('status')).toHaveText('Finished after 100 epochs.', {
    timeout: 60_000,
  });
  await expect(race).toContainText('This browser has no WebGPU');
  await expect(race).toContainText(/wins: it is .* times as fast as/);
});
