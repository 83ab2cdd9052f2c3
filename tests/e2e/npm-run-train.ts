/** Runs `npm run train` as a user types it. */
import { spawnSync } from 'node:child_process';

const ROOT = new URL('../..', import.meta.url);

/** Less than a test may take: a test cannot be interrupted while it waits for the command. */
const LIMIT_MS = 80_000;

export function npmRunTrain(...flags: string[]) {
  return npmRunTrainWithin(LIMIT_MS, ...flags);
}

/** @param limitMs - when the command is ended */
export function npmRunTrainWithin(limitMs: number, ...flags: string[]) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'train', '--', ...flags], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: limitMs,
  });
  return { status, stdout, stderr };
}
