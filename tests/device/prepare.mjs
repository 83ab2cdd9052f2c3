// Lays out .device/ for a machine with a GPU: README.md beside this says how. This file only compiles
// prepare.ts, as the commands are compiled.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiled } from '../../build/compiled.mjs';

const folder = await compiled({
  name: 'device-prepare',
  entries: { prepare: 'tests/device/prepare.ts' },
  sources: ['tests/device'],
});
const { main } = await import(pathToFileURL(join(folder, 'prepare.mjs')).href);
process.exitCode = await main(process.argv.slice(2));
