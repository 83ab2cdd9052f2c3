/** Tunes a workload as a user's first run does, and says what that took; tune.mjs runs it. */
import { namedWorkload, type SingleName } from '../../src/bench/workloads';
import { loadRows } from '../../src/data/registry';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { DEFAULTS } from '../../src/training/configuration/fields';

export interface Request {
  readonly workload: SingleName;
}

export async function measure({ workload }: Request) {
  const problem = namedWorkload(workload, await loadRows(DEFAULTS)).problem();
  const begin = performance.now();
  const tried: { readonly what: string; readonly at: number }[] = [];
  const backend = await createWebGpuBackend(problem, {
    gpu: navigator.gpu,
    tuning: 'force',
    onTuning: (what) => tried.push({ what, at: performance.now() - begin }),
  });
  const total = performance.now() - begin;
  const { plan } = backend.info;
  backend.dispose();
  return { tried, total, plan };
}
