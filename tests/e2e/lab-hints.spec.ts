/** A hint: what was seen, and one click that tries a remedy. */
import { expect, test } from './lab-page';

test('a huge learning rate diverges, and the remedy is applied', async ({ lab, page }) => {
  await lab.open(
    'tune=off&backend=cpu&activation=relu&init=he_normal&learning_rate=1000&epochs=60',
  );
  // Whatever the live region says, however soon it says something else.
  const said = await page.evaluateHandle(() => {
    const region = document.querySelector('output[aria-live=polite]');
    const texts: string[] = [];
    const hear = () => texts.push(region?.textContent ?? '');
    if (region !== null) {
      const how = { childList: true, characterData: true, subtree: true };
      new MutationObserver(hear).observe(region, how);
    }
    return texts;
  });
  await lab.button('Start').click();
  const hints = page.getByRole('region', { name: 'Hints' });
  const hint = hints.locator('.hint').filter({ hasText: 'Training diverges' });
  await expect(hint).toBeVisible();
  await hint.locator('summary').click();
  await expect(hint).toContainText(/no longer a finite number|guessing costs/);
  await expect.poll(() => said.jsonValue()).toContainEqual(expect.stringContaining('Hint:'));
  await hint.getByRole('button', { name: 'Try a learning rate of 100' }).click();
  await expect(lab.field('Learning rate')).toHaveValue('100');
  await expect.poll(() => new URL(page.url()).searchParams.get('learning_rate')).toBe('100');
  await expect.poll(() => lab.epoch()).toBeGreaterThan(0);
});
