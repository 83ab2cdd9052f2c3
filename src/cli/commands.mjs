// Loads the TypeScript commands of this folder: Node 20 cannot run TypeScript itself, so they are compiled,
// all of them once. The launcher and the end-to-end tests use it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiled } from '../../build/compiled.mjs';

export const COMMANDS = /** @type {const} */ (['start', 'test', 'train', 'bench']);

/** @typedef {(typeof COMMANDS)[number]} CommandName */

/**
 * @param {string} name
 * @returns {name is CommandName}
 */
export function isCommand(name) {
  return COMMANDS.some((known) => known === name);
}

/**
 * @typedef {object} Command
 * @property {(args: readonly string[], output?: import('./output.ts').Output) => Promise<number>} main
 *   runs the command; gives the exit status
 */

/**
 * @param {CommandName} name
 * @returns {Promise<Command>}
 */
export async function loadCommand(name) {
  const entries = Object.fromEntries(COMMANDS.map((command) => [command, `src/cli/${command}.ts`]));
  const folder = await compiled({ name: 'commands', entries });
  return import(pathToFileURL(join(folder, `${name}.mjs`)).href);
}
