/**
 * What attackers write into a link, a file or the browser's memory is shown as text, and only that: no
 * dialog, no script, no element that the page has not made, no breach of its policy.
 */
import type { Page } from '@playwright/test';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { configurationToJson } from '../../src/training/configuration/json';
import { SHOWN_PAYLOADS } from '../support/payloads';
import { expect, test } from './lab-page';

/** What the payloads would make, and the page itself never has. */
const STRANGERS =
  '[onerror],[onload],[onmouseover],[ontoggle],iframe,object,embed,base,template,form,style,img,' +
  'meta[http-equiv="refresh"],script:not([src]),link[href*="example.org"],a[href*="javascript" i]';

/** A word of the payloads which no text of the page has: it is seen that they were shown. */
const SHOWN = 'evil';

/** As many pinned runs are remembered. */
const MOST_PINNED = 20;

interface Attacked {
  attacked?: boolean;
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.set(globalThis, 'evil', () => {
      (globalThis as Attacked).attacked = true;
    });
  });
});

/** Expects that nothing has come of the payloads, which the page must have shown. */
async function expectHarmless(page: Page): Promise<void> {
  expect(await page.locator(STRANGERS).count()).toBe(0);
  expect(await page.evaluate(() => (globalThis as Attacked).attacked)).toBeUndefined();
}

/** Shows every panel of the lab, and gives all that it says. */
async function readPanels(page: Page): Promise<string> {
  const said: string[] = [];
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await expect(page.getByRole('tabpanel')).not.toContainText(/^Loading/);
    said.push(await page.locator('body').innerText());
  }
  return said.join('\n');
}

/** A remembered run that is called by one payload, and was computed on another. */
function pinned(name: string, adapter: string) {
  const columns = ['epoch', 'milliseconds', 'loss', 'accuracy', 'valLoss', 'valAccuracy'];
  return {
    name,
    configuration: configurationToJson(DEFAULTS),
    info: { name: 'webgpu', adapter, precision: 'float32' },
    batchesPerEpoch: 1,
    columns: Object.fromEntries(columns.map((column) => [column, [1, 2]])),
  };
}

for (let from = 0; from < SHOWN_PAYLOADS.length; from += MOST_PINNED) {
  // The first ones are a sample of all.
  test(`in a link and in the browser’s memory, from number ${from + 1} on`, {
    tag: from === 0 ? [] : ['@slow'],
  }, async ({ lab, page }) => {
    const names = SHOWN_PAYLOADS.slice(from, from + MOST_PINNED);
    const adapterOf = (i: number) => SHOWN_PAYLOADS[(from + i + 1) % SHOWN_PAYLOADS.length];
    const remembered = names.map((name, i) => pinned(name, adapterOf(i)));
    await page.addInitScript((text) => {
      localStorage.setItem('shaderprop.pinned-runs', text);
      localStorage.setItem('shaderprop.drawings', text);
      localStorage.setItem('shaderprop.theme', text);
    }, JSON.stringify(remembered));
    const link = new URLSearchParams({ v: '2', backend: 'cpu', tune: 'off' });
    const settings = [
      'layers',
      'activation',
      'learning_rate',
      'hidden',
      'classes',
      'schedule_kind',
    ];
    for (const [i, payload] of names.entries()) {
      link.append(settings[i] ?? payload, payload);
    }
    await lab.open(link.toString());
    const said = await readPanels(page);
    for (const name of names) expect(said).toContain(name.trim().split('\n')[0]);
    await expectHarmless(page);
  });
}

test('in files', { tag: '@slow' }, async ({ lab, page }) => {
  await lab.open('backend=cpu', '#lab/export');
  const said: string[] = [];
  for (const payload of SHOWN_PAYLOADS) {
    for (const text of [
      `{${JSON.stringify(payload)}: 1}`,
      JSON.stringify({ layers: payload }),
      payload,
    ]) {
      const mimeType = 'application/json';
      await page
        .getByLabel('File to load')
        .setInputFiles({ name: payload, mimeType, buffer: Buffer.from(text) });
      await expect(page.locator('.export-message')).not.toBeEmpty();
      said.push(await page.locator('.export-message').innerText());
    }
    expect(await page.locator(STRANGERS).count(), payload).toBe(0);
  }
  expect(said.join('\n')).toContain(SHOWN);
  await expectHarmless(page);
});

test('in what was measured on an earlier visit', { tag: '@slow' }, async ({ lab, page }) => {
  const plan = page.getByText(/^The run on WebGPU uses/);
  await lab.page.goto('./#lab/kernels');
  await expect(plan).toBeVisible({ timeout: 60_000 });
  const stored = await page.evaluate(async (payloads) => {
    const result = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await result(indexedDB.open('shaderprop', 1));
    const store = database.transaction('tuning', 'readwrite').objectStore('tuning');
    let records = 0;
    for (const key of await result(store.getAllKeys())) {
      const record: { winner?: string } = await result(store.get(key));
      if (record.winner === undefined) continue;
      const timings = payloads.map((note) => ({ candidate: note, msPerStep: 1, note }));
      await result(store.put({ winner: record.winner, timings }, key));
      records += 1;
    }
    database.close();
    return records;
  }, SHOWN_PAYLOADS);
  expect(stored).toBeGreaterThan(0);
  await page.reload();
  await expect(plan).toContainText('of an earlier visit');
  await page.getByRole('banner').locator('button.badge').click();
  await expect(page.getByRole('dialog', { name: 'Diagnostics' })).toContainText(SHOWN);
  await expectHarmless(page);
});
