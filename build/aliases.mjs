// Packages whose package.json names no entry point. JavaScript, since src/cli/commands.mjs needs it as well.
import { fileURLToPath } from 'node:url';

export const ALIASES = {
  'wgsl-preprocessor': fileURLToPath(
    new URL('../node_modules/wgsl-preprocessor/wgsl-preprocessor.js', import.meta.url),
  ),
};
