/** The page's store over the worker's service, without the worker between them; for tests in a browser. */
import { effect } from '@preact/signals';
import { expect } from 'vitest';
import type { Notice } from '../../src/app/state/announcer';
import { Store } from '../../src/app/state/store';
import { readUrl } from '../../src/app/url-state';
import { createTrainingService, type ServiceOptions } from '../../src/app/worker/create-service';
import type { TrainingListener, TrainingService } from '../../src/app/worker/training-service';
import { MemoryRunStorage } from './memory-run-storage';

/** Opens a page whose worker copies the state after every chunk; notices are collected. */
export async function openPage(
  search: string,
  storage = new MemoryRunStorage(),
  options: ServiceOptions = {},
) {
  const { store, notices } = pageOver(serviceFor({ storage, ...options }), search);
  await store.load();
  return { store, storage, notices };
}

/** A service that copies the state after every chunk. */
export function serviceFor(options: ServiceOptions): TrainingService {
  return createTrainingService({ keepMilliseconds: 0, ...options });
}

/** A page that has not loaded anything; notices are collected. */
export function pageOver(service: TrainingService, search: string) {
  const store = new Store(service, readUrl(search));
  service.listen(listenerOf(store));
  const notices: Notice[] = [];
  store.announcer.notice.subscribe((notice) => {
    if (notice !== undefined) notices.push(notice);
  });
  return { store, notices };
}

function listenerOf(store: Store): TrainingListener {
  return {
    onProgress: (progress) => store.onProgress(progress),
    onMoved: (moved) => store.onMoved(moved),
    onLost: (id, obstacle) => store.onLost(id, obstacle),
    onFinding: (id, finding) => store.onFinding(id, finding),
    onNotKept: (message) => store.onNotKept(message),
    onTuning: (progress) => store.onTuning(progress),
    onLoading: (share) => store.onLoading(share),
  };
}

/** Resolves as soon as something is true that follows from the page's signals, before anything else happens. */
export function until(isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!isTrue()) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

/** Resolves when the page's run has more epochs than that. */
export function reached(store: Store, epochs: number): Promise<void> {
  return until(() => (store.run.value?.history.length ?? 0) > epochs);
}

/** What a run ends with: its history, every epoch once, and its parameters to the bit. */
export async function endOf({ run, service }: Store) {
  const ended = run.value;
  if (ended === undefined) throw new Error('no run');
  const { epochs } = ended.history;
  expect(epochs).toEqual(Array.from(epochs, (_, i) => i + 1));
  return {
    status: ended.status.value,
    history: ended.history.slice(0),
    parameters: await service.parameters(ended.id),
    report: ended.evaluation.value?.report.document,
  };
}
