/** The address and the memory of the lab. */
import { expect, test } from './lab-page';

test('the address follows the settings, and gives the run again', async ({
  lab,
  page,
  context,
}) => {
  await lab.open();
  await lab.set('Learning rate', '0.25');
  await lab.set('Hidden layers', '');
  await lab.field('Activation').isDisabled();
  await expect(page).toHaveURL(/\?v=\d&hidden=&learning_rate=0\.25&backend=cpu#lab$/);
  await lab.set('Epochs', '20');
  await lab.train();
  await lab.show('Curves');
  await expect(lab.runs.first().locator('td').first()).toHaveText('20');
  const values = await lab.runs.first().locator('td').allInnerTexts();

  // Somebody else opens the link, in a browser that remembers nothing.
  const url = page.url();
  const other = await context.browser()?.newContext();
  if (other === undefined) throw new Error('no browser');
  const theirs = await other.newPage();
  await theirs.goto(url);
  await theirs.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(theirs.getByRole('button', { name: 'Start again' })).toBeVisible();
  const row = theirs.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr').first();
  // Epoch, losses and accuracies; the time is another one.
  await expect
    .poll(async () => (await row.locator('td').allInnerTexts()).slice(0, 5))
    .toEqual(values.slice(0, 5));
  await other.close();
});

test('names what it does not understand, as text', async ({ lab, page }) => {
  const attack = encodeURIComponent('<img src=x onerror=alert(1)>');
  await lab.open(
    `v=1&tune=off&epochs=20&learning_rate=${attack}&${attack}=1&backend=abacus&present=loudly`,
  );
  const notice = page.getByRole('alert');
  await expect(notice).toContainText(
    'Learning rate: “<img src=x onerror=alert(1)>” is not allowed',
  );
  await expect(notice).toContainText('“<img src=x onerror=alert(1)>” is not a setting.');
  await expect(notice).toContainText('backend: “abacus” is not allowed; use one of webgpu, cpu');
  await expect(notice).toContainText('present: “loudly” is not allowed; use 0 or 1.');
  await expect(page.locator('img')).toHaveCount(0);
  await expect(lab.progress).toHaveText('Epoch 0 of 20');
  // What cannot be read stays at its field, and nothing trains in its place.
  await expect(lab.field('Learning rate')).toHaveValue('<img src=x onerror=alert(1)>');
  await lab.button('Start').click();
  await expect(page.locator('.notice', { hasText: 'A setting cannot be read' })).toBeVisible();
  await expect(page.locator('img')).toHaveCount(0);
  await notice.getByRole('button', { name: 'Close' }).click();
  await expect(notice).toBeHidden();
});

test('what the data do not allow stays in its field, and spoils no later visit', async ({
  lab,
  page,
}) => {
  await lab.open('backend=cpu&test_size=0.999&epochs=20', '#lab/export');
  await expect(lab.field('Test share')).toHaveValue('0.999');
  // Another panel is shown, and on a phone the settings are below the stage.
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.button('Start').click();
  await expect(lab.field('Test share')).toBeFocused();
  await expect(page.locator('.notice', { hasText: 'A setting cannot be read' })).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect(lab.setup).toContainText('0.999 is not allowed; the training set');
  await expect(lab.progress).toHaveText('Epoch 0 of 20');
  await page.goto('./');
  // The stage, and all ten parts.
  await expect(page.getByRole('heading', { level: 2 })).toHaveCount(11);
});

test('the last settings are offered, and the pinned runs come back', async ({ lab, page }) => {
  await lab.open('backend=cpu&epochs=25');
  await lab.train();
  await lab.show('Curves');
  await lab.runs.first().getByRole('button', { name: /^Pin/ }).click();
  await lab.set('Learning rate', '0.75');
  // A stranger's link leaves no trace.
  await lab.open('backend=cpu&learning_rate=0.125');
  // The plain address is the notebook's, with its settings; the last ones are offered.
  await page.goto('about:blank');
  await page.goto('./#lab');
  await lab.ready();
  await expect(lab.field('Learning rate')).toHaveValue('0.5');
  const offer = page.locator('.notice', { hasText: 'Go on with your last settings?' });
  await expect(offer).toContainText('Learning rate 0.75, Epochs 25 · CPU');
  await offer.getByRole('button', { name: 'Use them' }).click();
  await expect(offer).toBeHidden();
  await lab.ready();
  await expect(lab.field('Learning rate')).toHaveValue('0.75');
  await expect(lab.progress).toHaveText('Epoch 0 of 25');
  await lab.show('Curves');
  // Behind those that stand ready on both backends.
  await expect(lab.runs).toHaveCount(3);
  await expect(lab.runs.last()).toContainText('Epochs 25 · CPU');
  await expect(lab.runs.last().locator('td').first()).toHaveText('25');

  // What is no run any more is left out.
  await page.evaluate(() => localStorage.setItem('shaderprop.pinned-runs', '[{"name":3},7]'));
  await page.reload();
  await lab.ready();
  await expect(lab.runs).toHaveCount(1);
});

test('copies a link to the run', async ({ lab, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open('backend=cpu&epochs=33');
  await lab.button('Share').click();
  await expect(lab.button('Copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\?v=\d&epochs=33&backend=cpu#lab$/);
});

test('the views keep one state', async ({ lab, page }) => {
  await lab.open('backend=cpu&epochs=20');
  await lab.train();
  await page.getByRole('link', { name: 'Notebook' }).click();
  await expect(page.getByRole('heading', { name: 'The data' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Training log' })).toContainText('Epoch   20/20');
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect(lab.progress).toHaveText('Epoch 20 of 20');
  await expect(page).toHaveTitle('Lab · Shaderprop');
  await lab.show('Curves');
  await expect(lab.runs.first().locator('td').first()).toHaveText('20');
});

test('Back and Forward go through views, panels, settings and presenter mode, and a reload stays', async ({
  lab,
  page,
}) => {
  const rate = lab.field('Learning rate');
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const shows = (name: string) => expect(tab(name)).toHaveAttribute('aria-selected', 'true');
  const data = page.getByRole('heading', { name: 'The data' });
  await lab.open('backend=cpu', '#lab/results');
  await tab('Settings').click();
  await shows('Settings');
  // Typed letter by letter, it is one step.
  await rate.fill('');
  await rate.pressSequentially('0.25');
  await rate.blur();
  await page.getByRole('link', { name: 'Notebook' }).click();
  await expect(data).toBeVisible();
  await page.evaluate(() => scrollTo({ top: 2000, behavior: 'instant' }));
  await page.keyboard.press('v');
  await expect(lab.button('End presenting')).toBeVisible();

  await page.goBack();
  await expect(lab.button('End presenting')).toBeHidden();
  await expect(data).toBeVisible();
  await page.goBack();
  await expect(rate).toHaveValue('0.25');
  await shows('Settings');
  await page.goBack();
  await expect(rate).toHaveValue('0.5');
  await expect(page).toHaveURL(/\?v=\d&backend=cpu#lab\/settings$/);
  await page.goBack();
  await shows('Results');

  await page.goForward();
  await shows('Settings');
  await page.goForward();
  await expect(rate).toHaveValue('0.25');
  await expect(page).toHaveTitle(/^Settings/);
  await page.goForward();
  await expect(data).toBeVisible();
  // What is far away is laid out when it comes near, so the place is not the same to the pixel.
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(1000);
  await page.reload();
  await expect(data).toBeVisible();
  await page.goBack();
  await expect(rate).toHaveValue('0.25');
  await shows('Settings');
});
