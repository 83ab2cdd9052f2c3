/** Vulkan's drivers in software, with which an engine outside of a browser finds an adapter everywhere. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The variable that names the driver to use, by its description in JSON; every loader knows it. */
export const DRIVER_VARIABLE = 'VK_ICD_FILENAMES';
/** With the newer name of the same. */
export const DRIVER_VARIABLES = [DRIVER_VARIABLE, 'VK_DRIVER_FILES'] as const;

/** Where Debian's Chromium lies: what it has in /usr/bin is a script. */
const DEBIAN = '/usr/lib/chromium';
const INSTALLED = '/usr/share/vulkan/icd.d';

/**
 * SwiftShader's driver, which comes with every Chromium for Linux; undefined where none is installed.
 *
 * @throws ChromiumError where the variable that names a Chromium names a file that is not there
 */
export async function swiftShader(): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const file = (folder: string) => join(folder, 'vk_swiftshader_icd.json');
  if (existsSync(file(DEBIAN))) return file(DEBIAN);
  // Only here: finding a Chromium takes a package that loads for a while.
  const { installedChromium } = await import('./chromium');
  const chromium = installedChromium();
  if (chromium === undefined) return undefined;
  const beside = file(dirname(realpathSync(chromium)));
  return existsSync(beside) ? beside : undefined;
}

/** The driver of Mesa's lavapipe; undefined where it is not installed. */
export function lavapipe(): string | undefined {
  if (process.platform !== 'linux' || !existsSync(INSTALLED)) return undefined;
  const file = readdirSync(INSTALLED).find((name) => name.startsWith('lvp_icd.'));
  return file === undefined ? undefined : join(INSTALLED, file);
}

/** The variable with which an engine finds Vulkan's loader, too: beside a driver of Chromium there is one. */
export function libraryFolder(driver: string): Readonly<Record<string, string>> {
  const folder = dirname(driver);
  if (!existsSync(join(folder, 'libvulkan.so.1'))) return {};
  const others = process.env.LD_LIBRARY_PATH;
  return { LD_LIBRARY_PATH: others ? `${folder}:${others}` : folder };
}
