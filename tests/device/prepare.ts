/**
 * Lays out .device/, which git ignores: all that the check needs on a Linux machine (x86-64) with a GPU
 * and nothing installed but its driver. About 40 MB.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { compiled } from '../../build/compiled.mjs';
import { PYTHON_PEERS_FILE } from '../../src/bench/python-peer';
import { denoProgram, fetchEngine } from '../../src/cli/engines';
import { ROOT } from '../../src/cli/paths';
import { messageOf } from '../../src/training/errors';

const FOLDER = join(ROOT, '.device');
/** Vulkan's loader and what it loads. */
const LIBRARIES = [
  ...['libvulkan1', 'libegl1', 'libglvnd0', 'libopengl0', 'libgl1', 'libglx0', 'libgles2'],
];
const ENGINES = ['dawn', 'deno'] as const;
const warn = (line: string) => process.stderr.write(`${line}\n`);

/**
 * Lays it out for the engine that the first argument names, by default Dawn.
 *
 * @returns the exit status
 */
export async function main([asked = 'dawn']: readonly string[]): Promise<number> {
  const engine = ENGINES.find((name) => name === asked);
  if (engine === undefined) {
    warn(`${JSON.stringify(asked)} is no engine; allowed: ${ENGINES.join(', ')}`);
    return 2;
  }
  try {
    await layOut(engine);
    warn('.device/ is laid out: carry the folder over, and run there: bash .device/on-device.sh');
    return 0;
  } catch (error) {
    warn(`The check could not be laid out: ${messageOf(error)}`);
    return 1;
  }
}

async function layOut(engine: (typeof ENGINES)[number]): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  const program = await compiled({
    ...{ name: 'device', entries: { check: 'tests/device/check.ts' } },
    ...{ sources: ['tests/device'], isWhole: true },
  });
  copyFileSync(join(program, 'check.mjs'), join(FOLDER, 'check.mjs'));
  copyFileSync(join(ROOT, 'data/digits.csv'), join(FOLDER, 'digits.csv'));
  copyFileSync(join(ROOT, 'tests/device/on-device.sh'), join(FOLDER, 'on-device.sh'));
  copyFileSync(PYTHON_PEERS_FILE, join(FOLDER, basename(PYTHON_PEERS_FILE)));
  writeFileSync(join(FOLDER, 'engine'), `${engine}\n`);
  const packages = await fetchEngine(engine, warn);
  const runtime = join(FOLDER, 'runtime');
  switch (engine) {
    case 'dawn': {
      const file = `dist/linux-${process.arch}/dawn.node`;
      for (const part of ['package.json', 'index.js', file]) {
        cpSync(join(packages, 'webgpu', part), join(FOLDER, 'packages/webgpu', part));
      }
      copyFileSync(process.execPath, runtime);
      pack(join(FOLDER, 'packages/webgpu', file));
      break;
    }
    case 'deno':
      copyFileSync(denoProgram(packages), runtime);
      break;
    default:
      engine satisfies never;
  }
  chmodSync(runtime, 0o755);
  pack(runtime);
  fetchLibraries();
}

function pack(file: string): void {
  const { status, error } = spawnSync('xz', ['-T0', '-3', file], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`xz ${file}: ${error?.message ?? status}`);
}

/** The machine with the GPU may have them; where apt is not here, it has to. */
function fetchLibraries(): void {
  const folder = join(FOLDER, 'debs');
  const lists = mkdtempSync(join(tmpdir(), 'shaderprop-apt-'));
  mkdirSync(folder);
  mkdirSync(join(lists, 'partial'));
  const options = [
    '-oAPT::Architecture=amd64',
    '-oAPT::Architectures=amd64',
    `-oDir::State::Lists=${lists}`,
  ];
  const apt = (...args: string[]) =>
    spawnSync('apt-get', [...options, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 2] });
  apt('update');
  if (apt('download', ...LIBRARIES).status !== 0) {
    warn('apt-get gave no libraries of Vulkan: the other machine has to have them');
  }
  rmSync(lists, { recursive: true });
}
