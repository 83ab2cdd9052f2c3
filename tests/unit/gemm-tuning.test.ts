/** Tuning of the matrix products, with a clock that is scripted. */
import { expect, test } from 'vitest';
import { PLAINEST_DEVICE } from '../../src/gpu/plan/gemm-variants';
import type { Plan } from '../../src/gpu/plan/plan';
import type { KernelTiming } from '../../src/gpu/runtime/kernel-timer';
import {
  planOfName,
  productsOf,
  type TimedBackend,
  tunedName,
  tuneGemms,
  uniformCuts,
} from '../../src/gpu/tuning/gemm-tuning';
import { networkFor } from '../../src/model/network-spec';
import { checkConfiguration } from '../../src/training/configuration/check';

const HIDDEN = [256, 64];
const SHAPE = {
  spec: networkFor(64, HIDDEN, 10, 'relu'),
  hyperparameters: checkConfiguration({ hidden: HIDDEN, batchSize: 128 }),
  trainSamples: 512,
  testSamples: 100,
};

/** Every kernel takes as long as `cost` says of its text. */
function opener(cost: (wgsl: string, layer: number) => number) {
  const live = new Set<Plan>();
  const open = async (plan: Plan): Promise<TimedBackend> => {
    live.add(plan);
    const timeKernels = async (): Promise<readonly KernelTiming[]> =>
      plan.step.map(({ phase, layer, kernel }) => ({
        part: 'step',
        phase,
        layer,
        kernel: kernel.name,
        milliseconds: cost(kernel.wgsl, layer),
        repetitions: 1,
      }));
    const dispose = () => live.delete(plan);
    return { timeKernels, dispose } as unknown as TimedBackend;
  };
  return { open, live };
}

test('each product gets the variant that was quickest for it', async () => {
  // Longer text stands for larger blocks: layer 1 likes them, the others do not.
  const { open, live } = opener((wgsl, layer) => (layer === 1 ? 1e6 - wgsl.length : wgsl.length));
  const { names } = await tuneGemms(SHAPE, PLAINEST_DEVICE, open, Number.POSITIVE_INFINITY);
  const products = productsOf(SHAPE);
  expect(names).toHaveLength(products.length);
  const of = (form: string, layer: number) =>
    names[products.findIndex((product) => product.form === form && product.layer === layer)];
  expect(of('forward', 1)).not.toBe(of('forward', 2));
  expect(live.size).toBe(0);
});

test('a tuned plan is found again by its name, and only by a name of its network', async () => {
  const { open } = opener((wgsl) => wgsl.length);
  const { names } = await tuneGemms(SHAPE, PLAINEST_DEVICE, open, Number.POSITIVE_INFINITY);
  const name = tunedName(names);
  expect(planOfName(SHAPE, name)).toMatchObject({ schedule: 'layered', title: name });
  expect(planOfName(SHAPE, 'layered')).toBeNull();
  expect(planOfName(SHAPE, name.replace(/ [^ ]+$/, ' nonsense'))).toBeNull();
  expect(planOfName({ ...SHAPE, spec: networkFor(64, [8], 2, 'relu') }, name)).toBeNull();
});

test('a cut for large batches is not taken for a few samples', () => {
  const few = { ...SHAPE, testSamples: 1 };
  const names = productsOf(few).map(({ form, layer }) =>
    form === 'forward' && layer === 1 ? 'r16x8' : 'r4x4',
  );
  const plan = planOfName(few, tunedName(names));
  const variants = [...(plan?.step ?? []), ...(plan?.epoch ?? [])]
    .filter(({ kernel, layer }) => kernel.name === 'dense-forward' && layer === 1)
    .map(({ kernel }) => kernel.shape.variant);
  expect(variants).toMatchObject([
    { rows: 16, columns: 8 },
    { rows: 1, columns: 4 },
  ]);
});

test('the rounds begin with the fixed table, and then the most promising variant is first', async () => {
  const { open } = opener((wgsl) => wgsl.length);
  const device = { ...PLAINEST_DEVICE, features: new Set(['subgroups']) };
  const roundsOf = async (inputs: number, widths: number[], batchSize: number) => {
    const spec = networkFor(inputs, widths, 10, 'relu');
    const hyperparameters = checkConfiguration({ hidden: widths, batchSize });
    const shape = { spec, hyperparameters, trainSamples: 512, testSamples: 100 };
    const { timings } = await tuneGemms(shape, device, open, Number.POSITIVE_INFINITY);
    return timings.slice(0, 3).map(({ candidate }) => candidate);
  };
  expect(await roundsOf(784, [512, 256], 256)).toEqual([
    'products as in the fixed table',
    'products as s16x16, 0.063 loads a multiply-add',
    'products as q8x16, 0.094 loads a multiply-add',
  ]);
  // Few threads are left to the largest blocks here.
  expect((await roundsOf(64, [64], 64))[1]).toBe('products as s8x8, 0.13 loads a multiply-add');
});

test('products that hardly count are left as the fixed table has them', async () => {
  const { open } = opener((wgsl, layer) => (layer === 1 ? 1e6 + wgsl.length : 1));
  const opened: Plan[] = [];
  const watching = (plan: Plan) => {
    opened.push(plan);
    return open(plan);
  };
  await tuneGemms(SHAPE, PLAINEST_DEVICE, watching, Number.POSITIVE_INFINITY);
  const layersOf = (plan: Plan) => new Set(plan.step.map(({ layer }) => layer));
  expect(layersOf(opened[0])).toEqual(new Set([1, 2, 3]));
  for (const plan of opened.slice(1)) expect(layersOf(plan)).toEqual(new Set([1]));
  // Only what is timed is compiled.
  for (const plan of opened) expect([plan.epoch, plan.prediction]).toEqual([[], []]);
});

test('a variant that does not run on the device is passed over', async () => {
  const open = () => Promise.reject(new Error('did not compile'));
  const { names } = await tuneGemms(SHAPE, PLAINEST_DEVICE, open, Number.POSITIVE_INFINITY);
  expect(planOfName(SHAPE, tunedName(names))).not.toBeNull();
});

test('no round is begun that would pass the deadline, and the record says so', async () => {
  let clock = 0;
  const { open } = opener((wgsl) => wgsl.length);
  const slow = (plan: Plan) => {
    clock += 100;
    return open(plan);
  };
  const { timings } = await tuneGemms(SHAPE, PLAINEST_DEVICE, slow, 350, () => clock);
  expect(clock).toBe(300);
  expect(timings.map(({ note }) => note)).toEqual([
    expect.stringMatching(/^\d+\.\d{3} ms for 8 of 8 products$/),
    expect.stringMatching(/^\d+\.\d{3} ms for \d of 8 products$/),
    expect.stringMatching(/^\d+\.\d{3} ms for \d of 8 products$/),
    ...Array.from({ length: timings.length - 3 }, () => 'not tried: time was up'),
  ]);
});

test('without time the fixed table and what is expected to win are measured all the same', async () => {
  let opened = 0;
  const { open } = opener((wgsl) => wgsl.length);
  const counting = (plan: Plan) => {
    opened++;
    return open(plan);
  };
  const { names } = await tuneGemms(SHAPE, PLAINEST_DEVICE, counting, -1);
  expect(opened).toBe(2);
  expect(planOfName(SHAPE, tunedName(names))).not.toBeNull();
});

test('without a clock of kernels whole plans compete, the most promising cut first', () => {
  const cuts = uniformCuts(SHAPE, PLAINEST_DEVICE);
  expect(cuts.length).toBeGreaterThan(1);
  const plans = cuts.map((names) => planOfName(SHAPE, tunedName(names)));
  expect(plans).not.toContain(null);
  // Each is another way to train, with all that a plan needs.
  const texts = plans.map((plan) => plan?.step.map(({ kernel }) => kernel.wgsl).join());
  expect(new Set(texts).size).toBe(cuts.length);
  expect(plans[0]?.prediction.length).toBeGreaterThan(0);
});
