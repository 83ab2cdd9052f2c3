/**
 * WebGPU's engines outside of a browser: Dawn (Chrome's) in Node, and Deno with wgpu (Firefox's). Each is
 * large, and few need it: it is fetched when it is asked for, and not by the project's own installation.
 * A lock file in build/engines/ pins each with its checksums.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { DAWN_PACKAGE } from './dawn';
import { EngineError } from './engine-error';
import { npmCi } from './npm-ci.mjs';
import { ROOT } from './paths';

/** By name, with the package that holds it. */
const PACKAGES = { dawn: DAWN_PACKAGE, deno: 'deno' } as const;
export type EngineName = keyof typeof PACKAGES;

const MANIFESTS = ['package.json', 'package-lock.json'] as const;

function manifest(name: EngineName, file: (typeof MANIFESTS)[number]): string {
  return join(ROOT, 'build/engines', name, file);
}

/** The pinned version: `0.6.2`. */
export function engineVersion(name: EngineName): string {
  const { packages } = JSON.parse(readFileSync(manifest(name, 'package-lock.json'), 'utf8'));
  return packages[`node_modules/${PACKAGES[name]}`].version;
}

/** Where an engine lies once it is fetched: another place for another lock file. */
function folderOf(name: EngineName): string {
  const lock = readFileSync(manifest(name, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  return join(ROOT, 'node_modules/.cache/engines', `${name}-${hash}`);
}

/** The folder of an engine's packages; undefined where it has not been fetched. */
export function installedEngine(name: EngineName): string | undefined {
  const packages = join(folderOf(name), 'node_modules');
  return existsSync(packages) ? packages : undefined;
}

/**
 * The folder of an engine's packages, fetched by npm where it is not there.
 *
 * @param warn - is told that it is being fetched
 * @throws EngineError in words, where it cannot be fetched
 */
export async function fetchEngine(name: EngineName, warn: (line: string) => void): Promise<string> {
  const installed = installedEngine(name);
  if (installed !== undefined) return installed;
  warn(`Fetching ${PACKAGES[name]} ${engineVersion(name)} with npm, once …`);
  const folder = folderOf(name);
  // Under its own name first: one that broke off does not pass for a whole one.
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    for (const file of MANIFESTS) copyFileSync(manifest(name, file), join(unfinished, file));
    // What these packages would run after their installation is not needed.
    // By its true path: npm takes one that leads through a link for another project.
    const place = realpathSync(unfinished);
    const status = await npmCi(place, '--prefix', place, '--ignore-scripts');
    if (status !== 0) {
      throw new EngineError(
        `${PACKAGES[name]} could not be fetched (npm ci: ${status}); it comes from the registry that npm uses: check the network, then try again`,
      );
    }
    // Another process may have been quicker.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return join(folder, 'node_modules');
}

/**
 * The program of Deno.
 *
 * @param packages - its folder
 * @throws EngineError where there is none for this machine
 */
export function denoProgram(packages: string): string {
  const { platform, arch } = process;
  const file = platform === 'win32' ? 'deno.exe' : 'deno';
  const built = platform === 'linux' ? `linux-${arch}-glibc` : `${platform}-${arch}`;
  const program = join(packages, '@deno', built, file);
  if (existsSync(program)) return program;
  throw new EngineError(`there is no Deno for ${platform} on ${arch}`);
}
