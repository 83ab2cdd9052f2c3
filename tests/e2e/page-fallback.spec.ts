/** Where WebGPU cannot be had, the page says why and goes on with the reference. */
import { expectReference, test } from './notebook-page';

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
