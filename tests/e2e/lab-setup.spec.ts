/** The lab's settings and transport. */
import type { Page } from '@playwright/test';
import { CONFIGURATION_KEYS } from '../../src/training/configuration/fields';
import { violationsOf } from './axe';
import { expect, test } from './lab-page';

test('every setting has a control with a label and a description', async ({ lab }) => {
  await lab.open();
  for (const group of ['Transfer', 'Learning-rate schedule', 'Regularization'])
    await lab.unfold(group);
  const controls = lab.setup.locator('.setup-field');
  // All fields of the schema but the layers and the run to start from, which have controls of their own, and
  // the two of WebGPU's plan.
  await expect(controls).toHaveCount(CONFIGURATION_KEYS.length - 2 + 2);
  const nameless = await lab.setup
    .locator('.setup-field :is(input:not(.classes input), select)')
    .evaluateAll((elements) =>
      elements.flatMap((element) => {
        const { labels, id } = element as HTMLInputElement;
        const help = document.getElementById(element.getAttribute('aria-describedby') ?? '');
        return labels?.length === 1 && (help?.textContent ?? '').length > 10 ? [] : [id];
      }),
    );
  expect(nameless).toEqual([]);
  // Explained on demand; a slider and its field are one value.
  const explanation = lab.setup.getByText('How far each update goes along the gradient.');
  expect((await explanation.boundingBox())?.height).toBeLessThan(2);
  await lab.field('Explain every setting').check();
  expect((await explanation.boundingBox())?.height).toBeGreaterThan(10);
  await lab.field('Learning rate, common values').press('ArrowRight');
  await expect(lab.field('Learning rate')).toHaveValue('1');
});

test('layers and parameters follow the edit, letter by letter', async ({ lab }) => {
  await lab.open();
  const layers = lab.setup.getByRole('region', { name: 'Layers' });
  await expect(layers.locator('tfoot td')).toHaveText('1,185');
  await lab.field('Hidden layers').fill('32');
  await expect(layers.locator('tfoot td')).toHaveText('2,113');
  await lab.field('Hidden layers').fill('32,16');
  await expect(layers.locator('tbody tr')).toHaveCount(3);
  await expect(layers.locator('tfoot td')).toHaveText('2,625');
  await lab.field('Hidden layers').blur();
  await lab.button('Undo').click();
  await expect(lab.field('Hidden layers')).toHaveValue('16,8');
  await expect(layers.locator('tfoot td')).toHaveText('1,185');
  // Three digits make a softmax of three outputs.
  await lab.setup.getByRole('checkbox', { name: '2', exact: true }).check();
  await expect(layers.locator('tbody')).toContainText('softmax');
  await expect(layers.locator('tfoot td')).toHaveText('1,203');
});

test('layers come, change and go one by one, each with an activation of its own', async ({
  lab,
  page,
}) => {
  await lab.open('backend=cpu&epochs=20');
  const rows = lab.setup.getByRole('group', { name: 'Layer by layer' });
  await expect(rows.getByRole('listitem')).toHaveCount(2);
  await lab.field('Activation of layer 2').selectOption('tanh');
  await expect(page).toHaveURL(/layers=dense\+16\+sigmoid%3B\+dense\+8\+tanh/);
  await expect(lab.setup.getByRole('region', { name: 'Layers' })).toContainText('tanh');

  await rows.getByRole('button', { name: 'Add a layer' }).press('Enter');
  await lab.field('Units of layer 3').fill('4');
  await expect(lab.setup.getByRole('region', { name: 'Layers' }).locator('tfoot td')).toHaveText(
    // 64·16 + 16 + 16·8 + 8 + 8·4 + 4 + 4 + 1
    '1,217',
  );
  await lab.field('Units of layer 3').fill('none');
  await expect(rows).toContainText('is not allowed');
  await lab.field('Units of layer 3').fill('4');
  await rows.getByRole('button', { name: 'Remove layer 1' }).press('Enter');
  await expect(rows.getByRole('listitem')).toHaveCount(2);
  await expect(rows.getByRole('button', { name: 'Add a layer' })).toBeFocused();
  expect(await violationsOf(page, '.layer-rows')).toEqual([]);
  await lab.train();
  await lab.show('Curves');
  // What is alike is written the short way.
  await expect(lab.runs.first()).toContainText('Hidden layers 8,4, Activation Tanh');
});

test('layers that do not fit other data are left out and come back, in words', async ({
  lab,
  page,
}) => {
  const convolutions = 'conv 4 3x3 same relu; max_pool 2';
  await lab.open(`backend=cpu&layers=${encodeURIComponent(`${convolutions}; dense 12 tanh`)}`);
  const rows = lab.setup.getByRole('group', { name: 'Layer by layer' }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  await lab.field('Data set').selectOption('spiral');
  await expect(rows).toHaveCount(1);
  const words = `Layers that do not fit these data are left out: ${convolutions}.`;
  await expect(lab.setup.getByText(words)).toBeVisible();
  await expect(lab.field('Data set')).toHaveAccessibleDescription(new RegExp(words));
  await expect(lab.status).toContainText(words);
  await lab.field('Data set').selectOption('digits');
  await expect(rows).toHaveCount(3);
  await expect(lab.status).toHaveText(`Layers that were left out are back: ${convolutions}.`);
  await expect(lab.setup.getByText(words)).toBeHidden();
  await expect(page).toHaveURL(/layers=conv/);
});

test('refuses what is not allowed, beside the control', async ({ lab }) => {
  await lab.open();
  const rate = lab.field('Learning rate');
  await lab.set('Learning rate', '-3');
  await expect(rate).toHaveAttribute('aria-invalid', 'true');
  await expect(rate).toHaveAccessibleDescription(/-3 is not allowed; use a number above 0/);
  await lab.button('Undo').click();
  await expect(rate).toHaveValue('0.5');
  await expect(rate).toHaveAttribute('aria-invalid', 'false');
  // What is typed stays as it is until the control is left.
  await rate.pressSequentially('0');
  await rate.fill('0.10');
  await expect(rate).toHaveValue('0.10');
  await rate.blur();
  await expect(rate).toHaveValue('0.1');
});

test('settings that make no difference are out of use, and say why', async ({ lab }) => {
  await lab.open();
  await expect(lab.field('Nesterov')).toBeDisabled();
  await lab.set('Momentum', '0.9');
  await expect(lab.field('Nesterov')).toBeEnabled();
  await lab.field('Nesterov').check();
  await lab.field('Optimizer').selectOption('adam');
  await expect(lab.field('Momentum')).toBeDisabled();
  await expect(lab.field('Momentum')).toHaveValue('0');
  await expect(lab.field('Momentum')).toHaveAccessibleDescription(/Only with the optimizer SGD/);
  await lab.unfold('Learning-rate schedule');
  await expect(lab.field('Decay rate')).toBeDisabled();
  await lab.field('Schedule').selectOption('exponential');
  await expect(lab.field('Decay rate')).toHaveValue('0.995');
  await expect(lab.page.getByRole('img', { name: /schedule Exponential/ })).toBeVisible();
  await expect(lab.page.getByRole('img', { name: /0\.5 in epoch 1, 0\.00334/ })).toBeVisible();
});

test('an edit in the middle of a run asks for a restart', async ({ lab }) => {
  await lab.open('backend=cpu&epochs=1000000');
  await lab.button('Start').click();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(5);
  await expect(lab.button('Apply and restart')).toHaveAttribute('aria-disabled', 'true');
  await lab.set('Epochs', '30');
  await expect(lab.setup).toContainText('The settings differ from those of this run.');
  await lab.button('Apply and restart').click();
  await lab.trained();
  await expect(lab.progress).toHaveText('Epoch 30 of 30');
  await expect(lab.button('Apply and restart')).toHaveAttribute('aria-disabled', 'true');
});

test('steps a batch, takes a new seed, and changes the pace', async ({ lab, page }) => {
  await lab.open('backend=cpu&batch_size=144&epochs=500');
  await lab.button('Batch').click();
  await lab.button('Batch').click();
  await expect.poll(() => lab.epoch()).toBe(1);
  await lab.button('New seed').click();
  await expect.poll(() => lab.epoch()).toBe(0);
  expect(await lab.field('Seed').inputValue()).not.toBe('42');

  await page.getByLabel('Speed').selectOption('10 epochs/s');
  await lab.button('Start').click();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(2);
  // The pace can change amid a run, and a pause takes effect at any pace.
  await page.getByLabel('Speed').selectOption('1 epoch/s');
  await lab.button('Pause').click();
  await expect(lab.button('Resume')).toBeVisible();
  await page.getByLabel('Speed').selectOption('full speed');
  await lab.button('Resume').click();
  await lab.trained();
});

test('trains in slow motion, and pauses in it', { tag: '@slow' }, async ({ lab, page }) => {
  await lab.open('backend=cpu&epochs=1000000');
  await page.getByLabel('Speed').selectOption('10 epochs/s');
  await lab.button('Start').click();
  await expect.poll(() => lab.epoch()).toBeGreaterThan(2);
  const [from, begin] = [await lab.epoch(), Date.now()];
  await page.waitForTimeout(2000);
  const rate = (1000 * ((await lab.epoch()) - from)) / (Date.now() - begin);
  expect(rate).toBeLessThan(12);
  await page.getByLabel('Speed').selectOption('1 epoch/s');
  await lab.button('Pause').click();
  await expect(lab.button('Resume')).toBeVisible();
});

test('trains on the CPU backend, and measures plans on WebGPU', async ({ lab, page }) => {
  await lab.open('epochs=50');
  const badge = page.getByRole('banner').locator('button.badge');
  await badge.click();
  const dialog = page.getByRole('dialog', { name: 'Diagnostics' });
  await expect(dialog).toContainText('chosen by measurement');
  await expect(dialog.getByRole('region', { name: 'Measured plans' })).toContainText(/\d m?s/);
  await expect(dialog).toContainText(/maxBufferSize[\d,]+ bytes/);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.reload();
  await lab.ready();
  await badge.click();
  await expect(dialog).toContainText('chosen by a measurement of an earlier visit');
  await dialog.getByRole('button', { name: 'Forget measurements' }).click();
  await expect(dialog).toContainText('are forgotten');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('radio', { name: 'CPU' }).check();
  await expect(badge).toContainText('CPU');
  await lab.train();
  await lab.show('Curves');
  await expect(lab.runs.first()).toContainText('CPU');
});

test('the CPU backend takes all cores, and one where the page’s host isolates it from no other', async ({
  lab,
  page,
}) => {
  const badge = page.getByRole('banner').locator('button.badge');
  const wide = 'backend=cpu&classes=0,1,2&hidden=256,128&epochs=2';
  await lab.open(wide);
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await lab.train();
  await expect(badge).toContainText(`${cores} of ${cores} core`);
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const isolates = /^cross-origin-(opener|embedder)-policy$/;
    const headers = Object.entries(response.headers()).filter(([name]) => !isolates.test(name));
    await route.fulfill({ response, headers: Object.fromEntries(headers) });
  });
  await page.goto('about:blank');
  await lab.open(wide);
  await lab.train();
  await expect(badge).toContainText(`1 of ${cores} core`);
});

test('shortcuts work, are listed, and can be switched off', async ({ lab, page }) => {
  await lab.open('backend=cpu&epochs=20');
  await page.keyboard.press('s');
  await expect.poll(() => lab.epoch()).toBe(1);
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(list.locator('tbody tr')).toHaveCount(10);
  await list.getByRole('checkbox', { name: 'Shortcuts are on' }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  // A reset would come before this step.
  await lab.button('Step').click();
  await expect(lab.progress).toHaveText('Epoch 2 of 20');
});

test('nothing is wider than the window, and the stage stays in sight beside the panels', async ({
  lab,
  page,
}) => {
  await lab.open('backend=cpu&epochs=20', '#lab/results');
  // What a panel says before training leads there.
  await lab.button('Train now').click();
  await lab.trained();
  await expect(lab.button('Train now')).toHaveCount(0);
  const picture = page.getByRole('listbox', { name: /^The network/ });
  for (const [width, height] of [
    [390, 844],
    [768, 1024],
    [1024, 768],
    [1280, 800],
    [1920, 1080],
  ]) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => scrollTo({ top: 9999, behavior: 'instant' }));
    for (const part of [
      page.getByRole('tab', { name: 'Results' }),
      ...(width < 1024 ? [] : [picture]),
    ]) {
      await expect(part, `at ${width} px`).toBeInViewport({ ratio: 1 });
    }
    if (width < 1024) {
      await lab.button('↑ Stage').click();
      await expect(picture).toBeInViewport({ ratio: 1 });
    }
    await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
    if (width >= 1280) {
      for (const tab of await page.getByRole('tab').all()) {
        await expect(tab).toBeInViewport({ ratio: 1 });
      }
    }
    // Charts take their new size a moment after the window has its own.
    const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.poll(scrollWidth, { message: `at ${width} px` }).toBeLessThanOrEqual(width);
    expect(await overlapsInBar(page), `at ${width} px`).toEqual([]);
  }
});

/** Pairs of things in the bar that lie over each other. */
function overlapsInBar(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parts = [...document.querySelectorAll('.brand, .views a, .transport > *, .bar-end > *')]
      .map((element) => ({ text: element.textContent ?? '', box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    return parts.flatMap((a, i) =>
      parts
        .slice(i + 1)
        .filter(
          (b) =>
            a.box.left < b.box.right - 1 &&
            b.box.left < a.box.right - 1 &&
            a.box.top < b.box.bottom - 1 &&
            b.box.top < a.box.bottom - 1,
        )
        .map((b) => `${a.text} / ${b.text}`),
    );
  });
}
