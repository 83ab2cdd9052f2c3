/** The servers behind the commands; `npm start`'s is looked at where that is started anyway. */
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { preview } from 'vite';
import { inTrainingPage } from '../../src/cli/headless';
import { freePort } from '../support/free-port';
import { expectOnlyLoopback } from './loopback';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('the server of `npm run train` and `npm run bench` answers this machine only', async () => {
  await inTrainingPage(
    () => undefined,
    async (page) => {
      await expectOnlyLoopback(page.url());
      return { kind: 'done', document: '0' };
    },
  );
});

test('`npm run preview` answers this machine only', async () => {
  const server = await preview({
    root: ROOT,
    logLevel: 'error',
    preview: { port: await freePort(), strictPort: true },
  });
  try {
    await expectOnlyLoopback(server.resolvedUrls?.local[0] ?? '');
  } finally {
    await server.close();
  }
});
