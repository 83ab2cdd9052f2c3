/**
 * Settings that change amid a run of the page: it ends with the bits of a run that had the changes from the
 * start, by every schedule, and also where its device is lost behind a change.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../src/app/state/store';
import { writeUrl } from '../../src/app/url-state';
import { keptDevice } from '../../src/session/page-device';
import { endOf, openPage, reached } from '../support/run-page';
import { tickPerLook } from '../support/ticking-clock';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The link of the run as it has become, as the page would share it. */
function linkOf({ settings, wish, planOptions }: Store): string {
  const configuration = settings.configuration.value;
  return writeUrl({ configuration, backend: wish.value, planOptions: planOptions.value });
}

describe.each(['layered', 'sample-parallel', 'persistent'])('%s', (schedule) => {
  it('is the run that its link gives', async () => {
    tickPerLook();
    const search = `tune=off&schedule_kind=${schedule}&digits=0,1&train_samples=24&test_samples=12&hidden=2&epochs=40&init_scale=0.1`;
    const { store, notices } = await openPage(search);
    const running = store.start();
    await reached(store, 5);
    await store.change({ learningRate: 0.2 });
    await reached(store, 15);
    await store.change({ dropout: 0.25, weightDecay: 0.001, momentum: 0.5 });
    const changedAt = store.run.value?.history.length ?? 0;
    if (schedule === 'sample-parallel') {
      await reached(store, changedAt + 5);
      (await keptDevice()).device.destroy();
    }
    await running;
    expect(store.run.value?.info.plan?.schedule).toBe(schedule);
    expect(notices).toHaveLength(schedule === 'sample-parallel' ? 1 : 0);
    const link = linkOf(store);
    expect(new URLSearchParams(link).get('changes')).toMatch(
      /^\d+ learning_rate 0.2; (\d+) weight_decay 0.001; \1 momentum 0.5; \1 dropout 0.25$/,
    );
    const again = (await openPage(link)).store;
    await again.start();
    const end = await endOf(store);
    expect(end).toEqual(await endOf(again));
    expect([end.status, end.history.length]).toEqual(['finished', 40]);
  });
});
