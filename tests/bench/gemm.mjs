/**
 * Times the variants of the matrix products in headless Chromium:
 * `node tests/bench/gemm.mjs [--forms forward,delta,weights] [--shapes 256x784x512,…] [--only r8x8,…]
 * [--rounds 5] [--milliseconds 100] [--hardware]`. Where several programs share the processor, the GPU
 * process's own time (Linux) is the steadier figure on the software adapter.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { ALIASES } from '../../src/cli/aliases.mjs';

const { values } = parseArgs({
  options: {
    forms: { type: 'string', default: 'forward,delta,weights' },
    shapes: { type: 'string', default: '256x784x512,256x512x256,256x256x10,288x64x16,64x64x64' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    milliseconds: { type: 'string', default: '100' },
    hardware: { type: 'boolean', default: false },
  },
});

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

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

const server = await createServer({
  configFile: false,
  root: new URL('../..', import.meta.url).pathname,
  logLevel: 'error',
  appType: 'custom',
  resolve: { alias: ALIASES },
  optimizeDeps: { noDiscovery: true },
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  plugins: [
    {
      name: 'empty-page',
      configureServer: ({ middlewares }) => {
        middlewares.use((request, response, next) => {
          if (request.url !== '/') return next();
          response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>GEMM</title>');
        });
      },
    },
  ],
});
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env.SHADERPROP_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
  args: [
    '--enable-unsafe-webgpu',
    ...(values.hardware ? [] : ['--use-webgpu-adapter=swiftshader']),
  ],
});
const page = await browser.newPage();
page.on('console', (message) => console.error(message.text()));
const clock = gpuClock();
if (clock !== undefined) await page.exposeFunction('gpuCpuMs', clock);
await page.goto(server.resolvedUrls?.local[0] ?? '');
/** @param {string} text */
const list = (text) => text.split(',').filter((word) => word !== '');
const rows = await page.evaluate(
  async (request) => {
    // A variable, so that the import is left to the browser.
    const module = '/tests/bench/gemm-page.ts';
    const { measure } = await import(module);
    return measure(request);
  },
  {
    forms: list(values.forms),
    shapes: list(values.shapes).map((shape) => shape.split('x').map(Number)),
    only: list(values.only),
    rounds: Number(values.rounds),
    milliseconds: Number(values.milliseconds),
  },
);
await browser.close();
await server.close();

console.log('form     rows x inputs x outputs  variant   compile ms   wall ms  GFLOP/s    CPU ms');
for (const { form, shape, variant, compileMs, wall, cpu, gflop } of rows) {
  const ms = median(wall);
  console.log(
    [
      form.padEnd(8),
      `${shape.rows}x${shape.inputs}x${shape.outputs}`.padEnd(24),
      variant.padEnd(9),
      compileMs.toFixed(0).padStart(10),
      ms.toFixed(3).padStart(9),
      ((gflop / ms) * 1e3).toFixed(2).padStart(8),
      clock === undefined ? '' : median(cpu).toFixed(3).padStart(9),
    ].join(' '),
  );
}
