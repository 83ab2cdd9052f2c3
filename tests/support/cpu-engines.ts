/** The forms of the backend cpu that run here: one for every kind of instructions. */
import { createCpuBackend } from '../../src/cpu/backend';
import { supportedInstructions } from '../../src/cpu/kernels';
import type { Backend, Problem } from '../../src/training/backend';

export const CPU_ENGINES: Readonly<Record<string, (problem: Problem) => Promise<Backend>>> = {
  simd: (problem) => createCpuBackend(problem, 'simd'),
  // Node 20 has no relaxed SIMD; every Chromium since 114 has.
  ...(supportedInstructions() === 'relaxed-simd' && {
    'relaxed-simd': (problem: Problem) => createCpuBackend(problem, 'relaxed-simd'),
  }),
};
