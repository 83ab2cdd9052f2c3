/** A run begins with the first layers of another: taken from the present one, kept, and asked for by a link. */
import { violationsOf } from './axe';
import { expect, test } from './lab-page';

test('the first layers of the present run are taken over and frozen, and a link asks for them', async ({
  lab,
  page,
  browser,
}) => {
  await lab.open('backend=cpu&epochs=30&init=he_normal');
  await lab.unfold('Transfer');
  const start = lab.setup.getByRole('group', { name: 'Start from a run' });
  const take = start.getByRole('button', { name: 'Take the present run’s layers' });
  await expect(take).toHaveAttribute('aria-disabled', 'true');
  await lab.train();
  // The digits 2 and 3 begin with what 0 and 1 have taught.
  for (const digit of ['2', '3', '0', '1']) {
    await lab.setup.getByRole('checkbox', { name: digit, exact: true }).click();
  }
  await take.click();
  await expect(start).toContainText(/It begins with layers of run-epoch-30\.json, of [\d,]+ bytes/);
  await expect(start).toContainText('It begins with 2 layers.');
  await expect(lab.field('Layers from that run')).toHaveValue('2');
  await lab.set('Layers from that run', '1');
  await lab.set('Frozen layers', '1');
  await expect(page).toHaveURL(/from=file%3Arun-epoch-30\.json.*&from_layers=1&freeze=1/);
  expect(await violationsOf(page, '.start-from')).toEqual([]);
  await lab.applyAndRestart();
  await lab.trained();

  const elsewhere = await browser.newPage();
  await elsewhere.goto(page.url());
  const asking = elsewhere.getByRole('group', { name: 'Start from a run' });
  await expect(asking).toContainText(/This needs the file run-epoch-30\.json, of [\d,]+ bytes/);
  await elsewhere
    .getByLabel('File with parameters or a run to start from')
    .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await expect(asking).toContainText('there are settings in it, and no parameters');
  await asking.getByRole('button', { name: 'Begin anew' }).click();
  await expect(elsewhere.getByRole('banner').locator('.badge strong')).toBeVisible();
  await expect(elsewhere).not.toHaveURL(/from/);
  await elsewhere.close();
});

test('a run of an earlier visit gives its first layers', { tag: '@slow' }, async ({
  lab,
  page,
}) => {
  await lab.open('backend=cpu&epochs=30&init=he_normal');
  await lab.train();
  await page.reload();
  await lab.unfold('Transfer');
  const start = lab.setup.getByRole('group', { name: 'Start from a run' });
  await start.getByRole('button', { name: /^Take a kept run’s layers \(30 epochs, / }).click();
  await expect(start).toContainText(/It begins with layers of run-epoch-30\.json, of [\d,]+ bytes/);
  await expect(start).toContainText('It begins with 2 layers.');
  expect(await violationsOf(page, '.start-from')).toEqual([]);
});
