/** Reading files of one's own, as the page follows it: what comes late, or was said of others, is not shown. */
import { expect, test, vi } from 'vitest';
import { brought, readFiles } from '../../src/app/lab/setup/own-data/own-data-state';
import { messageAbout, takeStartFile } from '../../src/app/lab/setup/start-from/start-from-state';
import { Store } from '../../src/app/state/store';
import type { OwnDataService } from '../../src/app/worker/own-data-service';
import type { TrainingService } from '../../src/app/worker/training-service';

const read = vi.hoisted(() => vi.fn<OwnDataService['read']>());
const takeStart = vi.hoisted(() => vi.fn<OwnDataService['takeStart']>());
vi.mock('../../src/app/worker/own-data-client', () => ({
  connectOwnDataWorker: () => ({ service: { read, takeStart }, end: () => undefined }),
}));

test('a share that is told behind the outcome brings no bar back', async () => {
  const outcome = { problem: 'The file is empty.' };
  let late = (_share: number) => {};
  read.mockImplementation(async (_files, _options, _wanted, _onFound, onProgress) => {
    late = onProgress;
    onProgress(0.25);
    expect(brought.peek()?.share).toBe(0.25);
    return { outcome };
  });
  await readFiles(new Store({} as TrainingService), [new File([''], 'a.csv')]);
  late(0.5);
  expect(brought.peek()).toMatchObject({ outcome });
  expect(brought.peek()?.share).toBeUndefined();
});

test('what came of taking a run’s layers is said as long as the settings begin with them', async () => {
  const from = `file:a.json; bytes=9; sha256=${'3f'.repeat(32)}`;
  takeStart.mockResolvedValueOnce({ from, fromLayers: 2, differences: [] });
  const store = new Store({} as TrainingService);
  await takeStartFile(store, new File(['{}'], 'a.json'));
  expect(store.settings.textOf('from')).toBe(from);
  expect(messageAbout(from)).toMatchObject({ text: 'It begins with 2 layers.', isProblem: false });
  // The network has changed, and they do not fit it any more.
  expect(messageAbout('')).toBeUndefined();
  takeStart.mockRejectedValueOnce(new Error('It is no run.'));
  await takeStartFile(store, new File(['{}'], 'b.json'));
  expect(messageAbout(from)).toMatchObject({ text: 'It is no run.', isProblem: true });
});
