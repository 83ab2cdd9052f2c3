/** Beside the boundary: a run that was over before anybody saw it move is offered once more, slowed down. */
import { expect, it } from 'vitest';
import { wordsOf } from '../../src/app/lab/panels/boundary/watch-slowly';
import { Store } from '../../src/app/state/store';
import { readUrl } from '../../src/app/url-state';
import type { TrainingService } from '../../src/app/worker/training-service';
import { openRun } from '../support/open-run';
import { plainMetrics } from '../support/scripted-backend';

function finished(milliseconds: number) {
  const run = openRun();
  const store = new Store({} as TrainingService, readUrl(''));
  store.runs.value = { [run.info.name]: run };
  store.backend.value = run.info.name;
  store.settings.replace(run.configuration);
  const epochs = [plainMetrics(0)];
  run.report({ ...{ id: 1, from: 0, underway: null }, epochs, trainMilliseconds: milliseconds });
  run.status.value = 'finished';
  return { store, run };
}

it('nothing is said of a run that goes on, or that took its time', () => {
  const { store, run } = finished(400);
  expect(wordsOf(store, run)).toBe('That took 400 ms.');
  run.status.value = 'running';
  expect(wordsOf(store, run)).toBeUndefined();
  const slow = finished(2000);
  expect(wordsOf(slow.store, slow.run)).toBeUndefined();
});

it('nothing is said to whoever has chosen a speed, or other settings', () => {
  const { store, run } = finished(400);
  store.pace.value = 10;
  expect(wordsOf(store, run)).toBeUndefined();
  store.pace.value = undefined;
  store.settings.edit('seed', '7');
  expect(wordsOf(store, run)).toBeUndefined();
});

it('from the order to its end it is in slow motion, and then it was', () => {
  const { store, run } = finished(400);
  store.firstRun.again();
  expect(wordsOf(store, run)).toBe('Slow motion.');
  store.firstRun.begins(run, 0);
  run.status.value = 'running';
  expect(wordsOf(store, run)).toBe('Slow motion.');
  run.status.value = 'finished';
  store.firstRun.ends();
  expect(wordsOf(store, run)).toBe('That was slow motion.');
});
