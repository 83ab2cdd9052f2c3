/** MNIST at full size in the page: fetched when it is chosen, trained by steps, and kept for offline. */
import { expect, LabPage, test } from './lab-page';

const TEN = 'backend=cpu&dataset=mnist&classes=0,1,2,3,4,5,6,7,8,9&scaling=unit';
const QUICK = `${TEN}&activation=relu&init=he_normal&optimizer=adam&learning_rate=0.01`;
const SMALL = `${QUICK}&hidden=32`;

test('is fetched when it is chosen, and an epoch is paused and watched by its batches', async ({
  lab,
  page,
}) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await lab.open('backend=cpu&tune=off');
  expect(fetched.filter((url) => url.endsWith('.gz'))).toEqual([]);
  // A run that no machine finishes meanwhile, of epochs that take seconds on any.
  await page.goto(`./?${QUICK}&hidden=128&batch_size=1&epochs=1000#lab`);
  await lab.ready();
  expect(fetched.filter((url) => url.endsWith('.gz'))).toHaveLength(4);
  await expect(page.getByText('28 × 28 pixels')).toBeVisible();

  await lab.button('Start').click();
  const training = page.getByRole('group', { name: 'Training' });
  await expect(training).toContainText(/batch [\d,]+ of 60,000/);
  await lab.button('Pause').click();
  await expect(lab.button('Resume')).toBeVisible();
  // Amid an epoch, even if that pause should have come between two of them.
  await lab.button('Batch').click();
  await expect(training).toContainText(/batch [\d,]+ of 60,000/);
  // The epoch under way is a line of its own.
  const line = page.locator('.spark-line.is-train').first();
  await expect(line).toHaveAttribute('d', /M/);

  await lab.show('Results');
  const results = page.getByRole('tabpanel', { name: 'Results' });
  await expect(results.getByText(/^of 10,000$/)).toBeVisible();
  await lab.show('Draw');
  await expect(page.getByText('As MNIST was made', { exact: false })).toBeVisible();
});

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('is there without a network once it was chosen', { tag: '@slow' }, async ({
    lab,
    page,
    context,
  }) => {
    await lab.open(`${SMALL}&epochs=1&train_samples=600`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    // The first visit was not under the worker while it fetched the data.
    await lab.open(`${SMALL}&epochs=1&train_samples=700`);
    await expect(async () => {
      const kept = await page.evaluate(async () => {
        const cache = await caches.open('data-sets');
        return (await cache.keys()).map(({ url }) => url);
      });
      expect(kept).toHaveLength(4);
    }).toPass();
    await context.setOffline(true);
    const other = new LabPage(await context.newPage());
    await other.open(`${SMALL}&epochs=1&train_samples=800`);
    await other.button('Start').click();
    await expect(other.button('Start again')).toBeVisible();
  });
});
