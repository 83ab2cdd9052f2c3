// Loads the TypeScript commands of this folder: Node 20 cannot run TypeScript itself, so Vite's module
// runner does. The launcher and the end-to-end tests use it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRunnableDevEnvironment, resolveConfig } from 'vite';
import { ALIASES } from '../../build/aliases.mjs';
import { assemblyScript } from '../../build/assemblyscript.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {object} Command
 * @property {(args: readonly string[], output?: import('./output.ts').Output) => Promise<number>} main
 *   runs the command; gives the exit status
 */

/**
 * Opens the runner. It stays open while commands run, which may import more as they go.
 *
 * @returns {Promise<{ load(name: string): Promise<Command>, close(): Promise<void> }>}
 */
export async function openCommands() {
  const config = await resolveConfig(
    {
      configFile: false,
      root: ROOT,
      logLevel: 'error',
      resolve: { alias: ALIASES },
      plugins: [assemblyScript()],
      environments: { cli: { consumer: 'server', resolve: { external: true } } },
    },
    'serve',
  );
  const environment = createRunnableDevEnvironment('cli', config, {
    hot: false,
    runnerOptions: { hmr: false },
  });
  await environment.init();
  return {
    load: (name) => environment.runner.import(join(ROOT, `src/cli/${name}.ts`)),
    close: () => environment.close(),
  };
}
