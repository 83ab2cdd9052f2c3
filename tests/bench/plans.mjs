/**
 * Times the plans that may train a workload in headless Chromium:
 * `node tests/bench/plans.mjs [--workload notebook|digits|image|mnist|conv] [--only layered,sample-parallel-4-1,…]
 * [--rounds 7] [--milliseconds 150] [--kernels] [--hardware]`.
 */
import { parseArgs } from 'node:util';
import { measureInPage, median } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: 'notebook' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    milliseconds: { type: 'string', default: '150' },
    kernels: { type: 'boolean', default: false },
    hardware: { type: 'boolean', default: false },
  },
});

const rows = await measureInPage(
  'plans-page.ts',
  {
    workload: values.workload,
    only: values.only.split(',').filter((name) => name !== ''),
    rounds: Number(values.rounds),
    milliseconds: Number(values.milliseconds),
    kernels: values.kernels,
  },
  values.hardware,
);

console.log(`${'plan'.padEnd(40)} compile ms  ms a step (least, median)  CPU ms`);
for (const { plan, compileMs, wall, cpu, kernels } of rows) {
  console.log(
    [
      plan.padEnd(40),
      compileMs.toFixed(0).padStart(10),
      Math.min(...wall)
        .toFixed(3)
        .padStart(12),
      median(wall).toFixed(3).padStart(12),
      median(cpu).toFixed(3).padStart(9),
    ].join(' '),
  );
  for (const { part, layer, kernel, milliseconds } of kernels) {
    console.log(
      `  ${`${part} ${layer} ${kernel}`.padEnd(50)} ${milliseconds.toFixed(4).padStart(10)}`,
    );
  }
}
