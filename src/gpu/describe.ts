/** A plan in words and numbers, for the page and for `npm run train -- --plan`. */

import type { Grid, KernelNotes } from '../../shaders/kernel';
import { type GemmVariant, variantName } from '../../shaders/parts/gemm-variant';
import { StepSequence } from '../training/steps';
import type { Plan, PlanStep, ProblemShape } from './plan';
import { planBytes } from './plan';

/** One dispatch of a plan. */
export interface StepDescription {
  readonly phase: PlanStep['phase'];
  /** The layer it works on, from 1; 0 for the whole network. */
  readonly layer: number;
  readonly kernel: string;
  readonly summary: string;
  /** The line of NumPy that it stands for. */
  readonly numpy: string;
  readonly formulas: KernelNotes['formulas'];
  /** Functions of the float64 reference that do the same. */
  readonly reference: KernelNotes['reference'];
  /** The integers and enums that its WGSL was made of; a matrix product's variant by its name. */
  readonly shape: Readonly<Record<string, unknown>>;
  readonly workgroups: Grid;
  /** Bytes of the buffers that it reads and writes. */
  readonly bytes: number;
  readonly wgsl: string;
}

export interface PlanDescription {
  readonly schedule: string;
  readonly chunk: readonly StepDescription[];
  readonly step: readonly StepDescription[];
  readonly epoch: readonly StepDescription[];
  readonly prediction: readonly StepDescription[];
  readonly buffers: readonly { readonly name: string; readonly bytes: number }[];
  /** Bytes of all buffers. */
  readonly bytes: number;
}

/** A plan in plain data, for people and for JSON; sizes in bytes. */
export function describePlan(plan: Plan): PlanDescription {
  const bytesOf = new Map(plan.buffers.map(({ name, bytes }) => [name, bytes]));
  const describe = ({ phase, layer, kernel, buffers }: PlanStep): StepDescription => ({
    phase,
    layer,
    kernel: kernel.name,
    summary: kernel.summary,
    numpy: kernel.numpy,
    formulas: kernel.formulas,
    reference: kernel.reference,
    shape: withVariantName(kernel.shape),
    workgroups: kernel.workgroups,
    bytes: [...new Set(Object.values(buffers))].reduce(
      (sum, name) => sum + (bytesOf.get(name) ?? 0),
      0,
    ),
    wgsl: kernel.wgsl,
  });
  return {
    schedule: plan.schedule,
    chunk: plan.chunk.map(describe),
    step: plan.step.map(describe),
    epoch: plan.epoch.map(describe),
    prediction: plan.prediction.map(describe),
    buffers: plan.buffers.map(({ name, bytes }) => ({ name, bytes })),
    bytes: planBytes(plan),
  };
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
  ].join('\n');
}

function formatShape(shape: Readonly<Record<string, unknown>>): string {
  return Object.entries(shape)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
