/** Memory: what a backend allocates is what its plan says, and a long run leaves nothing behind. */
import { expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { scaledFeatures } from '../../src/data/samples';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { describePlan } from '../../src/gpu/describe';
import { SCHEDULE_KINDS } from '../../src/gpu/plan/choices';
import { planBytes, shapeOf } from '../../src/gpu/plan/plan';
import { planBy } from '../../src/gpu/tuning/fixed-choice';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { sharedDevice } from './support/open';
import { DIGITS, fewDigits } from './support/problems';

const device = sharedDevice();

/** The parts of the protocol that this test speaks. */
interface HeapProtocol {
  send(method: 'HeapProfiler.collectGarbage'): Promise<void>;
  send(method: 'Runtime.getHeapUsage'): Promise<{ readonly usedSize: number }>;
}

/** A device that counts what is asked of it. */
function countingDevice() {
  const acquired = device();
  const counts = { bytes: 0, buffers: 0, destroyed: 0, bindGroups: 0, pipelines: 0 };
  const overrides: Partial<Record<string, (descriptor: never) => unknown>> = {
    createBuffer: (descriptor: GPUBufferDescriptor) => {
      counts.bytes += descriptor.size;
      counts.buffers++;
      const buffer = acquired.device.createBuffer(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        counts.destroyed++;
        return destroy();
      };
      return buffer;
    },
    createBindGroup: (descriptor: GPUBindGroupDescriptor) => {
      counts.bindGroups++;
      return acquired.device.createBindGroup(descriptor);
    },
    createComputePipelineAsync: (descriptor: GPUComputePipelineDescriptor) => {
      counts.pipelines++;
      return acquired.device.createComputePipelineAsync(descriptor);
    },
  };
  const counted = new Proxy(acquired.device, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      const override = overrides[String(name)];
      if (override !== undefined) return override;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { device: { ...acquired, device: counted }, counts };
}

test.each([
  ...SCHEDULE_KINDS.map((schedule) => [schedule, ''] as const),
  ['layered', 'conv 3 3x3 same relu; max_pool 2; conv 2 2x2 relu'] as const,
])(
  '%s allocates its plan to the byte, and a checkpoint when it is first used, and frees all (%s)',
  async (schedule, layers) => {
    const { problem } = prepare(
      checkConfiguration({ layers, batchSize: 50, optimizer: 'adam' }),
      DIGITS,
    );
    const plan = planBy(schedule, shapeOf(problem));
    if ('declined' in plan) throw new Error(plan.declined);
    const { device: counting, counts } = countingDevice();
    const backend = await createWebGpuBackend(problem, { device: counting, schedule });
    await backend.train(2);
    expect(counts.bytes).toBe(planBytes(plan));
    const opened = { ...counts };
    await backend.predict(scaledFeatures(problem.test), problem.test.count);
    expect(counts).toEqual(opened);

    const state = describePlan(plan).checkpointBytes;
    for (const [slot, kept] of [
      [1, 1],
      [2, 2],
      [1, 2],
    ] as const) {
      await Promise.all([backend.train(3), backend.checkpoint(slot), backend.trainBatches(2)]);
      await backend.rollback(slot);
      const bytes = opened.bytes + kept * state;
      expect(counts).toEqual({ ...opened, bytes, buffers: opened.buffers + kept });
    }
    // Room to read into, for as long as that takes.
    const kept = { ...counts };
    await backend.load(await backend.state());
    const read = { bytes: kept.bytes + state, buffers: kept.buffers + 1, destroyed: 1 };
    expect(counts).toEqual({ ...kept, ...read });
    await backend.parameters();
    expect(counts.bytes - read.bytes).toBe(4 * problem.parameters.length);
    expect(counts.destroyed).toBe(2);
    backend.dispose();
    backend.dispose();
    expect(counts.destroyed).toBe(counts.buffers);
  },
);

test('the JavaScript heap stays flat over 20,000 epochs', async () => {
  const { problem } = prepare(checkConfiguration({ hidden: [], epochs: 20_000 }), fewDigits(4));
  const backend = await createWebGpuBackend(problem, { device: device() });
  const protocol = cdp() as unknown as HeapProtocol;
  const heapAfter = async (epochs: number) => {
    for (let done = 0; done < epochs; done += 1000) await backend.train(1000);
    await protocol.send('HeapProfiler.collectGarbage');
    return (await protocol.send('Runtime.getHeapUsage')).usedSize;
  };
  const early = await heapAfter(2000);
  const late = await heapAfter(18_000);
  backend.dispose();
  // Compiled code and caches settle a little. The bound catches what keeps 15 bytes an epoch or more, any
  // object or array among it; a single number of 8 bytes an epoch (144 kB) would pass.
  expect(late - early).toBeLessThan(256 * 1024);
}, 120_000);
