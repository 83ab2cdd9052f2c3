/** End-to-end tests: real Chromium with WebGPU on the software adapter, against the built page. */
import { defineConfig } from '@playwright/test';
import { installedChromium, launchOptions } from './src/cli/chromium.ts';
import { freePort } from './src/cli/free-port.ts';

// Playwright reads this file once in every worker; they inherit the port that the first reading found.
const port = process.env.SHADERPROP_E2E_PORT ?? String(await freePort());
process.env.SHADERPROP_E2E_PORT = port;
const url = `http://127.0.0.1:${port}/`;
const chromium = installedChromium();

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  // Tests tagged @slow take minutes and are not about right or wrong: `npm run test:slow` runs them.
  projects: [
    { name: 'e2e', grepInvert: /@slow/ },
    { name: 'slow', grep: /@slow/ },
  ],
  // One test at a time: they share one software adapter, and some measure time.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: url,
    // No traces: recording them costs the time that some tests measure.
    screenshot: 'only-on-failure',
    ...(chromium === undefined ? {} : { launchOptions: launchOptions(chromium, 'software') }),
  },
  webServer: {
    // The built page as it ships, not the development server: its content security policy is tested, too.
    // Playwright says that this is a test, and the build would take that for development.
    env: { NODE_ENV: 'production' },
    command: `npx vite build --logLevel warn && npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    url,
    timeout: 120_000,
    reuseExistingServer: false,
  },
});
