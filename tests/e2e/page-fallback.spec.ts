/** Where WebGPU cannot be had, the page says why and goes on with the reference; less than that is no obstacle. */
import { expect, expectReference, test } from './notebook-page';

test('a browser without WebGPU', async ({ notebook, page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'gpu');
  });
  await notebook.open();
  await expectReference(notebook, /This browser has no WebGPU/);
});

test('a page that gets no adapter', async ({ notebook, page }) => {
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = async () => null;
  });
  await notebook.open();
  await expectReference(notebook, /found no graphics adapter/);
});

test('an adapter without info, as in Chrome 113 to 126, trains', async ({ notebook, page }) => {
  const forget = 'Reflect.deleteProperty(GPUAdapter.prototype, "info");';
  await page.addInitScript(forget);
  // An init script does not reach workers.
  await page.route(/training-worker.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${forget}${await response.text()}` });
  });
  await notebook.open();
  await notebook.set('Epochs', '20');
  await notebook.trainToTheEnd(20);
  await expect(notebook.evaluationSource).toContainText('WebGPU, unnamed adapter, float32');
});
