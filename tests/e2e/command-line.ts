/** `npm run train` without npm: the command as the launcher loads it, once for all tests of a worker. */
import { test as base } from '@playwright/test';
import { loadCommand } from '../../src/cli/commands.mjs';

export { expect } from '@playwright/test';

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const test = base.extend<object, { train: (...flags: string[]) => Promise<Outcome> }>({
  train: [
    async ({ playwright: _ }, use) => {
      const { main } = await loadCommand('train');
      await use(async (...flags) => {
        const [printed, warned]: string[][] = [[], []];
        const status = await main(flags, {
          print: (text) => printed.push(`${text}\n`),
          warn: (text) => warned.push(`${text}\n`),
        });
        return { status, stdout: printed.join(''), stderr: warned.join('') };
      });
    },
    { scope: 'worker' },
  ],
});
