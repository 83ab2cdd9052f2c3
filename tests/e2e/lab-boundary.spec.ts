/** The boundary of data in the plane: from the notebook to it, and how training changes it. */
import { violationsOf } from './axe';
import { expect, test } from './lab-page';

test('one click from the notebook a boundary is seen to form, and another one for a spiral', async ({
  lab,
  page,
}) => {
  await page.goto('./?backend=cpu');
  await page.getByRole('button', { name: 'See what a hidden layer does' }).click();
  const panel = page.getByRole('tabpanel', { name: 'Boundary' });
  const plane = panel.getByRole('img', { name: /^The network answers/ });
  await expect(panel).toContainText('Before training', { timeout: 60_000 });
  await expect(page).toHaveURL(/dataset=circle/);
  const before = await plane.getAttribute('aria-label');
  await lab.train();
  await expect(panel).toContainText('After 300 epochs');
  await expect(plane).not.toHaveAccessibleName(before ?? '');
  const units = panel.getByRole('radio', { name: /^Unit \d of layer 1/ });
  await expect(units).toHaveCount(4);
  // The middle is class 1, a corner is not; with the keyboard.
  await expect(panel.getByRole('status')).toHaveText(/^x 0, y 0: class 1 with \d+ %$/);
  for (const axis of ['x', 'y']) await panel.getByRole('slider', { name: axis }).press('Home');
  await expect(panel.getByRole('status')).toHaveText(/^x .+, y .+: class 0 with \d+ %$/);

  // A unit in the place of the answer, and back.
  await units.nth(2).check();
  const large = panel.getByRole('img', { name: /^Unit 3 of layer 1 is above its middle in/ });
  await expect(large).toBeVisible();
  await expect(panel.getByRole('heading', { name: 'Unit 3 of layer 1, tanh' })).toBeVisible();
  await expect(panel.getByRole('status')).toHaveText(/: activation −?\d/);
  await panel.getByRole('radio', { name: 'The answer' }).check();
  await expect(plane).toBeVisible();

  // A point of the other class in the middle: by a click, and beside it by a key; both are in the link.
  const place = panel.getByRole('application', { name: 'A place in the plane' });
  await place.click();
  await place.press('Shift+ArrowRight');
  await place.press('0');
  await expect(panel).toContainText('2 points added; the run does not have them yet');
  await expect(page).toHaveURL(/points=[^&]+%3B[^&]+\+0/);
  await panel.getByRole('button', { name: 'Undo' }).click();
  await panel.getByRole('button', { name: 'Restart with them' }).click();
  await lab.trained();
  await expect(panel).toContainText('1 point added');
  await expect(panel).not.toContainText('does not have');
  await expect(place).toBeVisible();
  expect(await violationsOf(page, '.panels')).toEqual([]);

  const ofCircle = await plane.getAttribute('aria-label');
  await lab.show('Settings');
  await lab.field('Data set').selectOption('spiral');
  await lab.applyAndRestart();
  await lab.trained();
  await lab.show('Boundary');
  await expect(panel).toContainText('After 300 epochs');
  await expect(plane).not.toHaveAccessibleName(ofCircle ?? '');
  await expect(page.locator('.stage-features')).toContainText(/x .+y /);
  // Its settings have come along: with the circle's four units and 0.03 it stays half wrong.
  await expect(page).toHaveURL(/optimizer=adam&learning_rate=0\.01/);
  // There is nothing to draw; who asks for it by the address is told so, and not to draw.
  await expect(page.getByRole('tab', { name: 'Draw' })).toHaveCount(0);
  await page.evaluate(() => {
    location.hash = '#lab/draw';
  });
  await expect(page.getByRole('tabpanel', { name: 'Draw' })).toContainText('are not drawings');
  await expect(page.getByText('Draw, and the network says')).toHaveCount(0);
});

test('a run that was over at once can be watched slowly', async ({ lab, page }) => {
  await lab.open('backend=cpu&dataset=circle&epochs=3', '#lab/boundary');
  const panel = page.getByRole('tabpanel', { name: 'Boundary' });
  const plane = panel.getByRole('img', { name: /^The network answers/ });
  await expect(plane).toBeVisible();
  const tab = page.getByRole('tab', { name: 'Boundary' });
  const height = async () => {
    const [top, place] = [await tab.boundingBox(), await plane.boundingBox()];
    return (place?.y ?? Number.NaN) - (top?.y ?? Number.NaN);
  };
  const before = await height();
  await lab.train();
  await expect(panel).toContainText(/That took [\d.]+ ms\./);
  const slowly = panel.getByRole('button', { name: 'Watch it slowly' });
  expect(await height()).toBe(before);
  expect(await violationsOf(page, '.panels')).toEqual([]);
  await slowly.press('Enter');
  await expect(panel).toContainText('That was slow motion.');
  // Whoever asked with the keyboard has not lost their place.
  await expect(slowly).toBeFocused();
  expect(await height()).toBe(before);
});
