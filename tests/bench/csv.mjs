/**
 * How long a CSV of 100 MB takes to be read, in Node: `node tests/bench/csv.mjs [megabytes]`. The same
 * modules read it in the page's worker. It prints the median of three and the peak of the memory.
 */
import { createServer } from 'vite';
import { csvParts } from './csv-parts.mjs';

const megabytes = Number(process.argv[2] ?? 100);
const vite = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, watch: null },
  optimizeDeps: { noDiscovery: true },
  appType: 'custom',
});
const { readTable } = await vite.ssrLoadModule('/src/data/table/read-table.ts');

const file = new Blob(csvParts(megabytes));

const times = [];
for (let i = 0; i < 3; i++) {
  const from = performance.now();
  const { rows } = await readTable(file, 'big.csv');
  times.push(performance.now() - from);
  if (i === 0) console.log(`${rows.count} rows of ${rows.features} features`);
}
times.sort((a, b) => a - b);
const peak = process.resourceUsage().maxRSS / 1024;
console.log(
  `${(file.size / 1e6).toFixed(0)} MB of CSV: ${(times[1] / 1000).toFixed(2)} s, peak memory ${peak.toFixed(0)} MiB`,
);
await vite.close();
