/** Runs a measuring module of this folder in headless Chromium; bytes, gemm, growth, keeping, plans, submits and tune use it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { ALIASES } from '../../build/aliases.mjs';
import { assemblyScript } from '../../build/assemblyscript.mjs';

/** @param {readonly number[]} numbers */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/**
 * What the module's `measure(request)` gives. It finds `cpuMs()`, the time that all processes of the browser
 * have computed for in milliseconds, and `gpuCpuMs()`, that of the GPU's process, where the system tells it (Linux).
 *
 * @param {string} module file in this folder
 * @param {unknown} request
 * @param {boolean} hardware whether the device's own adapter is used, and not the software one
 * @param {string} [name] of the function, where it is another one
 */
export async function measureInPage(module, request, hardware, name = 'measure') {
  const server = await createServer({
    configFile: false,
    root: new URL('../..', import.meta.url).pathname,
    logLevel: 'error',
    appType: 'custom',
    resolve: { alias: ALIASES },
    optimizeDeps: { noDiscovery: true },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    plugins: [assemblyScript(), emptyPage()],
  });
  await server.listen();
  const browser = await chromium.launch({
    executablePath: process.env.SHADERPROP_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--enable-unsafe-webgpu', ...(hardware ? [] : ['--use-webgpu-adapter=swiftshader'])],
  });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => console.error(message.text()));
    const session = await browser.newBrowserCDPSession();
    await page.exposeFunction('cpuMs', async () => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return 1000 * processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    });
    const clock = gpuClock();
    if (clock !== undefined) await page.exposeFunction('gpuCpuMs', clock);
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    return await page.evaluate(
      async ({ path, called, wanted }) => (await import(path))[called](wanted),
      { path: `/tests/bench/${module}`, called: name, wanted: request },
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @returns {import('vite').Plugin} */
function emptyPage() {
  return {
    name: 'empty-page',
    configureServer: ({ middlewares }) => {
      middlewares.use((request, response, next) => {
        if (request.url !== '/') return next();
        response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Bench</title>');
      });
    },
  };
}

/** Milliseconds that the GPU process of our own browser has computed for; undefined but on Linux. */
function gpuClock() {
  if (process.platform !== 'linux') return undefined;
  /** @param {number} pid */
  const parentOf = (pid) =>
    Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
  /** @type {(pid: number) => boolean} */
  const isOurs = (pid) => pid === process.pid || (pid > 1 && isOurs(parentOf(pid)));
  /** @type {number | undefined} */
  let pid;
  return () => {
    pid ??= execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('--type=gpu-process'))
      .map((line) => Number.parseInt(line, 10))
      .find(isOurs);
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  };
}
