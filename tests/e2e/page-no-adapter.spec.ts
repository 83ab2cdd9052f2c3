/** A browser that has WebGPU but no adapter: in the page as well as in its worker. */
import { launchOptions, testChromium } from '../../src/cli/chromium';
import { expectCpu, test } from './notebook-page';

const chromium = testChromium();

// Without the arguments that the other tests use, headless Chromium finds no adapter.
test.use({
  launchOptions:
    chromium === undefined
      ? {}
      : { ...launchOptions(chromium, 'software'), args: ['--disable-gpu'] },
});

test('falls back to the CPU', async ({ notebook }) => {
  await notebook.open();
  await expectCpu(notebook, /This browser has no WebGPU|found no graphics adapter/);
});
