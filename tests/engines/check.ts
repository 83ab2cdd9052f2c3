/**
 * What an engine makes of this project: every kernel's WGSL, the self-test, and all fixtures. Node (Dawn),
 * Deno (wgpu) and Firefox run it alike.
 */
import { instantiate } from '../../shaders/kernel';
import { multiplyAdds } from '../../shaders/multiply-adds';
import { stream } from '../../shaders/stream';
import { syntheticProblem } from '../../src/comparison/synthetic-problem';
import type { Rows } from '../../src/data/dataset';
import { parseDigits } from '../../src/data/digits-rows';
import { createWebGpuBackend } from '../../src/gpu/backend';
import { allVariants, type VariantChooser } from '../../src/gpu/plan/choose-variant';
import { DEVICE_CLASSES } from '../../src/gpu/plan/device-class';
import { loadAllSteps } from '../../src/gpu/plan/late-steps';
import { planLayered } from '../../src/gpu/plan/layered';
import { type Plan, shapeOf } from '../../src/gpu/plan/plan';
import { probeArithmetic } from '../../src/gpu/runtime/arithmetic';
import type { AcquiredDevice } from '../../src/gpu/runtime/device';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { testPlan } from '../../src/session/self-test/self-test';
import type { Problem } from '../../src/training/backend';
import { configurationFromJson } from '../../src/training/configuration/json';
import { messageOf } from '../../src/training/errors';
import { prepare } from '../../src/training/prepare';
import type { Fixture } from '../fixtures';
import { firstOfEach } from '../support/first-of-each';
import { compareWithFixture } from '../support/histories';
import { cardCase, plansOf, selfTestCases } from '../support/self-test-cases';
import type { Finding } from './findings';

/** Those of a card's plans that are tried on any adapter. */
const CARDS = ['layered', 'sample-parallel-1-32', 'persistent-64'];
/** The kernels that are in no plan: those that measure the device. */
const MEASURING = [
  instantiate(multiplyAdds, { workgroups: 1, rounds: 17 }),
  instantiate(stream, { length: 65 }),
];

/** Where the check runs. */
export interface Place {
  readonly acquired: AcquiredDevice;
  /** The text of a file of the project: `data/digits.csv`. */
  readonly textOf: (path: string) => Promise<string>;
  readonly fixtures: readonly string[];
  readonly say: (finding: Finding) => void;
}

/** The layered plan with every product's variant in turn, those included that no device would choose. */
function variantPlans(problem: Problem): Plan[] {
  const shape = shapeOf(problem);
  const most = allVariants('weights', 2).length;
  return Array.from({ length: most }, (_, i) => {
    const chooser: VariantChooser = (form, { inputs, outputs }) => {
      const variants = allVariants(form, form === 'forward' ? outputs : inputs);
      return variants[i % variants.length];
    };
    return planLayered(shape, chooser);
  });
}

/** Gives every kernel's text to the engine's compiler, which checks it whole; no pipeline is made of it. */
async function checkTexts(
  { acquired: { device }, say }: Place,
  plans: readonly Plan[],
): Promise<void> {
  const hasQuads = device.features.has('subgroups');
  const planned = plans
    .flatMap((plan) => [...plan.chunk, ...plan.step, ...plan.epoch, ...plan.prediction])
    .map(({ kernel }) => kernel);
  const texts = new Map([...planned, ...MEASURING].map(({ wgsl, name }) => [wgsl, name]));
  const errors: string[] = [];
  let compiled = 0;
  for (const [code, name] of texts) {
    if (!hasQuads && /^enable subgroups/m.test(code)) continue;
    device.pushErrorScope('validation');
    device.createShaderModule({ label: name, code });
    const error = await device.popErrorScope();
    if (error !== null) errors.push(`${name}: ${error.message}`);
    compiled++;
  }
  say({ kind: 'texts', compiled, errors });
}

async function checkSelfTests(
  { acquired, say }: Place,
  cases: readonly (readonly [string, string, Problem, Plan])[],
): Promise<void> {
  for (const [name, candidate, problem, plan] of cases) {
    try {
      const { kernels } = await testPlan(acquired, plan, problem);
      const failed = kernels
        .filter(({ passed }) => !passed)
        .map((kernel) => JSON.stringify(kernel));
      say({ kind: 'self-test', name: `${name}, ${candidate}`, kernels: kernels.length, failed });
    } catch (error) {
      say({
        ...{ kind: 'self-test', name: `${name}, ${candidate}`, kernels: 0 },
        failed: [messageOf(error)],
      });
    }
  }
}

async function checkFixtures(
  { acquired, textOf, fixtures, say }: Place,
  digits: Rows,
): Promise<void> {
  for (const name of fixtures) {
    const fixture: Fixture = JSON.parse(await textOf(`tests/fixtures/${name}.json`));
    const configuration = configurationFromJson(fixture.config);
    const backend = await createWebGpuBackend(prepare(configuration, digits).problem, {
      device: acquired,
    });
    const started = performance.now();
    const epochs = await backend.train(configuration.epochs);
    const ms = performance.now() - started;
    backend.dispose();
    const comparison = compareWithFixture(fixture, configuration, epochs);
    say({ kind: 'fixture', name, ms, comparison });
  }
}

/** Says what the engine makes of everything, a finding at a time; its device is destroyed at the end. */
export async function check(place: Place): Promise<void> {
  const { acquired, say } = place;
  const digits = parseDigits(await place.textOf('data/digits.csv'));
  await loadAllSteps();
  const uncaught: string[] = [];
  acquired.device.addEventListener('uncapturederror', ({ error }) => {
    uncaught.push(error.message);
  });
  const { features } = acquired.device;
  say({ kind: 'adapter', adapter: acquired.info.adapter, features: [...features].sort() });

  // Layer by layer in one schedule only: software compiles slowly, and the other settings take all three.
  const cases = selfTestCases(firstOfEach(digits, 9)).filter(
    ([setting, candidate]) => !setting.startsWith('dense ') || candidate === 'layered',
  );
  const problems = [
    ...new Set(cases.map(([, , problem]) => problem)),
    syntheticProblem([784, 512, 256, 10], 256),
  ];
  const large = cardCase();
  await checkTexts(place, [
    ...problems.flatMap((problem) =>
      // A kind of device has kernels of its own shapes; all of them compile everywhere.
      DEVICE_CLASSES.flatMap((kind) => plansOf(problem, features, kind).map(([, plan]) => plan)),
    ),
    ...problems.flatMap(variantPlans),
    large.plan,
  ]);
  const [[name, , first]] = cases;
  say({ kind: 'arithmetic', ...(await probeArithmetic(acquired.device)) });
  const known = candidatesFor(shapeOf(first)).map((candidate) => candidate.name);
  await checkSelfTests(place, [
    ...cases,
    // Those that need a feature which this device has.
    ...plansOf(first, features)
      .filter(([candidate]) => !known.includes(candidate))
      .map(([candidate, plan]) => [name, candidate, first, plan] as const),
    ...plansOf(first, features, 'discrete')
      .filter(([candidate]) => CARDS.includes(candidate))
      .map(([candidate, plan]) => [`${name}, for a card`, candidate, first, plan] as const),
    ['large, for a card', 'layered', large.problem, large.plan],
  ]);
  await checkFixtures(place, digits);
  say({ kind: 'end', uncaught });
  acquired.device.destroy();
}
