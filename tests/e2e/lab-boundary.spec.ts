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
  await expect(panel.getByRole('img', { name: /^Unit \d of layer 1/ })).toHaveCount(4);
  // The middle is class 1, a corner is not; with the keyboard.
  await expect(panel.getByRole('status')).toHaveText(/^There: 1 with \d+ %$/);
  for (const axis of ['x', 'y']) await panel.getByRole('slider', { name: axis }).press('Home');
  await expect(panel.getByRole('status')).toHaveText(/^There: 0 with \d+ %$/);
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
  await lab.show('Draw');
  await expect(page.getByRole('tabpanel', { name: 'Draw' })).toContainText(
    'Nothing that one could',
  );
});
