/**
 * Finds a Chromium to train and test in, fetches one where there is none, and says with which
 * arguments it gives a WebGPU adapter.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { chromium } from 'playwright';
import { packageFile } from './paths.ts';

/** The environment variable that names the Chromium to use. */
export const CHROMIUM_VARIABLE = 'SHADERPROP_CHROMIUM';

/** Where Debian's package of that name puts it. Playwright's own headless shell has no WebGPU. */
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const APT_LIMIT_MS = 10 * 60_000;

/** There is no Chromium, none could be fetched, or it does not start. */
export class ChromiumError extends Error {
  override readonly name = 'ChromiumError';
}

/** `software`: the same results on every machine. `default`: the hardware's adapter where there is one. */
export type AdapterChoice = 'software' | 'default';

/** Whether this process has the superuser's rights. */
function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Playwright's options to start `executablePath` so that it offers WebGPU, headless too. The sandbox is
 * off only for root, who cannot have it.
 */
export function launchOptions(executablePath: string, adapter: AdapterChoice) {
  // Headless and on most Linux drivers WebGPU is off without the first flag.
  const args = ['--enable-unsafe-webgpu'];
  if (adapter === 'software') args.push('--use-webgpu-adapter=swiftshader');
  else if (process.platform === 'linux') {
    args.push('--use-angle=vulkan', '--enable-features=Vulkan,VulkanFromANGLE');
  }
  return { executablePath, headless: true, args, chromiumSandbox: !isRoot() } as const;
}

/** Where Chrome, Chromium and Edge install themselves, in the order of preference. */
export function wellKnownPaths(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const { HOME, PATH = '', PROGRAMFILES, LOCALAPPDATA } = env;
  /** Every file in each of the folders that there are. */
  const paths = (files: readonly string[], folders: readonly (string | undefined)[], by = '/') =>
    files.flatMap((file) => folders.flatMap((folder) => (folder ? [`${folder}${by}${file}`] : [])));
  switch (platform) {
    case 'darwin': {
      const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
      const files = names.map((name) => `${name}.app/Contents/MacOS/${name}`);
      return paths(files, ['/Applications', HOME && `${HOME}/Applications`]);
    }
    case 'win32': {
      const files = [
        'Google\\Chrome\\Application\\chrome.exe',
        'Chromium\\Application\\chrome.exe',
        'Microsoft\\Edge\\Application\\msedge.exe',
      ];
      return paths(files, [PROGRAMFILES, env['PROGRAMFILES(X86)'], LOCALAPPDATA], '\\');
    }
    default: {
      const chromes = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
      const edges = ['microsoft-edge-stable', 'microsoft-edge'];
      const folders = [...PATH.split(delimiter), '/usr/bin', '/usr/local/bin'];
      return paths([...chromes, ...edges], folders);
    }
  }
}

/**
 * A Chromium that is on this machine: the one that `SHADERPROP_CHROMIUM` names, Playwright's own, or
 * an installed Chrome, Chromium or Edge.
 *
 * @throws ChromiumError where the variable names a file that is not there
 */
export function installedChromium(): string | undefined {
  const chosen = process.env[CHROMIUM_VARIABLE];
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new ChromiumError(`${CHROMIUM_VARIABLE} names ${chosen}, which is not there`);
  }
  return [chromium.executablePath(), ...wellKnownPaths(process.platform, process.env)].find(
    (path) => existsSync(path),
  );
}

/**
 * The Chromium for tests of what is right: Debian's headless shell, where it is installed. It has WebGPU,
 * and opens a page in a fifth of the time. What people use, and what measures, is `installedChromium`.
 *
 * @throws ChromiumError where `SHADERPROP_CHROMIUM`, which goes before, names a file that is not there
 */
export function testChromium(): string | undefined {
  if (process.env[CHROMIUM_VARIABLE]) return installedChromium();
  return existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : installedChromium();
}

/** Runs a program with its output on standard error; false where it fails or takes too long. */
function attempt(command: string, args: readonly string[], limit: number): boolean {
  process.stderr.write(`Running ${command} ${args.join(' ')} …\n`);
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: limit });
  return status === 0;
}

/** Whether a browser finds its system libraries. */
function starts(path: string): boolean {
  // On Windows `--version` opens a window, and no system libraries are missing.
  if (process.platform === 'win32') return existsSync(path);
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

/** Playwright's own download, with the system libraries where they are missing and root may install them. */
function download(): string | undefined {
  const playwright = (...args: string[]) =>
    attempt(process.execPath, [packageFile('playwright', 'cli.js'), ...args], DOWNLOAD_LIMIT_MS);
  const path = chromium.executablePath();
  // The headless shell that would come along has no WebGPU.
  if (!playwright('install', '--no-shell', 'chromium')) return undefined;
  if (starts(path)) return path;
  const canInstall = isRoot() && existsSync('/usr/bin/apt-get');
  return canInstall && playwright('install-deps', 'chromium') && starts(path) ? path : undefined;
}

/** The distribution's Chromium, on Debian and the like, as root. */
function installWithApt(): string | undefined {
  if (!isRoot() || !existsSync('/usr/bin/apt-get')) return undefined;
  const apt = (...args: string[]) => attempt('/usr/bin/apt-get', args, APT_LIMIT_MS);
  if (!apt('update') || !apt('install', '-y', 'chromium')) return undefined;
  // Tests are quicker with it, and do without it.
  apt('install', '-y', 'chromium-headless-shell');
  const path = '/usr/bin/chromium';
  return starts(path) ? path : undefined;
}

/**
 * A Chromium, fetched where this machine has none: by Playwright, else by apt where we are root.
 *
 * @returns the path of the executable
 * @throws ChromiumError with the commands to type
 */
export function findChromium(): string {
  const path = installedChromium() ?? download() ?? installWithApt();
  if (path !== undefined) return path;
  throw new ChromiumError(
    [
      'no Chrome or Chromium was found, and none could be fetched. Type one of:',
      'npx playwright install --with-deps chromium',
      ...(process.platform === 'linux'
        ? ['sudo apt-get update && sudo apt-get install -y chromium']
        : []),
      `${CHROMIUM_VARIABLE}=/path/to/chrome npm test`,
    ].join('\n  '),
  );
}
