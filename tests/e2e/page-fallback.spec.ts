/** Where WebGPU cannot be had, the page says why and goes on with the CPU; less than that is no obstacle. */
import { inWorker, WITHOUT_WEBGPU } from './in-worker';
import { expect, expectCpu, test } from './notebook-page';

test('a browser without WebGPU', async ({ notebook, page }) => {
  await inWorker(page, WITHOUT_WEBGPU);
  await notebook.open();
  await expectCpu(notebook, /This browser has no WebGPU/);
});

test('a worker that gets no adapter', async ({ notebook, page }) => {
  await inWorker(page, 'GPU.prototype.requestAdapter = async () => null;');
  await notebook.open();
  await expectCpu(notebook, /found no graphics adapter/);
});

test('an adapter without info, as in Chrome 113 to 126, trains', { tag: '@slow' }, async ({
  notebook,
  page,
}) => {
  await inWorker(page, 'Reflect.deleteProperty(GPUAdapter.prototype, "info");');
  await notebook.open();
  await notebook.set('Epochs', '20');
  await notebook.trainToTheEnd(20);
  await expect(notebook.evaluationSource).toContainText('WebGPU, unnamed adapter, float32');
});
