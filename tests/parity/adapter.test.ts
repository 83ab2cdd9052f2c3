/** Without an adapter no kernel can be tested: that is a failure, and this test says what to do. */
import { expect, test } from 'vitest';
import { classifyAdapter } from '../../src/gpu/runtime/classify-adapter';
import { BUFFER_USAGE, MAP_MODE, SHADER_STAGE } from '../../src/gpu/runtime/flags';

test('the browser gives a WebGPU adapter', async () => {
  expect(isSecureContext, 'the test page is not in a secure context').toBe(true);
  expect(
    navigator.gpu,
    'navigator.gpu is missing: start Chromium with --enable-unsafe-webgpu',
  ).toBeDefined();
  const adapter = await navigator.gpu.requestAdapter();
  expect(
    adapter,
    'requestAdapter() gave null: start Chromium with --use-webgpu-adapter=swiftshader, or use a full Chromium (not the headless shell)',
  ).not.toBeNull();
});

test('without its name, its subgroups tell that it is software', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const { subgroupMaxSize } = adapter?.info ?? {};
  expect(classifyAdapter({ ...(subgroupMaxSize !== undefined && { subgroupMaxSize }) })).toBe(
    classifyAdapter(adapter?.info ?? {}),
  );
});

test('its flags are numbered as ours are', () => {
  expect(GPUBufferUsage).toMatchObject(BUFFER_USAGE);
  expect(GPUMapMode).toMatchObject(MAP_MODE);
  expect(GPUShaderStage).toMatchObject(SHADER_STAGE);
});
