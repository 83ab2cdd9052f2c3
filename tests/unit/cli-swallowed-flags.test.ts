/** Flags that npm takes for itself are missed, and the line to type is said. */
import { expect, test, vi } from 'vitest';
import { UsageError } from '../../src/cli/arguments';
import { refuseSwallowed } from '../../src/cli/swallowed-flags';
import { main } from '../../src/cli/train';
import { RUN_FLAGS, settingFlags } from '../../src/cli/train-arguments';

const FLAGS = { ...RUN_FLAGS, ...settingFlags() };

test.each([
  [{ npm_config_hidden: '99' }, [], '--hidden=99'],
  [
    { npm_config_learning_rate: '0.1', npm_config_plan: 'true' },
    ['--epochs', '3'],
    '--plan --learning-rate=0.1 --epochs 3',
  ],
  [{ npm_config_layers: 'dense 4 relu' }, [], '"--layers=dense 4 relu"'],
  // The value stood behind a space, and came through alone.
  [{ npm_config_epochs: 'true' }, ['30'], '--epochs 30'],
])('%j is refused', (environment, args, line) => {
  const run = () => refuseSwallowed('train', FLAGS, args, environment);
  expect(run).toThrow(UsageError);
  expect(run).toThrow(`; type: npm run train -- ${line}`);
});

test.each([
  {},
  { npm_config_json: 'true', npm_config_user_agent: 'npm/10', npm_config_help: 'true' },
  { hidden: '99', npm_package_config_hidden: '99' },
])('%j is npm’s own affair', (environment) => {
  expect(() => refuseSwallowed('train', FLAGS, ['--epochs', '3'], environment)).not.toThrow();
});

test('the command ends with status 2, and trains nothing', async () => {
  vi.stubEnv('npm_config_hidden', '99');
  const [printed, warned]: string[][] = [[], []];
  const to = {
    print: (text: string) => printed.push(text),
    warn: (text: string) => warned.push(text),
  };
  expect(await main(['--backend', 'reference'], to)).toBe(2);
  vi.unstubAllEnvs();
  expect(printed).toEqual([]);
  expect(warned).toEqual([
    'train: npm took --hidden=99 for itself; type: npm run train -- --hidden=99 --backend reference',
  ]);
});
