/**
 * The WebGPU backend on whatever adapter this machine has: every candidate plan against the float64
 * reference, then times. Runs in Node (Dawn, Chrome's engine) and in Deno (wgpu and Naga, Firefox's engine)
 * alike; prints a line for each finding, and writes them all as JSON. README.md says how.
 *
 * Its arguments: digits.csv, the report to write, seconds that it may take, and the folder of the packages
 * that hold Dawn, where it is not the runtime itself that has WebGPU.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deviceOf } from '../../src/bench/device-of';
import { type PythonPeer, pythonPeer } from '../../src/bench/python-peer';
import { namedWorkload } from '../../src/bench/workloads';
import { openDawn, pollSeldom } from '../../src/cli/dawn';
import type { Training } from '../../src/comparison/contender';
import { compareLosses } from '../../src/comparison/measure';
import { RefusedError, refusalOf } from '../../src/comparison/refusal';
import { syntheticProblem } from '../../src/comparison/synthetic-problem';
import { timeSplit } from '../../src/comparison/time-split';
import { parseDigits } from '../../src/data/digits-rows';
import { createWebGpuBackend, WebGpuBackend } from '../../src/gpu/backend';
import { DEVICE_CLASSES } from '../../src/gpu/plan/device-class';
import { shapeOf } from '../../src/gpu/plan/plan';
import { probeArithmetic } from '../../src/gpu/runtime/arithmetic';
import { acquireDevice } from '../../src/gpu/runtime/device';
import { Program } from '../../src/gpu/runtime/program';
import { type Candidate, candidatesFor } from '../../src/gpu/tuning/candidates';
import { loadAllPlans } from '../../src/layers/plan';
import { createReferenceBackend } from '../../src/reference/backend';
import type { Problem } from '../../src/training/backend';
import { checkConfiguration } from '../../src/training/configuration/check';
import type { Configuration } from '../../src/training/configuration/fields';
import { messageOf } from '../../src/training/errors';
import { prepare } from '../../src/training/prepare';

const [digitsPath, reportPath = 'report.json', limitSeconds = '240', packages] =
  process.argv.slice(2);
const deadline = performance.now() + 1000 * Number(limitSeconds);
const isLate = () => performance.now() > deadline;

const gpu = packages === undefined ? navigator.gpu : await openDawn(packages);
// Plans are laid out here before any backend loads what they need.
await loadAllPlans();
const acquired = await acquireDevice(gpu);
const { device, info } = acquired;
if (packages !== undefined && info.isSoftware) pollSeldom();

const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
] as const;
const arithmetic = await probeArithmetic(device);
const [parity, times, peers, uncaught]: [object[], object[], object[], string[]] = [[], [], [], []];
const report = {
  adapter: info.adapter,
  is_software: info.isSoftware,
  device_class: info.deviceClass,
  features: [...device.features].sort(),
  limits: Object.fromEntries(LIMITS.map((name) => [name, device.limits[name]])),
  ...{ arithmetic, parity, times, peers, uncaught },
};
const save = () => writeFileSync(reportPath, JSON.stringify(report, null, 1));
const say = (...words: unknown[]) => console.log(...words);
say('ADAPTER', report.adapter, JSON.stringify(report.limits), report.features.join(' '));
say('ARITHMETIC', JSON.stringify(arithmetic));
device.addEventListener('uncapturederror', ({ error }) => {
  uncaught.push(error.message);
});

const digits = parseDigits(readFileSync(digitsPath, 'utf8'));
const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const CONFIGURATIONS = {
  notebook: { epochs: 700 },
  'ten digits, adam, batches of 50': {
    ...{ classes: ALL, hidden: [48], activation: 'tanh', init: 'glorot_normal' },
    ...{ optimizer: 'adam', learningRate: 0.002, batchSize: 50, epochs: 10 },
  },
  'three digits, nesterov, dropout': {
    ...{ classes: [0, 1, 2], hidden: [20, 10], activation: 'tanh', init: 'glorot_normal' },
    ...{ dropout: 0.2, momentum: 0.9, nesterov: true, learningRate: 0.05 },
    ...{ batchSize: 33, epochs: 20 },
  },
  'no hidden layer': { hidden: [], epochs: 200 },
  'convolutions, tanh, adam': {
    ...{ classes: ALL, layers: 'conv 4 3x3 same tanh; max_pool 2; conv 8 3x3 tanh; dense 16 tanh' },
    ...{ init: 'glorot_normal', optimizer: 'adam', learningRate: 0.005, batchSize: 32, epochs: 3 },
  },
  'wide, relu, sgd': {
    ...{ classes: ALL, hidden: [300, 100], activation: 'relu', init: 'he_normal' },
    ...{ learningRate: 0.1, epochs: 6 },
  },
} as const satisfies Readonly<Record<string, Partial<Configuration>>>;
/** Who does the same work on this machine. */
const PEERS: readonly PythonPeer[] =
  process.env.PEERS === '0' ? [] : ['torch-cuda', 'torch-cuda-graph', 'numpy'];
const peersFile = join(dirname(digitsPath), 'python-peers.py');
type Name = keyof typeof CONFIGURATIONS;

/** What is timed. */
const WORK: readonly (readonly [string, () => Problem])[] = [
  [
    'notebook, an epoch',
    () => prepare(checkConfiguration({ epochs: 1_000_000, init: 'glorot_normal' }), digits).problem,
  ],
  ['784-512-256-10, batch 256, a step', () => syntheticProblem([784, 512, 256, 10], 256)],
  ['784-2048-2048-10, batch 1024, a step', () => syntheticProblem([784, 2048, 2048, 10], 1024)],
  ['64-64-32-10, batch 128, a step', () => syntheticProblem([64, 64, 32, 10], 128)],
  ['conv 16, conv 32 on 28×28, batch 64, a step', () => namedWorkload('conv', digits).problem()],
  ['mnist, an epoch', () => namedWorkload('mnist', digits).problem()],
];

/** A backend with one candidate's plan on the shared device; undefined where the candidate declines. */
async function openCandidate(
  problem: Problem,
  candidate: Candidate,
): Promise<WebGpuBackend | undefined> {
  const plan = candidate.plan();
  if ('declined' in plan) return undefined;
  const program = await Program.compile(device, plan);
  return new WebGpuBackend(problem, plan, program, acquired, { device: acquired });
}

/** Every candidate plan against float64, epoch by epoch. */
async function checkParity(name: Name): Promise<void> {
  const configuration = checkConfiguration(CONFIGURATIONS[name]);
  const { problem } = prepare(configuration, digits);
  const reference = await createReferenceBackend(problem);
  const expected = await reference.train(configuration.epochs);
  for (const candidate of candidatesFor(shapeOf(problem, info.deviceClass), device.features)) {
    if (isLate()) return;
    const begin = performance.now();
    try {
      const backend = await openCandidate(problem, candidate);
      if (backend === undefined) continue;
      const open_ms = performance.now() - begin;
      const actual = await backend.train(configuration.epochs);
      const worst = (metric: 'loss' | 'valLoss') =>
        Math.max(...actual.map((m, i) => Math.abs(m[metric] - expected[i][metric])));
      const row = { loss: worst('loss'), val_loss: worst('valLoss'), open_ms };
      parity.push({ name, candidate: candidate.name, ...row });
      const figures = `loss ${row.loss.toExponential(2)} val_loss ${row.val_loss.toExponential(2)}`;
      say('PARITY', name, candidate.name, figures, `open ${open_ms.toFixed(0)} ms`);
      backend.dispose();
    } catch (error) {
      parity.push({ name, candidate: candidate.name, error: messageOf(error) });
      say('PARITY', name, candidate.name, 'FAILED:', messageOf(error));
    }
    save();
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
    save();
  };
  // What other kinds of devices get unmeasured: whether this one's defaults are the right ones.
  const others = DEVICE_CLASSES.filter((kind) => kind !== info.deviceClass).flatMap((kind) =>
    candidatesFor(shapeOf(problem, kind), device.features, 'layered').map((candidate) => ({
      ...candidate,
      name: `${candidate.name} as if ${kind}`,
    })),
  );
  const own = candidatesFor(shapeOf(problem, info.deviceClass), device.features);
  for (const candidate of [...own, ...others]) {
    if (isLate()) return;
    try {
      const backend = await openCandidate(problem, candidate);
      if (backend === undefined) continue;
      keep(candidate.name, await timeEpochs(backend));
      backend.dispose();
    } catch (error) {
      say('TIME', name, candidate.name, 'FAILED:', messageOf(error));
    }
  }
  if (isLate()) return;
  try {
    const begin = performance.now();
    const tuned = await createWebGpuBackend(problem, { device: acquired, tuning: 'force' });
    const tuning_ms = performance.now() - begin;
    const took = await timeEpochs(tuned);
    const hasClock = device.features.has('timestamp-query');
    const split = hasClock && !isLate() ? await splitOf(tuned, problem, took.median_ms) : undefined;
    keep(`tuned: ${tuned.info.plan?.candidate}`, took, { tuning_ms, split });
    if (split !== undefined) say('SPLIT', name, JSON.stringify(split));
    if (!isLate() && hasClock) {
      for (const kernel of await tuned.timeKernels()) say('KERNEL', name, JSON.stringify(kernel));
    }
    tuned.dispose();
  } catch (error) {
    say('TIME', name, 'tuned FAILED:', messageOf(error));
  }
}

/** NumPy and PyTorch, where their losses agree with those of the layered plan, which judges all plans here. */
async function timePeers(name: string, problem: Problem): Promise<void> {
  if (PEERS.length === 0) return;
  const judge = await createWebGpuBackend(problem, { device: acquired, schedule: 'layered' });
  const expected = (await judge.train(2)).map(({ loss }) => loss);
  judge.dispose();
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
    save();
  }
}

const [first, ...others] = Object.keys(CONFIGURATIONS) as Name[];
await checkParity(first);
for (const [name, problemOf] of WORK) {
  const problem = problemOf();
  if (!isLate()) await timeWork(name, problem);
  if (!isLate()) await timePeers(name, problem);
}
for (const name of others) {
  if (!isLate()) await checkParity(name);
}
save();
say(isLate() ? 'STOPPED at its limit of seconds: what is not above was not measured' : 'WHOLE');
say(uncaught.length === 0 ? 'no uncaught error' : `UNCAUGHT ${uncaught.slice(0, 5).join(' | ')}`);
process.exit(uncaught.length === 0 ? 0 : 1);
