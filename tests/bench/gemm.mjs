/**
 * Times the variants of the matrix products in headless Chromium:
 * `node tests/bench/gemm.mjs [--forms forward,delta,weights] [--shapes 256x784x512,…] [--only r8x8,…]
 * [--rounds 5] [--milliseconds 100] [--hardware]`. Where several programs share the processor, the GPU
 * process's own time (Linux) is the steadier figure on the software adapter.
 */
import { parseArgs } from 'node:util';
import { measureInPage, median } from './in-page.mjs';

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

/** @param {string} text */
const list = (text) => text.split(',').filter((word) => word !== '');
const rows = await measureInPage(
  'gemm-page.ts',
  {
    forms: list(values.forms),
    shapes: list(values.shapes).map((shape) => shape.split('x').map(Number)),
    only: list(values.only),
    rounds: Number(values.rounds),
    milliseconds: Number(values.milliseconds),
  },
  values.hardware,
);

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
      median(cpu).toFixed(3).padStart(9),
    ].join(' '),
  );
}
