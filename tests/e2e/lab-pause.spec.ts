/** Pause is answered within an epoch, however long that is. */
import { expect, test } from './lab-page';

/** So wide that an epoch takes a fast machine many times as long as it takes to press a button. */
const CASES = [
  ['webgpu', '512,512'],
  ['cpu', '1024,1024'],
  ['reference', '512,512', '@slow'],
] as const;

for (const [backend, hidden, ...tag] of CASES) {
  test(`an epoch of single samples on ${backend} shows its steps and can be paused`, {
    tag,
  }, async ({ lab, page }) => {
    await lab.open(
      `tune=off&backend=${backend}&classes=0,1,2,3,4,5,6,7,8,9&batch_size=1&hidden=${hidden}`,
    );
    const training = page.getByRole('group', { name: 'Training' });
    // What is not there yet is looked for again at once, not waited for.
    const stepsDone = async () => {
      const [, steps = 'none'] = /batch ([\d,]+) of/.exec(await training.innerText()) ?? [];
      return Number(steps.replaceAll(',', ''));
    };
    const soon = { intervals: [20] };
    await lab.button('Start').click();
    await expect.poll(stepsDone, soon).toBeGreaterThan(3);
    await lab.button('Pause').click();
    await expect(lab.button('Resume')).toBeVisible();
    const paused = await stepsDone();
    await lab.button('Batch').click();
    await expect.poll(stepsDone).toBe(paused + 1);
    // What has trained for a part of its first epoch is not untrained.
    const stage = page.getByRole('region', { name: 'The network at work' });
    await expect(stage).toContainText('amid the first epoch');
    await expect(stage).not.toContainText('not trained yet');
    await lab.button('Resume').click();
    await expect.poll(stepsDone, soon).toBeGreaterThan(paused + 2);
    await lab.button('Pause').click();
    await expect(lab.button('Resume')).toBeVisible();
    expect(await lab.epoch()).toBe(0);
  });
}
