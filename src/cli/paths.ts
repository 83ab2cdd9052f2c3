/** Where this project and its installed packages are. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A file of an installed package: `packageFile('vitest', 'vitest.mjs')`. */
export function packageFile(name: string, file: string): string {
  return join(ROOT, 'node_modules', name, file);
}
