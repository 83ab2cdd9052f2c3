/** A run that is played live: its learning rate changes while it trains, it is trained on, and its link gives it again. */
import { expect, test } from './lab-page';

test('a rate changed while it trains is a part of the run, which trains on after its end', async ({
  lab,
  page,
}) => {
  await lab.open('backend=cpu&epochs=60&init_scale=0.1', '#lab/curves');
  const live = page.getByRole('region', { name: 'While it trains' });
  await expect(live.getByRole('textbox', { name: 'Learning rate' })).toBeDisabled();
  await lab.button('Step').click();
  await live.getByRole('textbox', { name: 'Learning rate' }).fill('fast');
  await live.getByRole('textbox', { name: 'Learning rate' }).press('Enter');
  await expect(live.getByRole('alert')).toContainText('a number above 0');
  await live.getByRole('textbox', { name: 'Learning rate' }).fill('2');
  await live.getByRole('textbox', { name: 'Learning rate' }).press('Enter');
  const said = page.getByRole('status').filter({ hasText: 'From epoch 2: learning rate 2.' });
  await expect(said).toHaveCount(1);
  await expect(lab.field('Changes on the way')).toHaveValue('2 learning_rate 2');
  const changes = () => new URL(page.url()).searchParams.get('changes');
  await expect.poll(changes).toBe('2 learning_rate 2');
  await lab.button('Resume').click();
  await lab.trained();
  await expect(lab.runs.first()).toContainText('Learning rate 0.5, from epoch 2 2');
  const chart = page.getByRole('img', { name: /^Loss by epoch/ });
  await expect(chart).toHaveAccessibleName(/Learning rate 0.5, from epoch 2 2/);

  const on = page.getByRole('region', { name: 'Train on' });
  await on.getByRole('textbox', { name: 'More epochs' }).fill('15');
  await on.getByRole('button', { name: 'Train on' }).click();
  await expect(lab.progress).toHaveText('Epoch 75 of 75');
  await lab.trained();
  // As many as were asked for, once more, not the sum.
  await expect(on.getByRole('textbox', { name: 'More epochs' })).toHaveValue('15');
  // Epoch, losses and accuracies: the time is another one each time.
  const cells = lab.runs.first().locator('td:not(.run-actions)');
  const values = async () => (await cells.allInnerTexts()).slice(0, 5);
  await expect(cells.first()).toHaveText('75');
  const ended = await values();
  // The same run from the start.
  await lab.button('Start again').click();
  await expect(lab.runs).toHaveCount(2);
  await lab.trained();
  await expect.poll(values).toEqual(ended);

  // Taken away by mistake, and had again with its parameters.
  const tabs = page.getByRole('tablist', { name: 'Panels' });
  const place = await tabs.boundingBox();
  await lab.button('Reset').click();
  await expect(lab.progress).toHaveText('Epoch 0 of 75');
  const notice = page.locator('.notice');
  await expect(notice).toContainText('The run had come to epoch 75.');
  // A notice comes without moving what it stands beside.
  await expect.poll(() => tabs.boundingBox()).toEqual(place);
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(lab.progress).toHaveText('Epoch 75 of 75');
  await expect.poll(values).toEqual(ended);
  await expect(lab.runs).toHaveCount(2);

  // The earlier run goes on where it stood, which was the end.
  await lab.runs
    .nth(1)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(lab.runs).toHaveCount(1);
  await notice.getByRole('button', { name: 'Undo' }).click();
  await lab.runs
    .nth(1)
    .getByRole('button', { name: /^Go on/ })
    .click();
  await expect(notice).toHaveCount(0);
  await expect(lab.runs).toHaveCount(2);
  await expect(on.getByRole('button', { name: 'Train on' })).toBeVisible();
  await expect(lab.runs.first().getByRole('button', { name: /^Settings/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});
