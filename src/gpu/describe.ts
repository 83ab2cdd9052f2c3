/** A plan in words and numbers, for the page and for `npm run train -- --plan`. */

import { type GemmVariant, variantName } from '../../shaders/parts/gemm-variant';
import { CHECKPOINT_SLOTS } from '../training/backend';
import type { PlanChoice, PlanDescription, StepDescription } from '../training/plan-description';
import { StepSequence } from '../training/steps';
import type { ScheduleChoice } from './plan/choices';
import type { Plan, PlanStep, ProblemShape } from './plan/plan';
import { planBytes, stateBytes } from './plan/plan';
import type { Declined } from './plan/sample-network';
import type { KernelTiming } from './runtime/kernel-timer';
import { planBy } from './tuning/fixed-choice';

/**
 * A plan in plain data; sizes in bytes.
 *
 * @param choice - why a backend runs it; null where none does
 * @param timings - of its kernels, where they were measured
 */
export function describePlan(
  plan: Plan,
  choice: PlanChoice | null = null,
  timings: readonly KernelTiming[] = [],
): PlanDescription {
  const bytesOf = new Map(plan.buffers.map(({ name, bytes }) => [name, bytes]));
  const describe = ({ kernel, buffers, ...place }: PlanStep): StepDescription => {
    const { name, judge, bindings, shape, ...notes } = kernel;
    const bound = new Set(Object.values(buffers));
    return {
      ...place,
      ...notes,
      kernel: name,
      shape: withVariantName(shape),
      reads: buffersOf(kernel, buffers, 'read'),
      writes: buffersOf(kernel, buffers, 'read_write'),
      bytes: [...bound].reduce((sum, buffer) => sum + (bytesOf.get(buffer) ?? 0), 0),
    };
  };
  // Kernels are timed in the order of their part.
  const timed = (part: KernelTiming['part']) => {
    const own = timings.filter((timing) => timing.part === part);
    return plan[part].map((step, i) => ({
      ...describe(step),
      ...(i < own.length && { milliseconds: own[i].milliseconds }),
    }));
  };
  return {
    schedule: plan.schedule,
    choice,
    stepsAtOnce: plan.stepsAtOnce,
    chunk: timed('chunk'),
    step: timed('step'),
    epoch: timed('epoch'),
    prediction: plan.prediction.map(describe),
    buffers: plan.buffers.map(({ name, bytes }) => ({ name, bytes })),
    bytes: planBytes(plan),
    checkpointBytes: stateBytes(plan),
  };
}

/** The plan that a network gets without measuring, by the schedule asked for, or why that does not take it. */
export function describePlanBy(
  schedule: ScheduleChoice,
  shape: ProblemShape,
): PlanDescription | Declined {
  const plan = planBy(schedule, shape);
  return 'declined' in plan ? plan : describePlan(plan);
}

function buffersOf(
  { bindings }: PlanStep['kernel'],
  buffers: PlanStep['buffers'],
  access: 'read' | 'read_write',
): readonly string[] {
  const names = bindings
    .filter((binding) => binding.access === access)
    .map(({ name }) => buffers[name]);
  return [...new Set(names)];
}

function withVariantName(shape: PlanStep['kernel']['shape']): StepDescription['shape'] {
  const { variant } = shape;
  return isGemmVariant(variant) ? { ...shape, variant: variantName(variant) } : shape;
}

function isGemmVariant(value: unknown): value is GemmVariant {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/**
 * Bytes that an epoch's dispatches bind: each dispatch counts all of every buffer that it reads or
 * writes, whatever part of it the kernel touches, and once however many steps it takes.
 */
export function bytesBoundPerEpoch(plan: Plan, shape: ProblemShape): number {
  const { batchesPerEpoch } = new StepSequence(shape.hyperparameters, shape.trainSamples);
  const { step, epoch } = describePlan(plan);
  const sum = (steps: readonly StepDescription[]) =>
    steps.reduce((total, { bytes }) => total + bytes, 0);
  return batchesPerEpoch * sum(step) + sum(epoch);
}

/** A plan as the command line prints it. */
export function formatPlan(plan: Plan): string {
  const description = describePlan(plan);
  const row = (step: StepDescription) =>
    [
      step.phase.padEnd(11),
      String(step.layer || '·').padStart(5),
      step.kernel.padEnd(24),
      step.workgroups.join('×').padStart(12),
      step.bytes.toLocaleString('en').padStart(14),
      `  ${formatShape(step.shape)}`,
    ].join(' ');
  const part = (title: string, steps: readonly StepDescription[]) => [
    `${title}: ${steps.length} ${steps.length === 1 ? 'dispatch' : 'dispatches'}`,
    ...steps.map((step) => `  ${row(step)}`),
  ];
  return [
    `Schedule: ${description.schedule}`,
    `  ${'phase'.padEnd(11)} layer ${'kernel'.padEnd(24)} ${'workgroups'.padStart(12)} ${'bytes bound'.padStart(14)}   shape`,
    ...part('Before the first step of a submit', description.chunk),
    ...part('Every step', description.step),
    ...part('After each epoch', description.epoch),
    ...part('A prediction', description.prediction),
    `Buffers: ${description.buffers.length}`,
    ...description.buffers.map(
      ({ name, bytes }) => `  ${name.padEnd(24)} ${bytes.toLocaleString('en').padStart(14)} bytes`,
    ),
    `Total: ${description.bytes.toLocaleString('en')} bytes`,
    `Each of ${CHECKPOINT_SLOTS.length} checkpoints, from its first use on: ${description.checkpointBytes.toLocaleString('en')} bytes`,
  ].join('\n');
}

function formatShape(shape: Readonly<Record<string, unknown>>): string {
  return Object.entries(shape)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
