/** What a device can do at most: the kernels that measure it do their work, and leave nothing behind. */
import { describe, expect, test } from 'vitest';
import { instantiate, LINEAR_WORKGROUP } from '../../shaders/kernel';
import { CHAINS, multiplyAdds, START } from '../../shaders/multiply-adds';
import { stream } from '../../shaders/stream';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { measureDeviceSpeed } from '../../src/gpu/runtime/device-speed';
import { RandomState } from '../../src/numpy/random-state';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { EPSILON, type Expected, expectAll, randomFloats } from './support/numbers';
import { sharedDevice } from './support/open';
import { fewDigits } from './support/problems';
import { runKernel } from './support/run-kernel';
import { watch } from './support/watched-device';

const device = sharedDevice();

/** One component of an invocation's sum, with the bound of its roundings, one after the other. */
function sumOf(id: number, component: number, rounds: number): Expected {
  const [factor, summand] = CONSTANTS;
  const sum = { value: 0, bound: 0 };
  for (let chain = 0; chain < CHAINS; chain++) {
    let x = (id % START.period) + START.components[component] + chain;
    let bound = 0;
    for (let round = 0; round < rounds; round++) {
      const product = x * factor;
      x = product + summand;
      bound = factor * bound + EPSILON * (Math.abs(product) + Math.abs(x));
    }
    sum.value += x;
    sum.bound += bound + EPSILON * Math.abs(sum.value);
  }
  return sum;
}
const CONSTANTS = Float32Array.of(1 - 2 ** -10, 1);

describe('the kernels that measure', () => {
  test.each([0, 1, 16, 17, 512])('multiply-adds, %i rounds', async (rounds) => {
    const workgroups = 3;
    const invocations = workgroups * LINEAR_WORKGROUP;
    const { sums } = await runKernel(
      device().device,
      instantiate(multiplyAdds, { workgroups, rounds }),
      { constants: CONSTANTS },
      { sums: 4 * invocations },
    );
    const expected = Array.from({ length: 4 * invocations }, (_, i) =>
      sumOf(i >> 2, i & 3, rounds),
    );
    expectAll('sums', sums, expected);
  });

  test.each([1, 63, 64, 65, 1000])('stream, %i vectors', async (length) => {
    // A vector more than is asked for: it must stay where it is.
    const values = randomFloats(new RandomState(length), 4 * (length + 1));
    const { doubled } = await runKernel(
      device().device,
      instantiate(stream, { length }),
      { values },
      { doubled: 4 * length },
    );
    const expected = Array.from(values, (value) => ({ value: 2 * value, bound: 0 }));
    expectAll('doubled', doubled, expected.slice(0, 4 * length));
  });
});

test('measuring gives rates, and frees what it took', async () => {
  const watched = watch(device());
  const speed = await measureDeviceSpeed(watched.device);
  expect(Object.keys(speed)).toEqual(['operationsPerSecond', 'bytesPerSecond', 'launchMs']);
  for (const value of Object.values(speed)) {
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
  }
  expect(watched.alive.size).toBe(0);
});

test('timing an epoch leaves the state as it was, and what is trained meanwhile', async () => {
  const problem = prepare(checkConfiguration({ hidden: [3], batchSize: 7 }), fewDigits(40)).problem;
  const open = () => createWebGpuBackend(problem, { device: device(), schedule: 'layered' });
  const [plain, timed] = [await open(), await open()];
  const before = await timed.train(2);
  const [epoch, after] = await Promise.all([timed.timeEpoch(), timed.train(1)]);
  expect(epoch.milliseconds).toBeGreaterThan(0);
  const { step, epoch: end } = timed.describe();
  expect(epoch.dispatches).toBe(timed.batchesPerEpoch * step.length + end.length);
  expect([...before, ...after]).toEqual(await plain.train(3));
  expect(await timed.state()).toEqual(await plain.state());
  plain.dispose();
  timed.dispose();
});
