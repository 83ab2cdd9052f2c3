/** Tuning of the matrix products, with a clock that is scripted. */
import { expect, test } from 'vitest';
import {
  planOfName,
  productsOf,
  type TimedBackend,
  tunedName,
  tuneGemms,
} from '../../src/gpu/gemm-tuning';
import { PLAINEST_DEVICE } from '../../src/gpu/gemm-variants';
import type { KernelTiming } from '../../src/gpu/kernel-timer';
import type { Plan } from '../../src/gpu/plan';
import { networkFor } from '../../src/model/network-spec';
import { checkConfiguration } from '../../src/training/configuration';

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
  const names = await tuneGemms(SHAPE, PLAINEST_DEVICE, open, Number.POSITIVE_INFINITY);
  const products = productsOf(SHAPE);
  expect(names).toHaveLength(products.length);
  const of = (form: string, layer: number) =>
    names[products.findIndex((product) => product.form === form && product.layer === layer)];
  expect(of('forward', 1)).not.toBe(of('forward', 2));
  expect(live.size).toBe(0);
});

test('a tuned plan is found again by its name, and only by a name of its network', async () => {
  const { open } = opener((wgsl) => wgsl.length);
  const name = tunedName(await tuneGemms(SHAPE, PLAINEST_DEVICE, open, Number.POSITIVE_INFINITY));
  expect(planOfName(SHAPE, name)).toMatchObject({ schedule: 'layered', variant: name });
  expect(planOfName(SHAPE, 'layered')).toBeNull();
  expect(planOfName(SHAPE, name.replace(/ [^ ]+$/, ' nonsense'))).toBeNull();
  expect(planOfName({ ...SHAPE, spec: networkFor(64, [8], 2, 'relu') }, name)).toBeNull();
});

test('a variant that does not run on the device is passed over', async () => {
  const open = () => Promise.reject(new Error('did not compile'));
  const names = await tuneGemms(SHAPE, PLAINEST_DEVICE, open, Number.POSITIVE_INFINITY);
  expect(planOfName(SHAPE, tunedName(names))).not.toBeNull();
});

test('no variant is begun after the deadline', async () => {
  const open = () => Promise.reject(new Error('must not be opened'));
  const names = await tuneGemms(SHAPE, PLAINEST_DEVICE, open, -1);
  expect(planOfName(SHAPE, tunedName(names))).not.toBeNull();
});
