/** The lab by keyboard alone: every panel is reached and worked, the focus is seen, and never lost. */
import type { Page } from '@playwright/test';
import { expect, type LabPage, test } from './lab-page';

/** More stops than any panel has. */
const MOST_STOPS = 250;

interface Stop {
  readonly name: string;
  /** What is wrong with it, for those who see where they are. */
  readonly fault: string | undefined;
}

/** What has the focus; nothing where the body has it. */
function focusedStop(page: Page): Promise<Stop | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return undefined;
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const labelledBy = element.getAttribute('aria-labelledby');
    const name =
      element.getAttribute('aria-label') ??
      (labelledBy && document.getElementById(labelledBy)?.textContent) ??
      (labels.map((label) => label.textContent).join(' ') || element.textContent);
    // The outline may be drawn around the label that holds a radio button.
    const isOutlined = [element, element.parentElement].some((place) => {
      if (place === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(place);
      return outlineStyle !== 'none' && outlineWidth !== '0px';
    });
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    // Of what is taller than the window, some part is seen in any case.
    const isTall = bottom - top > innerHeight / 2;
    const seen = document.elementFromPoint(x, y);
    const isCovered =
      !isTall &&
      (seen === null ||
        !(element.contains(seen) || seen.contains(element) || seen.closest('label') !== null));
    const isInside = isTall || (y > 0 && y < innerHeight);
    const faults = [!isOutlined && 'no outline', !isInside && 'outside', isCovered && 'covered'];
    return {
      name: (name ?? '').trim().replace(/\s+/g, ' '),
      fault: faults.filter(Boolean).join(', ') || undefined,
    };
  });
}

/** Presses the tab key until the end of the page, or to where it began. */
async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let count = 0; count < MOST_STOPS; count++) {
    await page.keyboard.press('Tab');
    const stop = await focusedStop(page);
    if (stop === undefined || stop.name === 'Skip to the content') return stops;
    stops.push(stop);
  }
  throw new Error(`The tab key finds no end; the last stop is ${stops.at(-1)?.name}.`);
}

/** Presses the tab key until what has that name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let count = 0; count < MOST_STOPS; count++) {
    await page.keyboard.press('Tab');
    if (name.test((await focusedStop(page))?.name ?? '')) return;
  }
  throw new Error(`The tab key does not reach ${name}.`);
}

async function openTrained(lab: LabPage): Promise<void> {
  await lab.open('tune=off&epochs=40&init_scale=0.1');
  await lab.train();
}

/** What the tab key must come by in each panel, among others. */
const IN_PANEL: Readonly<Record<string, readonly RegExp[]>> = {
  Curves: [/^Log loss axis/, /^Read the values/, /rename$/, /^CSV/],
  Challenges: [/^Run all$/, /^Load /, /^Train /],
  Results: [/samples of 0 predicted as 0/, /^Test sample/, /^Copy as text/],
  Network: [/^Unit 1 of layer 1,/, /^Test sample/, /^Record it and restart/],
  Maps: [/^Set a small convolutional network/],
  Draw: [/^Drawing pad/, /^Pen/, /^Clear/, /^Add to the test set/],
  Race: [/^Length of the race|epochs/, /^Race$/, /^Sweep$/],
  Kernels: [/^the run’s/, /^Measure the times/],
  Export: [/^History as CSV/, /^Copy/, /HTML to embed/],
};

/** What stands last in each panel. */
const LAST: Readonly<Record<string, string>> = {
  Curves: 'Best epoch',
  Challenges: 'all ten digits with Adam',
  Results: 'weighted avg',
  Network: 'Gradients over time',
  Maps: 'Choose conv layers',
  Draw: 'Your own test set',
  Race: 'Where the GPU passes the CPU',
  Kernels: 'The plan as a drawing',
  Export: 'Choose a file',
};

for (const [width, height, tag] of [
  [1280, 800, []],
  [390, 844, ['@slow']],
] as const) {
  test(`the tab key comes by everything and is seen, at ${width} px`, { tag: [...tag] }, async ({
    lab,
    page,
  }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openTrained(lab);
    const faults: string[] = [];
    const note = (where: string, stops: readonly Stop[]) => {
      for (const { name, fault } of stops) {
        if (fault !== undefined) faults.push(`${where}: ${name.slice(0, 60)}: ${fault}`);
        if (name === '') faults.push(`${where}: a stop without a name`);
      }
    };
    await page.locator('.skip-link').focus();
    const all = await walk(page);
    note('lab', all);
    const names = all.map(({ name }) => name);
    for (const name of ['Notebook', 'Start again', 'Reset', 'Share', 'View', 'Settings', 'Undo']) {
      expect(names).toContain(name);
    }
    await page.getByRole('tab', { name: 'Settings', exact: true }).focus();
    for (const [title, wanted] of Object.entries(IN_PANEL)) {
      const tab = page.getByRole('tab', { name: title, exact: true });
      await page.keyboard.press('ArrowRight');
      await expect(tab).toBeFocused();
      const panel = page.getByRole('tabpanel', { name: title, exact: true });
      await expect(panel).not.toContainText(/^Loading|^Opening|^Reading|^Evaluating/);
      // Large panels are made in parts.
      await expect(panel).toContainText(LAST[title]);
      await page.keyboard.press('Tab');
      await expect(panel).toBeFocused();
      const stops = await walk(page);
      note(title, stops);
      for (const name of wanted) {
        expect(
          stops.some((stop) => name.test(stop.name)),
          `${title}: ${name} among ${stops.map((stop) => stop.name).join(' | ')}`,
        ).toBe(true);
      }
      await tab.focus();
    }
    expect(faults).toEqual([]);
  });
}

test('what takes itself away hands the focus on', async ({ lab, page }) => {
  await lab.open('backend=cpu&epochs=60&learning_rate=nothing', '#lab/curves');
  const notice = page.getByRole('alert');
  await notice.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Enter');
  await expect(notice).toHaveCount(0);
  await expect.poll(() => focusedStop(page)).toBeDefined();
  // Nothing trains with another value than the one that was asked for.
  await lab.set('Learning rate', '0.5');

  // Two runs; the older one is renamed and deleted.
  await lab.train();
  await lab.button('Start again').focus();
  await page.keyboard.press('Enter');
  await expect(lab.runs).toHaveCount(2);
  await lab.trained();
  await expect(lab.button('Start again')).toBeFocused();
  const old = lab.runs.nth(1);
  await old.getByRole('button', { name: /rename/ }).focus();
  await page.keyboard.press('Enter');
  // What is typed takes the name's place.
  await page.keyboard.type('older');
  await page.keyboard.press('Enter');
  await expect(old.getByRole('button', { name: /^older ?, rename$/ })).toBeFocused();
  await old.getByRole('button', { name: /^Delete/ }).focus();
  await page.keyboard.press('Enter');
  await expect(lab.runs).toHaveCount(1);
  await expect.poll(async () => (await focusedStop(page))?.name).toBeTruthy();

  // A hint that is put away, and one whose remedy is tried.
  const hints = page.getByRole('region', { name: 'Hints' });
  const hide = hints.getByRole('button', { name: /^Hide/ }).first();
  await hide.focus();
  await page.keyboard.press('Enter');
  await expect(hints).toContainText('Nothing unusual');
  await expect.poll(() => focusedStop(page)).toBeDefined();
});

test('windows open, hold and give back the focus', async ({ lab, page }) => {
  await lab.open('tune=off&epochs=40');
  const view = lab.button('View');
  for (const [opener, title] of [
    [page.getByRole('banner').locator('.badge'), 'Diagnostics'],
    [view, 'View'],
  ] as const) {
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: title });
    // What it shows comes late; its last control is there when all is.
    await expect(
      dialog
        .getByRole('button', { name: 'Forget measurements' })
        .or(dialog.getByRole('radio', { name: 'As the system' })),
    ).toBeVisible();
    await tabTo(page, /^Forget measurements|^As the system/);
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    // Whatever scrolls goes under the title.
    const over = await dialog.evaluate((element) => {
      const title = element.querySelector('h2')?.getBoundingClientRect();
      if (title === undefined) return ['no title'];
      const found = new Set<string>();
      for (let top = 0; top < element.scrollHeight; top += 10) {
        element.scrollTo({ top, behavior: 'instant' });
        for (let x = title.left + 5; x < title.right + 200; x += 20) {
          const seen = document.elementFromPoint(x, title.top + title.height / 2);
          if (seen?.closest('.dialog-head') === null) found.add(seen.outerHTML.slice(0, 100));
        }
      }
      return [...found];
    });
    expect(over).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
  // A window that opens another one, and a choice of theme by arrow keys.
  await page.keyboard.press('Enter');
  // Before it is there, the tab key would move the place that the focus comes back to.
  await expect(page.getByRole('dialog', { name: 'View' })).toBeVisible();
  await tabTo(page, /As the system/);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'Light' })).toBeChecked();
  await tabTo(page, /^Keyboard shortcuts$/);
  await page.keyboard.press('Enter');
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(shortcuts).toBeVisible();
  // They can be switched off, and stay off.
  await tabTo(page, /Shortcuts are on/);
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await expect(shortcuts).toHaveCount(0);
  await expect(view).toBeFocused();
  await page.keyboard.press('s');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(lab.progress).toHaveText('Epoch 0 of 40');
  await view.press('Enter');
  await lab.button('Keyboard shortcuts').press('Enter');
  await shortcuts.getByRole('checkbox').press('Space');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('s');
  await expect(lab.progress).toHaveText('Epoch 1 of 40');

  // Presenter mode from the menu leaves the focus in the bar.
  await view.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Presenter mode' }).press('Enter');
  await expect(view).toBeFocused();
});

test('forced colours leave what is drawn its scale, and tell what is chosen and what is idle', async ({
  lab,
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await lab.open('backend=cpu&epochs=30&init_scale=0.5');
  await lab.train();
  const fills = await page
    .locator('circle.stage-node')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('fill')));
  expect(new Set(fills).size).toBeGreaterThan(1);
  const colorOf = (name: string) =>
    page.getByRole('tab', { name }).evaluate((tab) => getComputedStyle(tab).borderBottomColor);
  expect(await colorOf('Settings')).not.toBe(await colorOf('Results'));
  const text = await page.evaluate(() => getComputedStyle(document.body).color);
  expect(await colorOf('Results')).not.toBe(text);
  const idle = lab.button('Undo');
  await expect(idle).toHaveAttribute('aria-disabled', 'true');
  expect(await idle.evaluate((button) => getComputedStyle(button).color)).not.toBe(text);
  const segment = (name: string) =>
    lab.setup
      .locator('.segments label', { hasText: name })
      .evaluate((label) => getComputedStyle(label).backgroundColor);
  expect(await segment('CPU')).not.toBe(await segment('Reference'));
});
