/** What a backend says that it runs, against what was compiled for it. */
import { expect, it } from 'vitest';
import { variantName } from '../../shaders/parts/gemm-variant';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { describePlanBy } from '../../src/gpu/describe';
import { allVariants, defaultVariant, productOf } from '../../src/gpu/plan/choose-variant';
import { shapeOf } from '../../src/gpu/plan/plan';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { productsOf, tunedName } from '../../src/gpu/tuning/tuned-layered';
import type { PlanDescription } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { prepare } from '../../src/training/prepare';
import { sharedDevice } from './support/open';
import { fewDigits } from './support/problems';
import { watch } from './support/watched-device';

const device = sharedDevice();

const problem = prepare(
  checkConfiguration({ hidden: [2], activation: 'relu' }),
  fewDigits(40),
).problem;

/** The kernels' texts of a plan, each once. */
function textsOf({ chunk, step, epoch, prediction }: PlanDescription): Set<string> {
  return new Set([...chunk, ...step, ...epoch, ...prediction].map(({ wgsl }) => wgsl));
}

/** What a backend with the named plan describes, and what was compiled for it. */
async function openNamed(candidate: string) {
  const compiled = new Set<string>();
  const code = (text: string) => {
    compiled.add(text);
    return text;
  };
  const backend = await createWebGpuBackend(problem, {
    device: watch(device(), { code }),
    candidate,
  });
  return { backend, compiled };
}

it('describes the very plan that was compiled, whichever was chosen', async () => {
  const shape = shapeOf(problem);
  const plans = candidatesFor(shape, device().device.features).flatMap((candidate) =>
    'declined' in candidate.plan() ? [] : [candidate.name],
  );
  expect(plans.length).toBeGreaterThan(4);
  // Each product cut another way than the fixed table has it.
  const cuts = productsOf(shape).map(({ form, shape: size }) => {
    const fixed = variantName(defaultVariant(form, size));
    const names = allVariants(form, productOf(form, size).n)
      .filter(({ kind }) => kind === 'register')
      .map(variantName);
    return names.find((name) => name !== fixed) ?? fixed;
  });
  const tuned = tunedName(cuts);
  for (const name of [...plans, tuned]) {
    const { backend, compiled } = await openNamed(name);
    const description = backend.describe();
    backend.dispose();
    expect(description.choice, name).toMatchObject({ candidate: name, chosenBy: 'asked for' });
    expect(textsOf(description), name).toEqual(compiled);
    // It travels from a worker to the page.
    expect(structuredClone(description)).toEqual(description);
  }
});

it('says what the kernels take as soon as they are timed', async () => {
  const { backend } = await openNamed('sample-parallel-1-32');
  const times = ({ chunk, step, epoch }: PlanDescription) =>
    [...chunk, ...step, ...epoch].map(({ milliseconds }) => milliseconds);
  expect(times(backend.describe()).every((time) => time === undefined)).toBe(true);
  const timings = await backend.timeKernels();
  expect(times(backend.describe())).toEqual(timings.map(({ milliseconds }) => milliseconds));
  backend.dispose();
});

it('refuses the name of a plan that this network does not have', async () => {
  await expect(openNamed('sample-parallel-3-1')).rejects.toThrow(/sample-parallel-3-1/);
  expect(describePlanBy('auto', shapeOf(problem))).toMatchObject({ choice: null });
});
