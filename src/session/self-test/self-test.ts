/**
 * The self-test: every kernel of a network's plan runs on this machine, dispatch by dispatch through
 * an epoch and a prediction, and all that it writes is held against float64.
 */

import { byteTables, widthOf } from '../../data/samples';
import { loadSteps } from '../../gpu/plan/late-steps';
import { type Plan, type ProblemShape, shapeOf } from '../../gpu/plan/plan';
import { type Arithmetic, probeArithmetic } from '../../gpu/runtime/arithmetic';
import { type AcquiredDevice, acquireDevice, failed } from '../../gpu/runtime/device';
import type { Part } from '../../gpu/runtime/program';
import { type Dispatched, type Passage, stepThrough } from '../../gpu/runtime/step-through';
import { candidatesFor } from '../../gpu/tuning/candidates';
import { planBy } from '../../gpu/tuning/fixed-choice';
import { candidateNamed } from '../../gpu/tuning/tuned-layered';
import { layersOf, multiplyAddsOf, type NetworkSpec } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import type { PlanChoice, Problem, Samples } from '../../training/backend';
import { StepSequence } from '../../training/steps';
import { pageGpu } from '../page-device';
import { checkKernel } from './check-kernel';
import { type Comparison, passes, worse } from './comparison';

/** One kernel of the plan; where it ran for several batches, the worst of them. */
export interface KernelCheck extends Comparison {
  readonly part: Part;
  /** The layer it works on, from 1; 0 for the whole network. */
  readonly layer: number;
  readonly kernel: string;
  readonly passed: boolean;
}

export interface SelfTestReport {
  readonly adapter: string;
  readonly isSoftware: boolean;
  /** Of the plan, for people. */
  readonly title: string;
  /** Samples that went through the network. */
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly kernels: readonly KernelCheck[];
  readonly arithmetic: Arithmetic;
}

/**
 * Products of a sample's values and parameters that the float64 side may take: about a second of plain loops.
 * Larger networks are tested with fewer samples.
 */
const MOST_PRODUCTS = 5e7;
const LEAST_SAMPLES = 48;
/** Where each weight has many products with a sample, fewer samples say as much of it. */
const LEAST_IMAGES = 4;

/**
 * Tests the kernels of the plan that `choice` names, by default that of the fixed table.
 *
 * @param problem - the network with its data and its initial parameters
 * @param gpu - by default the page's
 * @throws BackendUnavailableError where there is no device, it is lost or a kernel does not compile
 */
export async function selfTest(
  problem: Problem,
  choice?: PlanChoice,
  gpu = pageGpu(),
): Promise<SelfTestReport> {
  const acquired = await acquireDevice(gpu);
  try {
    const small = fewerSamples(problem, MOST_PRODUCTS);
    const { features } = acquired.device;
    const { deviceClass } = acquired.info;
    const shape = { ...shapeOf(small, deviceClass), byteTables: byteTables(problem) };
    await loadSteps(shape);
    return await testPlan(acquired, planOf(shape, choice, features), small);
  } catch (error) {
    // A readback fails before the device says why.
    await failed(acquired.failure);
    acquired.failure.throwIfAborted();
    throw error;
  } finally {
    acquired.device.destroy();
  }
}

/** Tests a plan of the problem on a device. */
export async function testPlan(
  { device, info }: Pick<AcquiredDevice, 'device' | 'info'>,
  plan: Plan,
  problem: Problem,
): Promise<SelfTestReport> {
  const arithmetic = await probeArithmetic(device);
  const { kernels } = await checkSteps(device, plan, problem);
  return {
    adapter: info.adapter,
    isSoftware: info.isSoftware,
    title: plan.title,
    trainSamples: problem.train.count,
    testSamples: problem.test.count,
    kernels,
    arithmetic,
  };
}

/**
 * Steps through some batches of a plan, by default the first epoch, and a prediction, and holds what each
 * dispatch writes against float64.
 *
 * @returns each kernel's worst comparison, and the training state behind the batches as float32 words
 * @throws BackendUnavailableError where the device has no room or a kernel does not compile
 */
export async function checkSteps(
  device: GPUDevice,
  plan: Plan,
  problem: Problem,
  passage?: Passage,
): Promise<{
  readonly kernels: readonly KernelCheck[];
  readonly state: readonly Uint32Array<ArrayBuffer>[];
}> {
  const checks = new Map<string, KernelCheck>();
  const look = (dispatched: Dispatched) => {
    const { part, index, step } = dispatched;
    const key = `${part} ${index}`;
    const worst = checkKernel(problem, dispatched).reduce(worse);
    const known = checks.get(key);
    const total = known === undefined ? worst : worse(known, worst);
    const { layer, kernel } = step;
    checks.set(key, { ...total, part, layer, kernel: kernel.name, passed: passes(total) });
  };
  const state = await stepThrough(device, plan, problem, look, passage);
  return { kernels: [...checks.values()], state };
}

/** The named plan for a shape; with fewer samples its name may stand for nothing, then the fixed table's. */
export function planOf(
  shape: ProblemShape,
  choice: PlanChoice | undefined,
  features: ReadonlySet<string>,
): Plan {
  const named =
    choice && candidateNamed(choice.candidate, candidatesFor(shape, features), shape)?.plan();
  if (named !== undefined && !('declined' in named)) return named;
  const plan = planBy('auto', shape);
  if ('declined' in plan) throw new RangeError(plan.declined);
  return plan;
}

/** Products of values and parameters that a sample takes; a bias is one with 1. */
export function productsOf(spec: NetworkSpec): number {
  const biases = parameterLayout(spec).slices.filter(({ kind }) => kind === 'biases');
  return [...layersOf(spec).map(multiplyAddsOf), ...biases.map(({ length }) => length)].reduce(
    (sum, count) => sum + count,
    0,
  );
}

/**
 * Two batches at least where there are mini-batches, and no more samples than fit.
 *
 * @param mostProducts - of a sample and a parameter, in each of the two sets
 */
export function fewerSamples(problem: Problem, mostProducts: number): Problem {
  const { spec, train, test, hyperparameters, parameters } = problem;
  const { isFullBatch, batchRows } = new StepSequence(hyperparameters, train.count);
  const products = productsOf(spec);
  const least = products > 2 * parameters.length ? LEAST_IMAGES : LEAST_SAMPLES;
  const most = Math.max(least, Math.floor(mostProducts / products));
  // The second of two batches is a partial one.
  const wanted = isFullBatch ? train.count : Math.ceil(1.5 * batchRows);
  return {
    ...problem,
    train: first(train, Math.min(wanted, most)),
    test: first(test, most),
  };
}

function first(samples: Samples, most: number): Samples {
  const count = Math.min(samples.count, most);
  return {
    ...samples,
    values: samples.values.subarray(0, count * widthOf(samples)),
    labels: samples.labels.subarray(0, count),
    count,
  };
}
