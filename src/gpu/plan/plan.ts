/**
 * A plan: which buffers a network needs and which kernels run in a step, after an epoch and for a
 * prediction. Pure data: made, tested, printed and shown without a GPU.
 */
import type { Judge, KernelInstance } from '../../../shaders/kernel';
import type { AugmentationShape } from '../../data/augmentation';
import { byteTables } from '../../data/samples';
import { layersSetting, type NetworkSpec } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import type { DeviceClass, Problem } from '../../training/backend';
import { InvalidInputError } from '../../training/errors';
import type { Hyperparameters } from '../../training/hyperparameters';
import type { Phase, StepDescription } from '../../training/plan-description';
import { StepSequence } from '../../training/steps';
import type { ScheduleKind } from './choices';

/** Bytes of a float32, and of every other word that the kernels read and write. */
export const FLOAT_BYTES = 4;

/** What a plan depends on: sizes and settings, no numbers of the data. */
export interface ProblemShape {
  readonly spec: NetworkSpec;
  readonly hyperparameters: Hyperparameters;
  /** Samples of the training and the test set. */
  readonly trainSamples: number;
  readonly testSamples: number;
  /**
   * Tables of 256 values that turn the samples' bytes into features: one, or one a column. Left out, or 0,
   * the samples are kept as float32.
   */
  readonly byteTables?: number;
  /** What training makes of the samples' images each time; left out where it sees them as they are. */
  readonly augmentation?: AugmentationShape | undefined;
  /** The kind of device that it is planned for. */
  readonly deviceClass?: DeviceClass | undefined;
}

/** The sizes and settings of a problem, without its numbers, for a kind of device. */
export function shapeOf(problem: Problem, deviceClass?: DeviceClass): ProblemShape {
  const { spec, hyperparameters, train, test } = problem;
  const samples = { trainSamples: train.count, testSamples: test.count };
  const { augmentation } = train;
  const data = { byteTables: byteTables(problem), ...(augmentation && { augmentation }) };
  return { spec, hyperparameters, ...samples, ...data, deviceClass };
}

/** Whether a problem's samples are kept as bytes. */
export function isInBytes({ byteTables = 0 }: ProblemShape): boolean {
  return byteTables > 0;
}

/** Test samples of a large data set that are evaluated at a time, so that no submit takes long. */
const MOST_EVALUATED = 1024;

/** Test samples, and samples of a prediction, that go through the network at a time. */
export function evaluationRows(shape: ProblemShape): number {
  const { testSamples } = shape;
  return isInBytes(shape) ? Math.min(testSamples, MOST_EVALUATED) : testSamples;
}

export interface BufferPlan {
  readonly name: string;
  readonly bytes: number;
  /** `storage`: kernels use it. `table`: the steps' uniform values. `staging`: for readback only. `copy`: checkpoints. */
  readonly use: 'storage' | 'table' | 'staging' | 'copy';
}

export type { Judge, KernelInstance };

/** One dispatch. */
export interface PlanStep extends Pick<StepDescription, 'phase' | 'layer'> {
  readonly kernel: KernelInstance;
  /** Name of the buffer for each of the kernel's bindings but `step`. */
  readonly buffers: Readonly<Record<string, string>>;
}

/**
 * A dispatch of a kernel.
 *
 * @param buffers - by binding, where a buffer has another name than its binding
 */
export function planStep(
  phase: Phase,
  layer: number,
  kernel: KernelInstance,
  buffers: PlanStep['buffers'] = {},
): PlanStep {
  const bound = kernel.bindings.filter(({ access }) => access.startsWith('read'));
  const names = bound.map(({ name }) => [name, buffers[name] ?? name]);
  return { phase, layer, kernel, buffers: Object.fromEntries(names) };
}

export interface Plan {
  readonly schedule: ScheduleKind;
  /** What the autotuner chose among, for people: `sample-parallel, 4 samples an invocation, 1 to a block`. */
  readonly title: string;
  /** Allocated before anything runs. */
  readonly buffers: readonly BufferPlan[];
  /**
   * `rows`: samples × features, a buffer a set. `bytes`: the same, four bytes a word, each row from a whole
   * word on. `trace`: features × samples, as shaders/parts/trace.ts has them.
   */
  readonly data: 'rows' | 'bytes' | 'trace';
  /**
   * Who evaluates the test set after an epoch: the part `epoch`, or the step that follows, with the
   * parameters still in place; a step without rows then ends a chunk.
   */
  readonly evaluation: 'epoch' | 'next-step';
  /** Test samples that one run of the part `epoch` evaluates, where that does. */
  readonly evaluationRows: number;
  /** Most steps that one run of the part `step` takes. */
  readonly stepsAtOnce: number;
  /** Before a chunk's first step. */
  readonly chunk: readonly PlanStep[];
  /** For every batch. */
  readonly step: readonly PlanStep[];
  /** After an epoch's last batch. */
  readonly epoch: readonly PlanStep[];
  /** For a prediction of up to `predictionRows` samples. */
  readonly prediction: readonly PlanStep[];
  readonly predictionRows: number;
  /** Names of the buffers that hold the training state, parameters first. */
  readonly state: readonly string[];
}

/** Bytes of all buffers that are allocated before anything runs. */
export function planBytes({ buffers }: Pick<Plan, 'buffers'>): number {
  return buffers.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Bytes of the training state, and so of each checkpoint, which is allocated when it is first used, and
 * of a readback of the state while it lasts.
 */
export function stateBytes({ buffers, state }: Plan): number {
  return planBytes({ buffers: buffers.filter(({ name }) => state.includes(name)) });
}

/** Dispatches of an epoch. */
export function dispatchesPerEpoch(plan: Plan, shape: ProblemShape): number {
  const { batchesPerEpoch } = new StepSequence(shape.hyperparameters, shape.trainSamples);
  return batchesPerEpoch * plan.step.length + plan.epoch.length;
}

/** The device limits that a plan is held against. */
export type PlanLimits = Pick<
  GPUSupportedLimits,
  | 'maxStorageBufferBindingSize'
  | 'maxBufferSize'
  | 'maxComputeWorkgroupsPerDimension'
  | 'maxStorageBuffersPerShaderStage'
>;

/**
 * Holds a network's parameters against a device's limits, before it is planned: WGSL cannot even name
 * the places of more than 2^32 of them.
 *
 * @throws InvalidInputError as `checkLimits` does
 */
export function checkParameters(spec: NetworkSpec, limits: PlanLimits): void {
  const bytes = FLOAT_BYTES * parameterLayout(spec).length;
  const check = checkerOf(limits, spec);
  check('the buffer parameters', bytes, 'maxBufferSize', 'bytes');
  check('the buffer parameters', bytes, 'maxStorageBufferBindingSize', 'bytes');
}

function checkerOf(limits: PlanLimits, spec: NetworkSpec) {
  return (what: string, needed: number, limit: keyof PlanLimits, unit: string): void => {
    const allowed = limits[limit];
    if (needed <= allowed) return;
    throw new InvalidInputError(
      ...layersSetting(spec),
      `${what} needs ${needed.toLocaleString('en')} ${unit}, ${(needed - allowed).toLocaleString('en')} more than this device’s ${limit} of ${allowed.toLocaleString('en')}`,
    );
  };
}

/**
 * Holds a plan against a device's limits, before anything is allocated.
 *
 * @throws InvalidInputError that names the limit, the device's value and by how much the plan passes it
 */
export function checkLimits(plan: Plan, limits: PlanLimits, spec: NetworkSpec): void {
  const check = checkerOf(limits, spec);
  for (const { name, bytes, use } of plan.buffers) {
    check(`the buffer ${name}`, bytes, 'maxBufferSize', 'bytes');
    if (use === 'storage') {
      check(`the buffer ${name}`, bytes, 'maxStorageBufferBindingSize', 'bytes');
    }
  }
  check('a copy of the training state', stateBytes(plan), 'maxBufferSize', 'bytes');
  for (const { kernel, layer } of [
    ...plan.chunk,
    ...plan.step,
    ...plan.epoch,
    ...plan.prediction,
  ]) {
    const what = `${kernel.name} of layer ${layer}`;
    const storage = kernel.bindings.filter(({ access }) => access.startsWith('read')).length;
    check(what, Math.max(...kernel.workgroups), 'maxComputeWorkgroupsPerDimension', 'workgroups');
    check(what, storage, 'maxStorageBuffersPerShaderStage', 'buffers');
  }
}
