/**
 * The check in Node (Dawn) and in Deno (wgpu): each finding is a line of JSON on standard output.
 *
 * Its arguments: the project's folder, and the folder of the packages that hold Dawn, where it is not
 * the runtime itself that has WebGPU.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDawn, pollSeldom } from '../../src/cli/dawn';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { check } from './check';

const [project, dawnPackages] = process.argv.slice(2);
const acquired = await acquireDevice(
  dawnPackages === undefined ? navigator.gpu : await openDawn(dawnPackages),
);
if (dawnPackages !== undefined && acquired.info.isSoftware) pollSeldom();
await check({
  acquired,
  textOf: async (path) => readFileSync(join(project, path), 'utf8'),
  fixtures: readdirSync(join(project, 'tests/fixtures'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort(),
  say: (finding) => console.log(JSON.stringify(finding)),
});
