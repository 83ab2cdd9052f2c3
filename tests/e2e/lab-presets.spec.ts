/** The challenges: load one, train one, train them all. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { findPreset, PRESETS } from '../../src/training/presets.ts';
import { expect, test } from './lab-page';

test('lists every challenge, loads one and trains one', async ({ lab, page }) => {
  await lab.open('tune=off', '#lab/challenges');
  const items = page.getByRole('tabpanel', { name: 'Challenges' }).locator('.preset');
  await expect(items).toHaveCount(PRESETS.length);
  for (const [index, { challenge, question, finding }] of PRESETS.entries()) {
    for (const text of [challenge, question, finding]) {
      await expect(items.nth(index)).toContainText(text);
    }
  }
  await page.getByRole('button', { name: 'Load Challenge 1: learning rate 0.7' }).click();
  await expect(lab.field('Learning rate')).toHaveValue('0.7');
  await expect(lab.field('Start from')).toHaveValue('challenge-1-lr-0.7');
  await expect(lab.progress).toHaveText('Epoch 0 of 1,000');

  // It is asked first, and answered after the try.
  const { challenge, finding } = findPreset('next-rmsprop');
  const item = items.filter({ hasText: challenge });
  await expect(item.getByText(finding)).toBeHidden();
  await page.getByRole('button', { name: `Train ${challenge}` }).click();
  await expect(page.locator('.stage-picture')).toBeInViewport();
  await lab.trained();
  await expect(item.getByText(finding)).toBeVisible();
  await expect(item).toContainText('Your run: 99 % test accuracy at epoch 8;');
  await lab.show('Curves');
  await expect(lab.runs.first()).toContainText(`${challenge} · `);
  await expect(lab.progress).toHaveText('Epoch 200 of 200');
  await expect(lab.runs.first().locator('td').nth(4)).toHaveText('1.0000');
});

/** Lets the training worker finish one chunk, whose first is one step, and no more until the answer is called. */
async function holdTraining(page: Page): Promise<() => Promise<void>> {
  const worker = page.workers().find((each) => each.url().includes('training-worker'));
  if (worker === undefined) throw new Error('There is no training worker.');
  await worker.evaluate(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    // Between two chunks the trainer waits for a message on a channel of its own.
    const Channel = MessageChannel;
    const held = class extends Channel {
      constructor() {
        super();
        const post = this.port2.postMessage.bind(this.port2);
        this.port2.postMessage = (message: unknown) => void promise.then(() => post(message));
      }
    };
    Object.assign(self, { MessageChannel: held, goOn: resolve });
  });
  return () => worker.evaluate('goOn()') as Promise<void>;
}

test('stops amid a challenge, which gets no row', async ({ lab, page }) => {
  await lab.open('tune=off&backend=reference', '#lab/challenges');
  const goOn = await holdTraining(page);
  await lab.button('Run all').click();
  const done = page.getByRole('progressbar', { name: 'Challenges done' });
  await expect
    .poll(() => done.evaluate((bar: HTMLProgressElement) => bar.value))
    .toBeGreaterThan(0);
  await lab.button('Stop').click();
  await expect(lab.button('Stopping…')).toBeVisible();
  await goOn();
  await expect(lab.button('Run all')).toBeVisible();
  const share = await page.getByRole('region', { name: 'Results of all challenges' }).count();
  expect(share).toBe(0);
});

test('trains them all in turn and gives a table', { tag: '@slow' }, async ({ lab, page }) => {
  test.setTimeout(240_000);
  await lab.open('tune=off&backend=cpu', '#lab/challenges');
  await lab.button('Run all').click();
  await expect(page.getByRole('progressbar', { name: 'Challenges done' })).toBeVisible();
  // It goes on behind another panel.
  await page.getByRole('tab', { name: 'Draw' }).click();
  await page.getByRole('tab', { name: 'Challenges' }).click();
  await expect(lab.button('Run all')).toBeVisible({ timeout: 200_000 });
  const rows = page.getByRole('region', { name: 'Results of all challenges' }).locator('tbody tr');
  await expect(rows).toHaveCount(PRESETS.length);
  // The numbers that the findings name, from the same seed on another backend.
  await expect(rows.nth(0).locator('td').nth(4)).toHaveText('594');
  await expect(rows.nth(0).locator('td').nth(1)).toHaveText('0.0072');
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('tabpanel').getByRole('button', { name: 'CSV' }).click(),
  ]);
  const lines = readFileSync(await csv.path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(1 + PRESETS.length);
  expect(lines[0]).toContain('epochs_to_99');
  const [json] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('tabpanel').getByRole('button', { name: 'JSON' }).click(),
  ]);
  const saved = JSON.parse(readFileSync(await json.path(), 'utf8'));
  expect(saved.map(({ name }: { name: string }) => name)).toEqual(PRESETS.map(({ name }) => name));
});
