/** The backend cpu in a real browser, which has relaxed SIMD where Node may not. */
import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { supportedInstructions } from '../../src/cpu/kernels';
import { pageCores } from '../../src/session/page-cores';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { testCpuKernels } from '../support/cpu-kernels';
import { epochsOfFixture, historyDifference } from '../support/histories';
import { DIGITS, loadFixture } from './support/problems';

it('Chromium has relaxed SIMD', () => {
  expect(supportedInstructions()).toBe('relaxed-simd');
});

testCpuKernels('relaxed-simd');

it('hears of a thread that cannot begin', async () => {
  const [thread] = pageCores.borrow(1);
  // It imports a global that no thread has.
  const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 2, 8, 1, 1, 97, 1, 98, 3, 127, 0);
  const module = new WebAssembly.Module(bytes);
  // This page shares no memory, and the thread does not come to the point where it needs one.
  const memory = {} as WebAssembly.Memory;
  const orders = { module, memory, kernels: [], block: 0, slots: 0, most: 1 };
  const failure = thread.join(orders).catch((error) => error);
  expect(await failure).toMatchObject({ type: 'error', message: expect.stringMatching(/import/i) });
  thread.terminate();
});

// What needs no relaxed SIMD gives the same bits in Node: see tests/unit/cpu-fixtures.test.ts.
describe('relaxed SIMD', () => {
  it.each([
    'notebook',
    'challenge-4-relu',
    'challenge-6-batch-32',
    'challenge-8-digits-012',
    'next-adam-ten-digits',
    'next-momentum',
    'next-rmsprop',
  ])('trains %s as NumPy does, twice with the same bits', async (name) => {
    const { config, history, float32_deviation } = await loadFixture(name);
    const configuration = configurationFromJson(config);
    const { problem } = prepare(configuration, DIGITS);
    const backend = await createCpuBackend(problem, 'relaxed-simd');
    const epochs = await backend.train(configuration.epochs);
    const difference = historyDifference(epochs, epochsOfFixture(history));
    expect(difference.loss).toBeLessThan(10 * float32_deviation.loss + 1e-6);
    expect(difference.valLoss).toBeLessThan(10 * float32_deviation.val_loss + 1e-6);
    const again = await createCpuBackend(problem, 'relaxed-simd');
    expect(await again.train(configuration.epochs)).toEqual(epochs);
    expect(await again.state()).toEqual(await backend.state());
    backend.dispose();
    again.dispose();
  });
});
