/** `npm start` as a user types it: it serves the page, and gives way where its port is taken. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, test } from '@playwright/test';
import { freePort } from '../support/free-port';
import { expectOnlyLoopback } from './loopback';

const ROOT = new URL('../..', import.meta.url);

let started: ChildProcess | undefined;
test.afterEach(() => {
  started?.kill();
  started = undefined;
});

/** Starts the server and waits for the line with its address. */
async function start(port: number): Promise<{ said: string; url: string }> {
  const child = spawn(process.execPath, ['src/cli/launch.mjs', 'start', '--port', `${port}`], {
    cwd: ROOT,
    env: { ...process.env, CI: 'true' },
  });
  started = child;
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      said += data;
    });
    child.stdout.on('data', (data) => {
      said += data;
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
      if (url !== undefined) resolve({ said, url });
    });
    child.once('exit', () => reject(new Error(`npm start ended: ${said}`)));
  });
}

test('gives way where its port is taken, serves the page to this machine only, and ends with a signal', async ({
  page,
}) => {
  const occupant = createServer();
  await new Promise<void>((resolve) => {
    occupant.listen(0, '127.0.0.1', resolve);
  });
  const address = occupant.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const { said, url } = await start(taken);
  occupant.close();
  const used = Number(new URL(url).port);
  expect(used).not.toBe(taken);
  expect(said).toContain(`Port ${taken} is taken; port ${used} is used instead.`);
  await expectOnlyLoopback(url);
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const ended = new Promise((resolve) => started?.once('exit', resolve));
  started?.kill('SIGINT');
  expect(await ended).toBe(130);
});

test('takes the port that it is given', async () => {
  const port = await freePort();
  const { said, url } = await start(port);
  expect(url).toBe(`http://127.0.0.1:${port}/`);
  expect(said).not.toContain('taken');
});
