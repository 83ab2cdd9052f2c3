/** Reading files of one's own, as the page follows it: what comes late from the worker changes nothing more. */
import { expect, test, vi } from 'vitest';
import { brought, readFiles } from '../../src/app/lab/setup/own-data/own-data-state';
import { Store } from '../../src/app/state/store';
import type { OwnDataService } from '../../src/app/worker/own-data-service';
import type { TrainingService } from '../../src/app/worker/training-service';

const read = vi.hoisted(() => vi.fn<OwnDataService['read']>());
vi.mock('../../src/app/worker/own-data-client', () => ({
  connectOwnDataWorker: () => ({ service: { read }, end: () => undefined }),
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
