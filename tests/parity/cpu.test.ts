/** The backend cpu in a real browser, which has relaxed SIMD where Node may not. */
import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/cpu/backend';
import { supportedInstructions } from '../../src/cpu/kernels';
import { configurationFromJson } from '../../src/training/configuration/json';
import { prepare } from '../../src/training/prepare';
import { testCpuKernels } from '../support/cpu-kernels';
import { epochsOfFixture, historyDifference } from '../support/histories';
import { DIGITS, loadFixture } from './support/problems';

it('Chromium has relaxed SIMD', () => {
  expect(supportedInstructions()).toBe('relaxed-simd');
});

testCpuKernels('relaxed-simd');

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
