/** The plans that may train a network: what the autotuner compares, and what a name stands for. */
import { formatLayers } from '../../layers/layer';
import { hiddenLayersOf, outputOf, outputsOf } from '../../model/network-spec';
import type { ScheduleChoice, ScheduleKind } from '../plan/choices';
import { planLayered } from '../plan/layered';
import { persistentForms, persistentName, planPersistent } from '../plan/persistent';
import type { Plan, ProblemShape } from '../plan/plan';
import type { Declined } from '../plan/sample-network';
import {
  planSampleParallel,
  sampleParallelForms,
  sampleParallelName,
} from '../plan/sample-parallel';

/** A plan that is made when it is wanted, once. */
export interface Candidate {
  /** Stable: records of tuning name it. */
  readonly name: string;
  readonly schedule: ScheduleKind;
  plan(): Plan | Declined;
}

/** A candidate of the name. */
export function candidateOf(
  name: string,
  schedule: ScheduleKind,
  make: () => Plan | Declined,
): Candidate {
  let plan: Plan | Declined | undefined;
  return { name, schedule, plan: () => (plan ??= make()) };
}

/**
 * All candidates of a network, the layered oracle first.
 *
 * @param features - of the device: some candidates need subgroups
 * @param schedule - those of one schedule, or by `auto` of all
 */
export function candidatesFor(
  shape: ProblemShape,
  features: ReadonlySet<string> = new Set(),
  schedule: ScheduleChoice = 'auto',
): readonly Candidate[] {
  const candidates = [
    candidateOf('layered', 'layered', () => planLayered(shape)),
    ...sampleParallelForms(shape)
      .filter(({ quads }) => !quads || features.has('subgroups'))
      .map((form) =>
        candidateOf(sampleParallelName(form), 'sample-parallel', () =>
          planSampleParallel(shape, form),
        ),
      ),
    ...persistentForms(shape).map((form) =>
      candidateOf(persistentName(form), 'persistent', () => planPersistent(shape, form)),
    ),
  ];
  return candidates.filter((candidate) => schedule === 'auto' || candidate.schedule === schedule);
}

/** What decides how fast each candidate is, beside the adapter: sizes and settings, not their values. */
export function problemKey({
  spec,
  hyperparameters,
  trainSamples,
  testSamples,
}: ProblemShape): string {
  const { batchSize, optimizer, momentum, norms, weightDecay, freeze } = hyperparameters;
  return [
    spec.input.join('x'),
    formatLayers(hiddenLayersOf(spec)),
    `${outputsOf(spec)} ${outputOf(spec)}`,
    `${trainSamples}+${testSamples}`,
    `batch ${batchSize}`,
    `${optimizer}${momentum > 0 ? ' momentum' : ''}`,
    ...(weightDecay > 0 ? ['decay'] : []),
    ...(spec.layers.some(({ dropout }) => dropout > 0) ? ['dropout'] : []),
    ...(norms ? ['norms'] : []),
    ...(freeze > 0 ? [`freeze ${freeze}`] : []),
  ].join(', ');
}

/**
 * Stands for the text of plans' kernels (FNV-1a of 32 bits, by Fowler, Noll and Vo): what was found of
 * other kernels says nothing about these.
 */
export function kernelsKey(plans: readonly (Plan | Declined)[]): string {
  let hash = 0x811c9dc5;
  for (const plan of plans) {
    if ('declined' in plan) continue;
    for (const { kernel } of [...plan.chunk, ...plan.step, ...plan.epoch]) {
      for (let i = 0; i < kernel.wgsl.length; i++) {
        hash = Math.imul(hash ^ kernel.wgsl.charCodeAt(i), 0x01000193);
      }
    }
  }
  return (hash >>> 0).toString(16);
}
