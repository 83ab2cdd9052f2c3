/** What the peers' trainings share: the rows and values of every step, the losses of epochs, what is read and freed. */
import { expect, test, vi } from 'vitest';
import { PeerTraining } from '../../src/bench/peer-training';
import { type Step, StepSequence } from '../../src/training/steps';
import { smallProblem } from '../support/problems';

const PROBLEM = smallProblem({ batchSize: 4 }, {});
const STEPS = new StepSequence(PROBLEM.hyperparameters, PROBLEM.train.count);

/** Its loss is the number of the step, and a log says what became of it. */
class Pretended extends PeerTraining<{ value: number; dispose(): void }> {
  readonly steps: { step: Step; rows: Uint32Array | null }[] = [];
  readonly log: string[] = [];

  protected step(step: Step, rows: Uint32Array | null) {
    this.steps.push({ step, rows });
    return { value: step.index, dispose: () => void this.log.push(`free ${step.index}`) };
  }

  protected async read({ value }: { value: number }) {
    this.log.push(`read ${value}`);
    return value;
  }

  protected async settle() {
    this.log.push('settle');
  }

  dispose() {}
}

test('walks the steps of epoch after epoch, each with its rows', async () => {
  const training = new Pretended(PROBLEM);
  await training.trainBatches(1);
  await training.losses(1);
  await training.train(1);
  const { batchesPerEpoch } = STEPS;
  expect(batchesPerEpoch).toBeGreaterThan(2);
  for (const [index, { step, rows }] of training.steps.entries()) {
    const epoch = Math.floor(index / batchesPerEpoch);
    expect(step).toEqual(STEPS.at(epoch, index % batchesPerEpoch));
    const order = STEPS.orderOf(epoch);
    expect(rows).toEqual(order?.slice(step.firstRow, step.firstRow + step.rows));
  }
});

test('a full batch has no rows of its own', async () => {
  const training = new Pretended(smallProblem({ batchSize: 0 }, {}));
  await training.train(2);
  expect(training.steps.map(({ rows }) => rows)).toEqual([null, null]);
});

test('an epoch’s loss is the mean over its samples, however large the last batch is', async () => {
  const training = new Pretended(PROBLEM);
  const { count } = PROBLEM.train;
  expect(count % STEPS.batchRows).not.toBe(0);
  const meanOf = (epoch: number) => {
    let sum = 0;
    for (let batch = 0; batch < STEPS.batchesPerEpoch; batch++) {
      const { index, rows } = STEPS.at(epoch, batch);
      sum += index * rows;
    }
    return sum / count;
  };
  expect(await training.losses(2)).toEqual([meanOf(0), meanOf(1)]);
  expect(training.log.filter((line) => !line.startsWith('read'))).toEqual([]);
});

test('training reads no loss back, frees each, and waits once at its end', async () => {
  const training = new Pretended(PROBLEM);
  await training.train(2);
  const frees = Array.from({ length: 2 * STEPS.batchesPerEpoch }, (_, index) => `free ${index}`);
  expect(training.log).toEqual([...frees, 'settle']);
});

test('the order is drawn once an epoch: to draw it again takes longer than a step', async () => {
  const draws = vi.spyOn(StepSequence.prototype, 'orderOf');
  await new Pretended(PROBLEM).train(3);
  expect(draws.mock.calls).toEqual([[0], [1], [2]]);
  draws.mockRestore();
});
