/**
 * What tuning a workload takes and finds: `node tests/bench/tune.mjs [--workload notebook|digits|image|mnist|conv]
 * [--hardware]`.
 */
import { parseArgs } from 'node:util';
import { measureInPage } from './in-page.mjs';

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: 'notebook' },
    hardware: { type: 'boolean', default: false },
  },
});
const { tried, total, plan } = await measureInPage(
  'tune-page.ts',
  { workload: values.workload },
  values.hardware,
);
for (const [i, { what, at }] of tried.entries()) {
  const end = tried[i + 1]?.at ?? total;
  console.log(`${at.toFixed(0).padStart(6)} ms  ${what} (${(end - at).toFixed(0)} ms)`);
}
console.log(JSON.stringify(plan, null, 1));
console.log(`opened after ${total.toFixed(0)} ms`);
