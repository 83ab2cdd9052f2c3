/** Runs `npm run train` as a user types it. */
import { spawnSync } from 'node:child_process';

const ROOT = new URL('../..', import.meta.url);

/** Less than a test may take: a test cannot be interrupted while it waits for the command. */
const LIMIT_MS = 80_000;

export function npmRunTrain(...flags: string[]) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'train', '--', ...flags], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: LIMIT_MS,
  });
  return { status, stdout, stderr };
}
