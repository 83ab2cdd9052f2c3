/**
 * The check in an installed Firefox, headless, with a profile of its own: nothing drives it. It opens a page
 * of a server on this machine, which gives it the check and takes its findings.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../src/cli/paths';
import { FIXTURE_NAMES } from '../fixtures';
import type { Finding } from './findings';

/** The environment variable that names the Firefox to use. */
const FIREFOX_VARIABLE = 'SHADERPROP_FIREFOX';

/** WebGPU where it is off by default, on software adapters too, and a Firefox that asks nobody anything. */
const PREFERENCES = {
  'dom.webgpu.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  // A page that computes for minutes is no page that hangs.
  'dom.max_script_run_time': 0,
};

/** What fails before the check begins is told, too. */
const PAGE = `<!doctype html><meta charset="utf-8"><script>
addEventListener('error', ({ message }) =>
  fetch('/end', { method: 'POST', body: JSON.stringify(message ?? 'it does not load') }), true);
</script><script type="module" src="/script.mjs"></script>`;

/** A Firefox on this machine; undefined where none is found. */
export function installedFirefox(): string | undefined {
  const { [FIREFOX_VARIABLE]: named, PATH = '', PROGRAMFILES = 'C:\\Program Files' } = process.env;
  const folders = PATH.split(delimiter);
  return [
    ...(named ? [named] : []),
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    join(PROGRAMFILES, 'Mozilla Firefox', 'firefox.exe'),
    ...['firefox', 'firefox-esr'].flatMap((name) => folders.map((folder) => join(folder, name))),
  ].find((file) => existsSync(file));
}

/** Answers whether there is an adapter, and that is all. */
const PROBE = `
const isThere = Boolean(await navigator.gpu?.requestAdapter());
await fetch('/finding', { method: 'POST', body: JSON.stringify(isThere) });
await fetch('/end', { method: 'POST', body: 'null' });
`;
const PROBE_MS = 120_000;

/**
 * Whether this Firefox has WebGPU, and an adapter for it.
 *
 * @param environment - variables beside those of this process
 */
export async function firefoxHasWebGpu(
  firefox: string,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    return (await inFirefox(firefox, PROBE, environment, PROBE_MS)).includes(true);
  } catch {
    return false;
  }
}

/**
 * What Firefox finds.
 *
 * @param program - the compiled tests/engines/check-page.ts
 * @throws Error with what the page or Firefox said, where it does not come to an end
 */
export async function firefoxFindings(
  firefox: string,
  program: string,
  environment: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<readonly Finding[]> {
  const script = readFileSync(program, 'utf8');
  return (await inFirefox(firefox, script, environment, limitMs)) as readonly Finding[];
}

/** Runs a module in a page until it posts an end, and gives what it posted before, in its order. */
async function inFirefox(
  firefox: string,
  script: string,
  environment: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<readonly unknown[]> {
  const findings: unknown[] = [];
  let [resolve, reject] = [() => {}, (_: Error) => {}];
  const end = new Promise<void>((...both) => {
    [resolve, reject] = both;
  });
  // It may fail before anybody waits for it.
  end.catch(() => {});
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const give = (type: string, content: string | Buffer) =>
      response.writeHead(200, { 'content-type': type }).end(content);
    if (path === '/') give('text/html', PAGE);
    else if (path === '/script.mjs') give('text/javascript', script);
    else if (path === '/project/fixtures') give('application/json', JSON.stringify(FIXTURE_NAMES));
    else if (
      path.startsWith('/project/') &&
      existsSync(join(ROOT, path.slice('/project/'.length)))
    ) {
      give('text/plain', readFileSync(join(ROOT, path.slice('/project/'.length))));
    } else if (request.method === 'POST') {
      const content = JSON.parse(await bodyOf(request));
      give('text/plain', '');
      if (path === '/finding') findings.push(content);
      else if (content === null) resolve();
      else reject(new Error(content));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const profile = mkdtempSync(join(tmpdir(), 'shaderprop-firefox-'));
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const args = ['--headless', '--no-remote', '--profile', profile, `http://127.0.0.1:${port}/`];
  const child = spawn(firefox, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const warned: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text) => warned.push(text));
  const told = (why: string) => reject(new Error(`${why}\n${warned.join('').slice(-2000)}`));
  child.once('error', reject).once('close', () => told('Firefox ended'));
  const limit = setTimeout(told, limitMs, `no end after ${limitMs / 1000} s`);
  try {
    await end;
    return findings;
  } finally {
    clearTimeout(limit);
    server.close();
    server.closeAllConnections();
    const isRunning =
      child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    const isClosed = isRunning && new Promise((closed) => child.once('close', closed));
    child.kill('SIGKILL');
    await isClosed;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
