/** The runs that the charts show: kept, pinned, and shared between the tabs of one browser. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nameOf, RunBook } from '../../src/app/lab/state/run-book';
import type { RunEntry } from '../../src/app/lab/state/run-entry';
import { Run } from '../../src/app/state/run';
import { Store } from '../../src/app/state/store';
import type { Opened, TrainingService } from '../../src/app/worker/training-service';
import { DEFAULTS } from '../../src/training/configuration/fields';
import { plainMetrics } from '../support/scripted-backend';

let stored: Map<string, string>;
let isBlocked: boolean;
let listeners: ((event: { key: string }) => void)[];

beforeEach(() => {
  stored = new Map();
  isBlocked = false;
  listeners = [];
  const access = <T>(act: () => T): T => {
    if (isBlocked) throw new Error('SecurityError');
    return act();
  };
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => access(() => stored.get(key) ?? null),
    setItem: (key: string, text: string) => access(() => stored.set(key, text)),
    removeItem: (key: string) => access(() => stored.delete(key)),
  });
  vi.stubGlobal('addEventListener', (_: string, listener: (typeof listeners)[number]) =>
    listeners.push(listener),
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A tab with its own store and book. */
function openTab() {
  const store = new Store({} as TrainingService);
  const book = new RunBook(store);
  const hears = listeners.at(-1);
  return {
    ...{ store, book },
    /** As the browser does after another tab has written. */
    hear: () => hears?.({ key: 'shaderprop.pinned-runs' }),
    names: () => book.entries.value.map(nameOf),
    pinned: () => book.entries.value.filter(({ isPinned }) => isPinned.value).map(nameOf),
    /** Replaces the run on the CPU by one that has trained for an epoch. */
    train(name: string): RunEntry {
      const opened: Opened = {
        id: Math.random(),
        info: { name: 'cpu', adapter: 'scripted', precision: 'float32', isSoftware: false },
        setupMilliseconds: 1,
        batchesPerEpoch: 1,
        plan: null,
      };
      const run = new Run(DEFAULTS, opened, { schedule: 'auto', tuning: 'off' });
      run.recall([plainMetrics(0.5)], 1);
      store.runs.value = { cpu: run };
      store.backend.value = 'cpu';
      const [entry] = book.entries.value;
      entry.name.value = name;
      return entry;
    },
  };
}

test('two tabs keep each other’s pinned runs, and hear of what the other does', () => {
  const one = openTab();
  const other = openTab();
  one.book.togglePin(one.train('one'));
  // Pinned before this tab has heard of the first.
  other.book.togglePin(other.train('other'));
  expect(openTab().pinned()).toEqual(['other', 'one']);
  one.hear();
  other.hear();
  expect(one.pinned()).toEqual(['one', 'other']);
  expect(other.pinned()).toEqual(['other', 'one']);

  // A new name and a pin that is taken out arrive, too.
  const mine = other.book.entries.value[0];
  mine.name.value = 'renamed';
  one.hear();
  expect(one.pinned()).toEqual(['one', 'renamed']);
  other.book.togglePin(mine);
  one.hear();
  expect(one.pinned()).toEqual(['one']);
  expect(openTab().pinned()).toEqual(['one']);
});

test('a run that makes room for newer ones is named', () => {
  const { book, store, names, train } = openTab();
  for (let i = 1; i <= 7; i++) train(`run ${i}`);
  expect(names()).toHaveLength(7);
  expect(book.word.value).toBeUndefined();
  train('run 8');
  expect(names()).not.toContain('run 1');
  expect(book.word.value).toMatch(
    /^“run 1” made room for the new run: the last 6 earlier runs stay/,
  );
  expect(store.announcer.spoken.value).toBe(book.word.value);
});

test('a pin that the browser cannot keep says so', () => {
  const { book, train } = openTab();
  const entry = train('one');
  book.togglePin(entry);
  expect(book.word.value).toBeUndefined();
  book.togglePin(entry);
  isBlocked = true;
  book.togglePin(entry);
  expect(entry.isPinned.value).toBe(true);
  expect(book.word.value).toMatch(/keeps nothing for this page\. The pinned run is gone when/);
});
