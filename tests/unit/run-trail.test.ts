/** The epoch under way as a line: what the batches since the last report were like. */
import { expect, it } from 'vitest';
import { Run } from '../../src/app/state/run';
import type { Opened, Progress } from '../../src/app/worker/training-service';
import { checkConfiguration } from '../../src/training/configuration/check';

const OPENED: Opened = {
  id: 1,
  info: { name: 'cpu', adapter: 'none', precision: 'float32', isSoftware: false },
  setupMilliseconds: 0,
  batchesPerEpoch: 400,
  plan: null,
};
const EPOCH = {
  loss: 1,
  accuracy: 0.5,
  valLoss: 1,
  valAccuracy: 0.5,
  learningRate: 1,
  finite: true,
};

function opened() {
  const run = new Run(checkConfiguration({}), OPENED, { schedule: 'auto', tuning: 'off' });
  const report = (progress: Partial<Progress>) =>
    run.report({ id: 1, from: 0, epochs: [], underway: null, trainMilliseconds: 0, ...progress });
  return { run, report };
}

it('has a point for each report, with the mean of the batches since the one before', () => {
  const { run, report } = opened();
  report({ underway: { batch: 100, loss: 2, accuracy: 0.25 }, trainMilliseconds: 10 });
  report({ underway: { batch: 200, loss: 1.5, accuracy: 0.5 }, trainMilliseconds: 20 });
  expect(run.trail.value).toEqual([
    { done: 0.25, milliseconds: 10, loss: 2, accuracy: 0.25 },
    { done: 0.5, milliseconds: 20, loss: 1, accuracy: 0.75 },
  ]);
});

it('begins anew with each epoch, and with a run that went back', () => {
  const { run, report } = opened();
  report({ underway: { batch: 300, loss: 2, accuracy: 0 } });
  report({ epochs: [EPOCH], underway: { batch: 40, loss: 0.5, accuracy: 1 } });
  expect(run.trail.value).toEqual([{ done: 1.1, milliseconds: 0, loss: 0.5, accuracy: 1 }]);
  report({ from: 1, underway: { batch: 80, loss: 0.4, accuracy: 1 } });
  expect(run.trail.value.map(({ done }) => done)).toEqual([1.1, 1.2]);
  report({ from: 1, underway: { batch: 40, loss: 0.5, accuracy: 1 } });
  expect(run.trail.value.map(({ done }) => done)).toEqual([1.1]);
  report({ from: 1, epochs: [EPOCH] });
  expect(run.trail.value).toEqual([]);
});

it('stays short, however many reports an epoch has', () => {
  const { run, report } = opened();
  for (let batch = 1; batch < 5000; batch++) {
    report({ underway: { batch, loss: 1, accuracy: 0 } });
  }
  expect(run.trail.value.length).toBeLessThan(512);
  expect(run.trail.value.at(-1)?.done).toBe(4999 / 400);
});
