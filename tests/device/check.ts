/**
 * The WebGPU backend on whatever adapter this machine has: every candidate plan against the float64
 * reference, then times. Runs in Node (Dawn, Chrome's engine) and in Deno (wgpu and Naga, Firefox's engine)
 * alike; prints a line for each finding, and writes them all as JSON. README.md says how.
 *
 * Its arguments: digits.csv, the report to write, seconds that it may take, and the folder of the packages
 * that hold Dawn, where it is not the runtime itself that has WebGPU. PARTS in its environment names the
 * parts that it takes, by default all: parity,work,forward,conv,kernels,peers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deviceOf } from '../../src/bench/device-of';
import { type PythonPeer, pythonPeer } from '../../src/bench/python-peer';
import { namedWorkload } from '../../src/bench/workloads';
import { openDawn, pollSeldom } from '../../src/cli/dawn';
import type { Training } from '../../src/comparison/contender';
import { lossBound } from '../../src/comparison/loss-bound';
import { compareLosses } from '../../src/comparison/measure';
import { RefusedError, refusalOf } from '../../src/comparison/refusal';
import { syntheticProblem } from '../../src/comparison/synthetic-problem';
import { timeSplit } from '../../src/comparison/time-split';
import { parseDigits } from '../../src/data/digits-rows';
import { createWebGpuBackend, WebGpuBackend } from '../../src/gpu/backend';
import { DEVICE_CLASSES } from '../../src/gpu/plan/device-class';
import { loadAllSteps } from '../../src/gpu/plan/late-steps';
import { type Plan, shapeOf } from '../../src/gpu/plan/plan';
import { probeArithmetic } from '../../src/gpu/runtime/arithmetic';
import { type AcquiredDevice, acquireDevice } from '../../src/gpu/runtime/device';
import { Program } from '../../src/gpu/runtime/program';
import { type Candidate, candidatesFor } from '../../src/gpu/tuning/candidates';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import { messageOf } from '../../src/training/errors';
import { prepare } from '../../src/training/prepare';
import { augmentedProblem, CONFIGURATIONS, type Name, workOf } from './check-work';
import { convVariants, forwardVariants, type ProductVariant } from './product-variants';

const [digitsPath, reportPath = 'report.json', limitSeconds = '240', packages] =
  process.argv.slice(2);
const deadline = performance.now() + 1000 * Number(limitSeconds);
const isLate = () => performance.now() > deadline;
const chosen = process.env.PARTS?.split(',');
/** Whether there is time for a part, and nobody asked for others alone. */
const wants = (part: 'parity' | 'work' | 'forward' | 'conv' | 'kernels' | 'peers') =>
  !isLate() && (chosen === undefined || chosen.includes(part));

const gpu = packages === undefined ? navigator.gpu : await openDawn(packages);
// Plans are laid out here before any backend loads what they need.
await loadAllSteps();
const uncaught: string[] = [];
let acquired = await acquireWatched();
const { info } = acquired;
const { features } = acquired.device;
if (packages !== undefined && info.isSoftware) pollSeldom();

async function acquireWatched(): Promise<AcquiredDevice> {
  const given = await acquireDevice(gpu);
  given.device.addEventListener('uncapturederror', ({ error }) => {
    uncaught.push(error.message);
  });
  return given;
}

const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
] as const;
const arithmetic = await probeArithmetic(acquired.device);
const [parity, times, products, kernels, peers]: object[][] = [[], [], [], [], []];
const failures: string[] = [];
const report = {
  adapter: info.adapter,
  is_software: info.isSoftware,
  device_class: info.deviceClass,
  features: [...features].sort(),
  limits: Object.fromEntries(LIMITS.map((name) => [name, acquired.device.limits[name]])),
  ...{ arithmetic, parity, times, products, kernels, peers, failures, uncaught },
};
const save = () => writeFileSync(reportPath, JSON.stringify(report, null, 1));
const say = (...words: unknown[]) => console.log(...words);
say('ADAPTER', report.adapter, JSON.stringify(report.limits), report.features.join(' '));
say('ARITHMETIC', JSON.stringify(arithmetic));

/** Ends nothing but itself where it fails, be it with the device: a card is lent for minutes, and the rest of them is for the others. */
async function attempt(words: readonly string[], task: () => Promise<void>): Promise<void> {
  if (isLate()) return;
  try {
    if (acquired.failure.aborted) acquired = await acquireWatched();
    await task();
  } catch (error) {
    failures.push(`${words.join(' ')}: ${messageOf(error)}`);
    say(...words, 'FAILED:', messageOf(error));
  }
  save();
}

const digits = parseDigits(readFileSync(digitsPath, 'utf8'));
const work = workOf(digits);
/** Who does the same work on this machine. */
const PEERS: readonly PythonPeer[] =
  process.env.PEERS === '0' ? [] : ['torch-cuda', 'torch-cuda-graph', 'numpy'];
const peersFile = join(dirname(digitsPath), 'python-peers.py');

/** A backend with a plan on the shared device. */
async function openPlan(problem: Problem, plan: Plan): Promise<WebGpuBackend> {
  const program = await Program.compile(acquired.device, plan);
  return new WebGpuBackend(problem, plan, program, acquired, { device: acquired });
}

/** The same with one candidate's; undefined where the candidate declines. */
async function openCandidate(
  problem: Problem,
  candidate: Candidate,
): Promise<WebGpuBackend | undefined> {
  const plan = candidate.plan();
  return 'declined' in plan ? undefined : openPlan(problem, plan);
}

/** What this kind of device is offered, and what only others are: that must be right here, too. */
function candidatesOfAll(problem: Problem): readonly Candidate[] {
  const classes = [info.deviceClass, ...DEVICE_CLASSES];
  const all = classes.flatMap((kind) => candidatesFor(shapeOf(problem, kind), features));
  return all.filter(({ name }, i) => all.findIndex((other) => other.name === name) === i);
}

/** Every candidate plan against float64, epoch by epoch. */
async function checkParity(name: Name): Promise<void> {
  const configuration = checkConfiguration(CONFIGURATIONS[name]);
  const { problem } = prepare(configuration, digits);
  const reference = await createReferenceBackend(problem);
  const expected = await reference.train(configuration.epochs);
  // What sums of so many terms may differ by, of the largest loss.
  const bound = Math.max(...expected.map(({ loss }) => lossBound(loss, problem.train.count)));
  for (const candidate of candidatesOfAll(problem)) {
    await attempt(['PARITY', name, candidate.name], async () => {
      const begin = performance.now();
      const backend = await openCandidate(problem, candidate);
      if (backend === undefined) return;
      const open_ms = performance.now() - begin;
      const actual = await backend.train(configuration.epochs);
      backend.dispose();
      const worst = (metric: 'loss' | 'valLoss') =>
        Math.max(...actual.map((m, i) => Math.abs(m[metric] - expected[i][metric])));
      const row = { loss: worst('loss'), val_loss: worst('valLoss'), open_ms };
      parity.push({ name, candidate: candidate.name, ...row });
      const figures = `loss ${row.loss.toExponential(2)} val_loss ${row.val_loss.toExponential(2)}`;
      say('PARITY', name, candidate.name, figures, `open ${open_ms.toFixed(0)} ms`);
      // Written so that a loss that is not a number fails.
      if (!(row.loss <= bound)) throw new Error(`at most ${bound.toExponential(1)} apart`);
    });
  }
}

/** A backend, or a training of a peer. */
interface Trains {
  train(epochs: number): Promise<unknown>;
}

/** Milliseconds an epoch: the median of five runs that each last about `leastMs`. */
async function timeEpochs(backend: Trains, leastMs = 150, rounds = 5) {
  await backend.train(2);
  let epochs = 4;
  for (;;) {
    const begin = performance.now();
    await backend.train(epochs);
    const took = performance.now() - begin;
    if (took >= leastMs || epochs >= 65_536 || isLate()) break;
    epochs = Math.ceil(epochs * Math.min(8, Math.max(2, (1.2 * leastMs) / Math.max(took, 1))));
  }
  const taken: number[] = [];
  do {
    const begin = performance.now();
    await backend.train(epochs);
    taken.push((performance.now() - begin) / epochs);
  } while (taken.length < rounds && !isLate());
  taken.sort((a, b) => a - b);
  const [least, most] = [taken[0], taken[taken.length - 1]];
  return { median_ms: taken[taken.length >> 1], least_ms: least, most_ms: most, epochs };
}

/** Where the time goes, and what the device can do at most. */
async function splitOf(backend: WebGpuBackend, problem: Problem, median: number) {
  const { epoch, speed } = deviceOf(backend, problem);
  return timeSplit(median, await epoch(), await speed());
}

async function timeWork(name: string, problem: Problem): Promise<void> {
  const keep = (candidate: string, took: Awaited<ReturnType<typeof timeEpochs>>, more = {}) => {
    times.push({ name, candidate, ...took, ...more });
    const [median, least, most] = [took.median_ms, took.least_ms, took.most_ms];
    say(
      'TIME',
      name,
      candidate,
      `${median.toFixed(4)} (${least.toFixed(4)}-${most.toFixed(4)}) ms`,
    );
  };
  // What other kinds of devices get unmeasured: whether this one's defaults are the right ones.
  const others = DEVICE_CLASSES.filter((kind) => kind !== info.deviceClass).flatMap((kind) =>
    candidatesFor(shapeOf(problem, kind), features, 'layered').map((candidate) => ({
      ...candidate,
      name: `${candidate.name} as if ${kind}`,
    })),
  );
  const own = candidatesFor(shapeOf(problem, info.deviceClass), features);
  for (const candidate of [...own, ...others]) {
    await attempt(['TIME', name, candidate.name], async () => {
      const backend = await openCandidate(problem, candidate);
      if (backend === undefined) return;
      keep(candidate.name, await timeEpochs(backend));
      backend.dispose();
    });
  }
  await attempt(['TIME', name, 'tuned'], async () => {
    const begin = performance.now();
    const tuned = await createWebGpuBackend(problem, { device: acquired, tuning: 'force' });
    const tuning_ms = performance.now() - begin;
    const took = await timeEpochs(tuned);
    const split = hasClock && !isLate() ? await splitOf(tuned, problem, took.median_ms) : undefined;
    keep(`tuned: ${tuned.info.plan?.candidate}`, took, { tuning_ms, split });
    for (const timing of tuned.info.plan?.timings ?? []) say('TUNER', name, JSON.stringify(timing));
    if (split !== undefined) say('SPLIT', name, JSON.stringify(split));
    if (!isLate() && hasClock) {
      for (const kernel of await tuned.timeKernels()) say('KERNEL', name, JSON.stringify(kernel));
    }
    tuned.dispose();
  });
}

/** Losses and parameters of the first two epochs by the layered plan, which judges all others here. */
async function judgeOf(problem: Problem) {
  const judge = await createWebGpuBackend(problem, { device: acquired, schedule: 'layered' });
  try {
    const losses = (await judge.train(2)).map(({ loss }) => loss);
    return { losses, parameters: await judge.parameters() };
  } finally {
    judge.dispose();
  }
}

/** What each variant of a product takes by the device's clock, all its dispatches together. */
async function timeProducts(
  name: string,
  problem: Problem,
  variants: readonly ProductVariant[],
): Promise<void> {
  const judge = await judgeOf(problem);
  const from = (values: Float64Array) =>
    judge.parameters.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i])), 0);
  // As tuning holds its candidates: a step left out or too large is far more of the way.
  const bound = 0.01 * from(problem.parameters) + 2 ** -22;
  for (const variant of variants) {
    await attempt(['TIME', name, variant.name], async () => {
      const backend = await openPlan(problem, variant.plan());
      await backend.train(judge.losses.length);
      const apart = from(await backend.parameters());
      const step = (await backend.timeKernels()).filter(({ part }) => part === 'step');
      backend.dispose();
      for (const { layer, kernels: names } of variant.products) {
        const own = step.filter((one) => one.layer === layer && names.includes(one.kernel));
        const ms = own.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
        products.push({ name, layer, variant: variant.name, ms, kernels: own, apart });
        const parts = own.map((one) => `${one.kernel} ${one.milliseconds.toFixed(4)}`).join(' + ');
        const check = `parameters ${apart.toExponential(1)} apart`;
        say('TIME', name, `layer ${layer}`, variant.name, `${ms.toFixed(4)} ms`, parts, check);
      }
      // Written so that a parameter that is not a number fails.
      if (!(apart <= bound)) throw new Error(`at most ${bound.toExponential(1)} apart`);
    });
  }
}

/** What the kernels of some names take by the device's clock, in the plan that nothing was measured for. */
async function timeNamed(name: string, problem: Problem, names: RegExp): Promise<void> {
  const backend = await createWebGpuBackend(problem, { device: acquired, schedule: 'layered' });
  try {
    for (const kernel of await backend.timeKernels()) {
      if (!names.test(kernel.kernel)) continue;
      kernels.push({ name, ...kernel });
      say('KERNEL', name, JSON.stringify(kernel));
    }
  } finally {
    backend.dispose();
  }
}

/** NumPy and PyTorch, where their losses agree with the judge's. */
async function timePeers(name: string, problem: Problem): Promise<void> {
  const { losses: expected } = await judgeOf(problem);
  for (const peer of PEERS) {
    if (isLate()) return;
    let training: Training | undefined;
    try {
      training = await pythonPeer(peer, 'python3', peersFile).prepare(problem);
      const losses = await training.losses(expected.length);
      const check = compareLosses(losses, expected, problem.train.count, 'layered');
      if (!check.startsWith('ok')) throw new RefusedError(check);
      const took = await timeEpochs(training);
      peers.push({ name, peer, note: training.note, check, ...took });
      const times = [took.median_ms, took.least_ms, took.most_ms].map((ms) => ms.toFixed(4));
      say('PEER', name, peer, `${times[0]} (${times[1]}-${times[2]}) ms`, training.note, check);
    } catch (error) {
      say('PEER', name, peer, refusalOf(error));
    } finally {
      training?.dispose();
    }
  }
}

const hasClock = features.has('timestamp-query');
const [first, ...others] = Object.keys(CONFIGURATIONS) as Name[];
const [[smallest, smallestOf], ...largerWork] = work;
if (wants('parity')) await checkParity(first);
if (wants('work')) await timeWork(smallest, smallestOf());
// What the runs before left open comes first: RESULTS.md has what is expected.
if (hasClock) {
  const dense = syntheticProblem([784, 512, 256, 10], 256);
  const conv = namedWorkload('conv', digits).problem();
  const [denseShape, convShape] = [dense, conv].map((one) => shapeOf(one, info.deviceClass));
  const timeAll = (name: string, ...of: [Problem, readonly ProductVariant[]]) =>
    attempt(['TIME', name], () => timeProducts(name, ...of));
  if (wants('forward')) {
    await timeAll('784-512-256-10, batch 256, forward', dense, forwardVariants(denseShape));
  }
  if (wants('conv')) {
    await timeAll('conv 16, conv 32, batch 64, weights', conv, convVariants(convShape));
  }
  if (wants('kernels')) {
    const named = (name: string, problem: Problem, names: RegExp) =>
      attempt(['KERNEL', name], () => timeNamed(name, problem, names));
    await named('conv 16, conv 32, batch 64', conv, /^max-pool/);
    await named('mnist', namedWorkload('mnist', digits).problem(), /^unpack/);
    await named('mnist, augmented', augmentedProblem(digits), /^augment/);
  }
}
for (const [name, problemOf] of largerWork) {
  if (wants('work')) await timeWork(name, problemOf());
}
for (const name of others) {
  if (wants('parity')) await checkParity(name);
}
for (const [name, problemOf] of PEERS.length === 0 ? [] : work) {
  if (wants('peers')) await attempt(['PEER', name], () => timePeers(name, problemOf()));
}
say(isLate() ? 'STOPPED at its limit of seconds: what is not above was not measured' : 'WHOLE');
say(
  failures.length === 0 ? 'nothing failed' : `FAILED ${failures.length}: ${failures.join(' | ')}`,
);
say(uncaught.length === 0 ? 'no uncaught error' : `UNCAUGHT ${uncaught.slice(0, 5).join(' | ')}`);
process.exit(failures.length + uncaught.length === 0 ? 0 : 1);
