/** Presets and schedules on the command line, trained on WebGPU in a browser of their own. */
import type { TrainDocument } from '../../src/session/run';
import type { RunAllRow } from '../../src/session/run-all';
import { PRESETS } from '../../src/training/presets';
import { loadFixture } from '../fixtures';
import { expect, test } from './command-line';

test('--preset trains the fixture’s configuration', { tag: '@slow' }, async ({ train }) => {
  const fixture = loadFixture('challenge-4-relu');
  const { status, stdout, stderr } = await train('--preset', 'challenge-4');
  expect(status, stderr).toBe(0);
  expect(stdout.split('\n').slice(0, fixture.printed.length)).toEqual(fixture.printed);
});

test('--preset all trains every preset in one browser', { tag: '@slow' }, async ({ train }) => {
  // Each preset takes a device and compiles its kernels, which is slow on a busy machine.
  test.setTimeout(240_000);
  const flags = ['--preset', 'all', '--epochs', '2', '--json'];
  const { status, stdout, stderr } = await train(...flags);
  expect(status, stderr).toBe(0);
  const rows = JSON.parse(stdout) as RunAllRow[];
  expect(rows.map(({ name }) => name)).toEqual(PRESETS.map(({ name }) => name));
  for (const { name, backend, adapter, error, loss, val_loss } of rows) {
    const { history } = loadFixture(name);
    expect({ backend, error }).toEqual({ backend: 'webgpu', error: null });
    expect(adapter).not.toBe('');
    expect(loss).toBeCloseTo(history.loss[1], 4);
    expect(val_loss).toBeCloseTo(history.val_loss[1], 4);
  }
  expect(stderr).toContain(`${PRESETS.length}/${PRESETS.length} ${PRESETS.at(-1)?.name}`);
});

test('--schedule-kind is taken, and declined in one line where it does not fit', {
  tag: '@slow',
}, async ({ train }) => {
  const fits = await train('--schedule-kind', 'persistent', '--epochs', '3', '--json');
  expect(fits.status, fits.stderr).toBe(0);
  const { history } = JSON.parse(fits.stdout) as TrainDocument;
  const expected = loadFixture('notebook').history;
  for (const [epoch, loss] of history.val_loss.entries()) {
    expect(loss).toBeCloseTo(expected.val_loss[epoch], 5);
  }
  const declined = await train('--schedule-kind', 'persistent', '--preset', 'next-adam');
  expect(declined.status).toBe(1);
  expect(declined.stdout).toBe('');
  expect(declined.stderr.trimEnd()).toMatch(/^train: The schedule persistent [^\n]*$/);
});
