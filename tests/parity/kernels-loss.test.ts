/** Loss kernels and output probabilities against float64, logits to ±100, every element. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binaryCrossEntropy } from '../../shaders/binary-cross-entropy';
import { instantiate } from '../../shaders/kernel';
import { lossSums } from '../../shaders/loss-sums';
import { outputProbabilities } from '../../shaders/output-probabilities';
import { RECORD, RECORD_WORDS, RUNNING, RUNNING_WORDS } from '../../shaders/parts/loss-reduction';
import { partsOf } from '../../shaders/parts/shared-sums';
import { softmaxCrossEntropy } from '../../shaders/softmax-cross-entropy';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { predictedClass, sampleLoss } from '../../src/model/loss';
import type { Output } from '../../src/model/network-spec';
import { RandomState } from '../../src/numpy/random-state';
import { outputProbabilities as referenceProbabilities } from '../../src/reference/network';
import { AWKWARD, EPSILON, expectAll, randomFloats, reduction } from './support/numbers';
import { POISON, runKernel } from './support/run-kernel';

let device: GPUDevice;
beforeAll(async () => {
  ({ device } = await acquireDevice(navigator.gpu));
});
afterAll(() => device.destroy());

const OUTPUTS = [1, 2, 3, 5, 10, 31, 33] as const;
const LIMITS = [1, 10, 100] as const;

interface Case {
  readonly output: Output;
  readonly outputs: number;
  readonly rows: number;
  readonly limit: number;
}
const CASES: readonly Case[] = OUTPUTS.flatMap((outputs, i) =>
  AWKWARD.filter((_, j) => outputs <= 3 || (i + j) % 3 === 0).map((rows, j) => ({
    output: outputs === 1 ? ('sigmoid' as const) : ('softmax' as const),
    outputs,
    rows,
    limit: LIMITS[(i + j) % LIMITS.length],
  })),
);

/** Random logits and labels, and what float64 makes of them. */
function example({ output, outputs, rows, limit }: Case) {
  const random = new RandomState(rows * 64 + outputs);
  const logits = randomFloats(random, rows * outputs, limit);
  const labels = Uint32Array.from({ length: rows + 3 }, () =>
    random.boundedInteger(Math.max(1, outputs - 1)),
  );
  const probabilities = referenceProbabilities(output, Float64Array.from(logits), rows);
  const row = (r: number) => probabilities.subarray(r * outputs, (r + 1) * outputs);
  return { random, logits, labels, probabilities, row };
}

describe('loss and delta', () => {
  test.each(CASES)('$output of $outputs, $rows rows, logits to ±$limit', async (shape) => {
    const { outputs, rows } = shape;
    const { random, logits, labels, probabilities, row } = example(shape);
    const kernel = shape.output === 'sigmoid' ? binaryCrossEntropy : softmaxCrossEntropy;
    for (const [gather, isFirst] of [
      [false, true],
      [true, false],
    ] as const) {
      const firstRow = gather ? 2 : 0;
      const permutation = Uint32Array.from(random.permutation(rows + 3));
      const labelOf = (r: number) => labels[gather ? permutation[firstRow + r] : r];
      const before = new Uint32Array(RUNNING_WORDS).fill(POISON);
      before[RUNNING.loss] = new Uint32Array(new Float32Array([0.25]).buffer)[0];
      before[RUNNING.correct] = 7;
      before[RUNNING.nonFinite] = 0;
      const samples = rows * 3;
      const { delta, running } = await runKernel(
        device,
        instantiate(kernel, { outputs, mode: 'train', gather }),
        { logits, labels, running: before, ...(gather ? { permutation } : {}) },
        { delta: rows * outputs },
        { rows, firstRow, isFirst, samples },
        ['running'],
      );
      const losses: number[] = [];
      let correct = isFirst ? 0 : 7;
      for (let r = 0; r < rows; r++) {
        losses.push(sampleLoss(row(r), labelOf(r)));
        if (predictedClass(row(r)) === labelOf(r)) correct++;
      }
      expectAll(
        'delta',
        delta,
        Array.from(probabilities, (p, i) => {
          const label = labelOf(Math.floor(i / outputs));
          const y = outputs === 1 ? label : Number(i % outputs === label);
          // p of a difference of logits: that difference carries a unit of their size.
          const bound = (16 + 4 * shape.limit) * EPSILON * p + 2 * EPSILON;
          return { value: p - y, bound };
        }),
      );
      const sum = reduction(losses);
      const mean = sum.value / samples + (isFirst ? 0 : 0.25);
      // Each sample's loss is good to units of its logits; the sum adds a reduction's bound.
      const bound = (sum.bound + rows * (16 + 4 * shape.limit) * EPSILON) / samples + EPSILON;
      expect(Math.abs(running.floats[RUNNING.loss] - mean)).toBeLessThanOrEqual(bound);
      expect(running.words[RUNNING.correct]).toBe(correct);
      expect(running.words[RUNNING.nonFinite]).toBe(0);
      expect(running.words[RUNNING.gradientNorm]).toBe(POISON);
      expect(running.isMarginIntact).toBe(true);
    }
  });

  // One sample, one more than a workgroup takes, a batch that leaves whole workgroups idle, two samples an
  // invocation; each from the permutation and not, for training and for the test set.
  test.each([
    [1, 1],
    [65, 65],
    [127, 300],
    [1000, 1000],
    [65_537, 65_537],
  ])('%i rows that workgroups share, of %i at most', async (rows, capacity) => {
    const outputs = rows > 1000 ? 1 : 5;
    const shape = {
      output: outputs === 1 ? 'sigmoid' : 'softmax',
      outputs,
      rows,
      limit: 10,
    } as const;
    const { random, logits, labels, row } = example(shape);
    const kernel = outputs === 1 ? binaryCrossEntropy : softmaxCrossEntropy;
    const parts = partsOf(capacity, 1);
    const permutation = Uint32Array.from(random.permutation(rows + 3));
    for (const mode of ['train', 'evaluate'] as const) {
      const gather = mode === 'train';
      const labelOf = (r: number) => labels[gather ? permutation[2 + r] : r];
      const step = { rows, firstRow: gather ? 2 : 0, samples: rows, record: 1, stamp: 77 };
      const whole = await runKernel(
        device,
        instantiate(kernel, { outputs, mode, gather }),
        { logits, labels, ...(gather ? { permutation } : { running: new Uint32Array(8) }) },
        gather ? { delta: rows * outputs, running: RUNNING_WORDS } : { metrics: 2 * RECORD_WORDS },
        step,
      );
      const shared = await runKernel(
        device,
        instantiate(kernel, { outputs, mode, gather, parts }),
        { logits, labels, ...(gather ? { permutation } : {}) },
        { sums: 4 * parts.count + 1, ...(gather ? { delta: rows * outputs } : {}) },
        step,
      );
      expect(shared.sums.words[4 * parts.count]).toBe(POISON);
      for (let part = 0; part < parts.count; part++) {
        const losses: number[] = [];
        let correct = 0;
        for (let r = part * parts.terms; r < Math.min((part + 1) * parts.terms, rows); r++) {
          losses.push(sampleLoss(row(r), labelOf(r)));
          if (predictedClass(row(r)) === labelOf(r)) correct++;
        }
        const { value, bound } = reduction(losses);
        const error = Math.abs(shared.sums.floats[4 * part] - value);
        expect(error).toBeLessThanOrEqual(bound + losses.length * 56 * EPSILON);
        const words = shared.sums.words.subarray(4 * part + 1, 4 * part + 4);
        expect([...words]).toEqual([correct, 0, losses.length]);
      }
      const sums = new Uint32Array(shared.sums.words.subarray(0, 4 * parts.count));
      const added = await runKernel(
        device,
        instantiate(lossSums, { mode, parts }),
        { sums, ...(gather ? {} : { running: new Uint32Array(8) }) },
        gather ? { running: RUNNING_WORDS } : { metrics: 2 * RECORD_WORDS },
        step,
      );
      // All else is the same to the bit; the losses are added up in another order.
      const [name, loss] = gather
        ? (['running', RUNNING.loss] as const)
        : (['metrics', RECORD_WORDS + RECORD.valLoss] as const);
      const mean = whole[name].floats[loss];
      expect(Math.abs(added[name].floats[loss] - mean)).toBeLessThanOrEqual(64 * EPSILON * mean);
      const rest = (words: Uint32Array) => words.filter((_, i) => i !== loss);
      expect(rest(added[name].words)).toEqual(rest(whole[name].words));
      expect(shared.delta?.words).toEqual(whole.delta?.words);
      expect(added[name].isMarginIntact && shared.sums.isMarginIntact).toBe(true);
    }
  });

  test('a number that is none is flagged in the part that has it, and in the sums', async () => {
    const logits = new Float32Array(200);
    logits[150] = Number.NaN;
    const parts = partsOf(200, 1);
    const { sums } = await runKernel(
      device,
      instantiate(binaryCrossEntropy, { outputs: 1, mode: 'train', gather: false, parts }),
      { logits, labels: new Uint32Array(200) },
      { delta: 200, sums: 4 * parts.count },
      { rows: 200, samples: 200 },
    );
    expect([0, 1, 2, 3].map((part) => sums.words[4 * part + 2])).toEqual([0, 0, 1, 0]);
    const { running } = await runKernel(
      device,
      instantiate(lossSums, { mode: 'train', parts }),
      { sums: new Uint32Array(sums.words) },
      { running: RUNNING_WORDS },
      { rows: 200, samples: 200 },
    );
    expect(running.words[RUNNING.nonFinite]).toBe(1);
    expect(running.words[RUNNING.samples]).toBe(200);
  });

  // Series and clips of the loss end here; the bounds above are wider than what they lose.
  test.each([
    [[0, 0, 0], 0],
    [[0, 0.3, -0.2], 0],
    [[0, 0.3, -0.2], 1],
    [[3, 2.5, -1], 1],
    [[40, 0, 0], 0],
    [[0, 40, 0], 0],
    [[0], 1],
    [[0.7], 0],
    [[-1.3], 1],
    [[2.2], 1],
    [[40], 1],
    [[40], 0],
  ])('of one sample is good to four units in the last place: logits %j, class %i', async (z, y) => {
    const logits = Float32Array.from(z);
    const outputs = z.length;
    const { running } = await runKernel(
      device,
      instantiate(outputs === 1 ? binaryCrossEntropy : softmaxCrossEntropy, {
        outputs,
        mode: 'train',
        gather: false,
      }),
      { logits, labels: Uint32Array.of(y) },
      { delta: outputs, running: RUNNING_WORDS },
      { rows: 1, samples: 1 },
    );
    const output = outputs === 1 ? 'sigmoid' : 'softmax';
    const exact = sampleLoss(referenceProbabilities(output, Float64Array.from(logits), 1), y);
    expect(Math.abs(running.floats[RUNNING.loss] / exact - 1)).toBeLessThan(4 * EPSILON);
  });

  test.each([1, 2, 5])('take the first of equal logits, %i outputs', async (outputs) => {
    const labels = Uint32Array.of(0, 1, 0, 0, 1, 0, 1);
    const { running } = await runKernel(
      device,
      instantiate(outputs === 1 ? binaryCrossEntropy : softmaxCrossEntropy, {
        outputs,
        mode: 'train',
        gather: false,
      }),
      { logits: new Float32Array(7 * outputs), labels },
      { delta: 7 * outputs, running: RUNNING_WORDS },
      { rows: 7, samples: 7 },
    );
    expect(running.words[RUNNING.correct]).toBe(4);
  });

  test('evaluation writes its own record, and only that', async () => {
    const shape = { output: 'sigmoid', outputs: 1, rows: 65, limit: 5 } as const;
    const { logits, labels, row } = example(shape);
    const running = new Uint32Array(RUNNING_WORDS);
    running.set([11, 12, 0, 13, 14]);
    const { metrics } = await runKernel(
      device,
      instantiate(binaryCrossEntropy, { outputs: 1, mode: 'evaluate', gather: false }),
      { logits, labels, running },
      { metrics: 3 * RECORD_WORDS },
      { rows: 65, samples: 65, record: 1 },
    );
    const record = metrics.words.subarray(RECORD_WORDS, 2 * RECORD_WORDS);
    const losses = Array.from({ length: 65 }, (_, r) => sampleLoss(row(r), labels[r]));
    const sum = reduction(losses);
    expect(record[RECORD.loss]).toBe(11);
    expect(record[RECORD.correct]).toBe(12);
    expect(record[RECORD.nonFinite]).toBe(0);
    expect(record[RECORD.gradientNorm]).toBe(13);
    expect(record[RECORD.parameterNorm]).toBe(14);
    const valLoss = metrics.floats[RECORD_WORDS + RECORD.valLoss];
    expect(Math.abs(valLoss - sum.value / 65)).toBeLessThanOrEqual(sum.bound / 65 + 36 * EPSILON);
    for (const other of [0, 2]) {
      const words = metrics.words.subarray(other * RECORD_WORDS, (other + 1) * RECORD_WORDS);
      expect(words.every((word) => word === POISON)).toBe(true);
    }
    expect(metrics.isMarginIntact).toBe(true);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    '%f among the logits is flagged',
    async (bad) => {
      const logits = new Float32Array(70);
      logits[66] = bad;
      const { running } = await runKernel(
        device,
        instantiate(binaryCrossEntropy, { outputs: 1, mode: 'train', gather: false }),
        { logits, labels: new Uint32Array(70) },
        { delta: 70, running: RUNNING_WORDS },
        { rows: 70, samples: 70 },
      );
      expect(running.words[RUNNING.nonFinite]).toBe(1);
    },
  );
});

describe('output-probabilities', () => {
  test.each(CASES)('$output of $outputs, $rows rows, logits to ±$limit', async (shape) => {
    const { outputs, rows, output } = shape;
    const { logits, probabilities } = example(shape);
    const result = await runKernel(
      device,
      instantiate(outputProbabilities, { rows: rows + 2, outputs, output }),
      { logits },
      { probabilities: (rows + 2) * outputs },
      { rows },
    );
    expectAll('probabilities', result.probabilities, [
      ...Array.from(probabilities, (value) => ({
        value,
        bound: (16 + 4 * shape.limit) * EPSILON * value + 2 ** -100,
      })),
      ...Array.from({ length: 2 * outputs }, () => null),
    ]);
  });
});
