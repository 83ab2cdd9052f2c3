/** A hint: what was seen, and one click that tries a remedy. */
import { expect, test } from './lab-page';

test('a huge learning rate diverges, and the remedy is applied', async ({ lab, page }) => {
  await lab.open(
    'tune=off&backend=cpu&activation=relu&init=he_normal&learning_rate=1000&epochs=60',
  );
  await lab.button('Start').click();
  const hints = page.getByRole('region', { name: 'Hints' });
  const hint = hints.locator('.hint').filter({ hasText: 'Training diverges' });
  await expect(hint).toBeVisible();
  await hint.locator('summary').click();
  await expect(hint).toContainText(/no longer a finite number|guessing costs/);
  await expect(page.locator('output[aria-live=polite]')).toContainText('Hint:');
  await hint.getByRole('button', { name: 'Try a learning rate of 100' }).click();
  await expect(lab.field('Learning rate')).toHaveValue('100');
  await expect.poll(() => new URL(page.url()).searchParams.get('learning_rate')).toBe('100');
  await expect.poll(() => lab.epoch()).toBeGreaterThan(0);
});
