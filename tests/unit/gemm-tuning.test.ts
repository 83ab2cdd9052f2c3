/** Tuning of the matrix products, with a clock that is scripted. */
import { expect, test } from 'vitest';
import { variantName } from '../../shaders/parts/gemm-variant';
import { defaultVariant } from '../../src/gpu/plan/choose-variant';
import type { Plan, ProblemShape } from '../../src/gpu/plan/plan';
import type { KernelTiming } from '../../src/gpu/runtime/kernel-timer';
import { tuneGemms, uniformLayered } from '../../src/gpu/tuning/gemm-tuning';
import { type TimedBackend, type TrialOptions, Trials } from '../../src/gpu/tuning/trials';
import { productsOf, tunedLayered, tunedName } from '../../src/gpu/tuning/tuned-layered';
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

/** Tunes the products; names of variants, those of the fixed table where none was better. */
async function tuned(
  shape: ProblemShape,
  options: TrialOptions,
  deadline?: number,
  features: ReadonlySet<string> = new Set(),
) {
  const trials = new Trials(options, deadline);
  const candidate = await tuneGemms(shape, features, trials);
  const fixed = productsOf(shape).map((product) =>
    variantName(defaultVariant(product.form, product.shape)),
  );
  const names = candidate?.name.split(' ').slice(1) ?? fixed;
  return { candidate, names, timings: trials.timings };
}

/** The plan of a tuned name of the network. */
function planOf(shape: ProblemShape, names: readonly string[]): Plan {
  const plan = tunedLayered(shape, tunedName(names))?.plan();
  if (plan === undefined || 'declined' in plan) throw new RangeError('no name of this network');
  return plan;
}

test('each product gets the variant that was quickest for it', async () => {
  // Longer text stands for larger blocks: layer 1 likes them, the others do not.
  const { open, live } = opener((wgsl, layer) => (layer === 1 ? 1e6 - wgsl.length : wgsl.length));
  const { names } = await tuned(SHAPE, { open });
  const products = productsOf(SHAPE);
  expect(names).toHaveLength(products.length);
  const of = (form: string, layer: number) =>
    names[products.findIndex((product) => product.form === form && product.layer === layer)];
  expect(of('forward', 1)).not.toBe(of('forward', 2));
  expect(live.size).toBe(0);
});

test('a tuned plan is found again by its name, and only by a name of its network', async () => {
  const { open } = opener((wgsl) => wgsl.length);
  const { names } = await tuned(SHAPE, { open });
  const name = tunedName(names);
  expect(tunedLayered(SHAPE, name)?.plan()).toMatchObject({ schedule: 'layered', title: name });
  expect(tunedLayered(SHAPE, 'layered')).toBeUndefined();
  expect(tunedLayered(SHAPE, name.replace(/ [^ ]+$/, ' nonsense'))).toBeUndefined();
  const other = { ...SHAPE, spec: networkFor(64, [8], 2, 'relu') };
  expect(tunedLayered(other, name)).toBeUndefined();
});

test('a variant for large batches is not taken for a few samples', () => {
  const few = { ...SHAPE, testSamples: 1 };
  const names = productsOf(few).map(({ form, layer }) =>
    form === 'forward' && layer === 1 ? 'r16x8' : 'r4x4',
  );
  const { step, epoch } = planOf(few, names);
  const variants = [...step, ...epoch]
    .filter(({ kernel, layer }) => kernel.name === 'dense-forward' && layer === 1)
    .map(({ kernel }) => kernel.shape.variant);
  expect(variants).toMatchObject([
    { rows: 16, columns: 8 },
    { rows: 1, columns: 4 },
  ]);
});

test('the rounds begin with the fixed table, and then the most promising variant is first', async () => {
  const { open } = opener((wgsl) => wgsl.length);
  const roundsOf = async (inputs: number, widths: number[], batchSize: number) => {
    const spec = networkFor(inputs, widths, 10, 'relu');
    const hyperparameters = checkConfiguration({ hidden: widths, batchSize });
    const shape = { spec, hyperparameters, trainSamples: 512, testSamples: 100 };
    const { timings } = await tuned(shape, { open }, undefined, new Set(['subgroups']));
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
  await tuned(SHAPE, { open: watching });
  const layersOf = (plan: Plan) => new Set(plan.step.map(({ layer }) => layer));
  expect(layersOf(opened[0])).toEqual(new Set([1, 2, 3]));
  for (const plan of opened.slice(1)) expect(layersOf(plan)).toEqual(new Set([1]));
  // Only what is timed is compiled.
  for (const plan of opened) expect([plan.epoch, plan.prediction]).toEqual([[], []]);
});

test('a variant that does not run on the device is passed over', async () => {
  const open = () => Promise.reject(new Error('did not compile'));
  const { candidate, timings } = await tuned(SHAPE, { open });
  expect(candidate).toBeUndefined();
  expect(new Set(timings.map(({ note }) => note))).toEqual(new Set(['did not compile']));
});

test('no round is begun that would pass the deadline, and the record says so', async () => {
  let clock = 0;
  const { open } = opener((wgsl) => wgsl.length);
  // Compiling takes all of the time: a millisecond for each character of a text.
  const slow = (plan: Plan) => {
    const texts = new Set(plan.step.map(({ kernel }) => kernel.wgsl));
    clock += [...texts].reduce((sum, { length }) => sum + length, 0);
    return open(plan);
  };
  const whole = await tuned(SHAPE, { open: slow, now: () => clock });
  const deadline = whole.timings.slice(0, 4).reduce((sum, { tookMs = 0 }) => sum + tookMs, 0);
  clock = 0;
  const { timings } = await tuned(SHAPE, { open: slow, now: () => clock }, deadline);
  expect(clock).toBe(deadline);
  expect(timings.map(({ note }) => note)).toEqual([
    expect.stringMatching(/^\d+\.\d{3} ms for 8 of 8 products$/),
    ...Array.from({ length: 3 }, () =>
      expect.stringMatching(/^\d+\.\d{3} ms for \d of 8 products$/),
    ),
    ...Array.from({ length: timings.length - 4 }, () => 'not tried: time was up'),
  ]);
});

test('without time the fixed table and what is expected to win are measured all the same', async () => {
  let opened = 0;
  const { open } = opener((wgsl) => wgsl.length);
  const counting = (plan: Plan) => {
    opened++;
    return open(plan);
  };
  const { names } = await tuned(SHAPE, { open: counting }, -1);
  expect(opened).toBe(2);
  expect(planOf(SHAPE, names).schedule).toBe('layered');
});

test('without a clock of kernels whole plans compete, the most promising variant first', () => {
  const candidates = uniformLayered(SHAPE, new Set());
  expect(candidates.length).toBeGreaterThan(1);
  const plans = candidates.map(({ name }) => planOf(SHAPE, name.split(' ').slice(1)));
  // Each is another way to train, with all that a plan needs.
  const texts = plans.map(({ step }) => step.map(({ kernel }) => kernel.wgsl).join());
  expect(new Set(texts).size).toBe(candidates.length);
  expect(plans[0].prediction.length).toBeGreaterThan(0);
});
