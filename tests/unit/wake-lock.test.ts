/** The screen stays awake while a run that trains is in sight, and not a moment longer. */
import { signal } from '@preact/signals';
import { afterEach, expect, test, vi } from 'vitest';
import type { Store } from '../../src/app/state/store';
import { followWakeLock } from '../../src/app/wake-lock';

interface Lock {
  released: number;
}

afterEach(() => vi.unstubAllGlobals());

/**
 * A page that follows a run.
 *
 * @param refuse - throws where the browser would give no lock
 * @returns the locks that were asked for, each with how often it was given back
 */
function follow(refuse: () => void = () => undefined) {
  const locks: Lock[] = [];
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const request = async (type: string) => {
    expect(type).toBe('screen');
    const lock = { released: 0 };
    locks.push(lock);
    refuse();
    return { release: async () => void lock.released++ };
  };
  vi.stubGlobal('document', page);
  vi.stubGlobal('navigator', { wakeLock: { request } });
  const isBusy = signal(false);
  const run = {
    get isBusy() {
      return isBusy.value;
    },
  };
  followWakeLock({ run: signal(run) } as unknown as Store);
  const show = (state: 'visible' | 'hidden') => {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { locks, isBusy, show };
}

/** What is asked for comes a moment later. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('is asked for once when training begins, and given back when it pauses or ends', async () => {
  const { locks, isBusy, show } = follow();
  expect(locks).toEqual([]);
  isBusy.value = true;
  show('visible');
  await settled();
  expect(locks).toEqual([{ released: 0 }]);
  isBusy.value = false;
  await settled();
  expect(locks).toEqual([{ released: 1 }]);
  isBusy.value = true;
  await settled();
  expect(locks).toEqual([{ released: 1 }, { released: 0 }]);
});

test('is given back where the run pauses before the lock was there', async () => {
  const { locks, isBusy } = follow();
  isBusy.value = true;
  isBusy.value = false;
  await settled();
  expect(locks).toEqual([{ released: 1 }]);
});

test('is given back when the page is hidden, and asked for again when it is back', async () => {
  const { locks, isBusy, show } = follow();
  isBusy.value = true;
  await settled();
  show('hidden');
  await settled();
  expect(locks).toEqual([{ released: 1 }]);
  isBusy.value = false;
  isBusy.value = true;
  await settled();
  expect(locks).toHaveLength(1);
  show('visible');
  await settled();
  expect(locks).toEqual([{ released: 1 }, { released: 0 }]);
});

test('a refusal does no harm, and the next run asks again', async () => {
  const { locks, isBusy } = follow(() => {
    throw new DOMException('The battery is low.', 'NotAllowedError');
  });
  isBusy.value = true;
  await settled();
  isBusy.value = false;
  await settled();
  isBusy.value = true;
  await settled();
  expect(locks).toEqual([{ released: 0 }, { released: 0 }]);
});

test('a browser without wake locks does without', () => {
  vi.stubGlobal('navigator', {});
  expect(() => followWakeLock({} as Store)).not.toThrow();
});
