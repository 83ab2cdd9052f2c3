/** What every command begins with: its name, and where its output goes. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const LAUNCH = fileURLToPath(new URL('../../src/cli/launch.mjs', import.meta.url));
const FULL = '/dev/full';

function launch(args: readonly string[], stdout: number | 'pipe' = 'pipe') {
  const stdio = ['ignore', stdout, 'pipe'] as const;
  const { status, stderr } = spawnSync(process.execPath, [LAUNCH, ...args], {
    encoding: 'utf8',
    stdio: [...stdio],
  });
  return { status, stderr };
}

test('a command that there is not is named, beside those that there are', () => {
  const { status, stderr } = launch(['trian']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^shaderprop: no command "trian"; there are .*train.*\n$/);
});

// Linux has a device that is a full disk.
if (existsSync(FULL)) {
  test('a full disk behind standard output is said in one line', () => {
    const full = openSync(FULL, 'w');
    const { status, stderr } = launch(['train', '--epochs=1', '--backend=cpu', '--json'], full);
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^shaderprop: standard output takes no more: .+$/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });
}
