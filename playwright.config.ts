/** End-to-end tests: real Chromium with WebGPU on the software adapter, against the built page. */
import { defineConfig } from '@playwright/test';
import { installedChromium, launchOptions, testChromium } from './src/cli/chromium.ts';
import { freePort } from './tests/support/free-port.ts';

// Playwright reads this file once in every worker; they inherit the port that the first reading found.
const port = process.env.SHADERPROP_E2E_PORT ?? String(await freePort());
process.env.SHADERPROP_E2E_PORT = port;
const url = `http://127.0.0.1:${port}/`;

/** Starts a Chromium on the software adapter; Playwright looks for its own where there is none. */
const startedIn = (path: string | undefined) =>
  path === undefined ? {} : { launchOptions: launchOptions(path, 'software') };

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  projects: [
    // No outcome depends on how fast a test runs, so two of them share the machine.
    { name: 'e2e', grepInvert: /@slow/, workers: 2, use: startedIn(testChromium()) },
    // What takes minutes, and what measures time: alone, in the browser that people use.
    { name: 'slow', grep: /@slow/, workers: 1, use: startedIn(installedChromium()) },
  ],
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: url,
    // No traces: recording them costs the time that some tests measure.
    screenshot: 'only-on-failure',
    // It would fetch every file of the page once more, a third of a short test's work.
    serviceWorkers: 'block',
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
