/** The forms of the backend cpu that run here: every kind of instructions, and plain loops. */
import { createCpuBackend, createLoopsBackend } from '../../src/cpu/backend';
import { supportedInstructions } from '../../src/cpu/kernels';
import type { Backend, Problem } from '../../src/training/backend';

type Open = (problem: Problem) => Promise<Backend>;

const SIMD: Readonly<Record<string, Open>> = {
  simd: (problem) => createCpuBackend(problem, 'simd'),
  // Node 20 has no relaxed SIMD; every Chromium since 114 has.
  ...(supportedInstructions() === 'relaxed-simd' && {
    'relaxed-simd': (problem: Problem) => createCpuBackend(problem, 'relaxed-simd'),
  }),
};

export const CPU_ENGINES: Readonly<Record<string, Open>> = { ...SIMD, loops: createLoopsBackend };
