/** Pause is answered within an epoch, however long that is. */
import { expect, test } from './lab-page';

for (const backend of ['webgpu', 'cpu', 'reference']) {
  test(`an epoch of single samples on ${backend} shows its steps and can be paused`, async ({
    lab,
    page,
  }) => {
    await lab.open(`tune=off&backend=${backend}&batch_size=1&hidden=512,512`);
    const steps = page.getByRole('group', { name: 'Training' }).getByText(/^batch /);
    const stepsDone = async () =>
      Number(/^batch ([\d,]+) of/.exec(await steps.innerText())?.[1].replaceAll(',', ''));
    await lab.button('Start').click();
    await expect.poll(stepsDone).toBeGreaterThan(3);
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
    await expect.poll(stepsDone).toBeGreaterThan(paused + 2);
    expect(await lab.epoch()).toBe(0);
    await lab.button('Pause').click();
    await expect(lab.button('Resume')).toBeVisible();
  });
}
