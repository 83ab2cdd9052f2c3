/**
 * What both loss kernels share: one workgroup walks the batch, each invocation sums every 64th
 * sample, a tree adds the 64 sums in fixed order, and the first invocation writes the metrics. Of many
 * samples each workgroup takes a part, and the kernel `loss-sums` writes the metrics.
 */

import { wgsl } from 'wgsl-preprocessor';
import { LEAST_LOSS, MOST_LOSS } from '../../src/model/loss';
import { type Binding, IS_NON_FINITE, type Kernel, type KernelNotes, PERMUTATION } from '../kernel';
import { type Parts, SUM_INVOCATIONS, treeSum } from './shared-sums';

export interface LossShape {
  readonly outputs: number;
  /** Training: deltas and running sums of the epoch. Evaluation: the epoch's whole record. */
  readonly mode: 'train' | 'evaluate' | 'evaluate-portion';
  /** Labels come through the permutation. */
  readonly gather: boolean;
  /** How workgroups share the samples; left out, one takes all. */
  readonly parts?: Parts;
}

/** Of each part: the sum of the losses (a float's bits), correct predictions, a flag, samples. */
export const LOSS_SUMS: Pick<Binding, 'name' | 'type'> = { name: 'sums', type: 'array<vec4<u32>>' };

/** Words of the running sums of the epoch under way. */
export const RUNNING = {
  loss: 0,
  correct: 1,
  nonFinite: 2,
  gradientNorm: 3,
  parameterNorm: 4,
  /** Steps and samples that the sums are of, and the stamp of the last of these steps. */
  steps: 5,
  samples: 6,
  stamp: 7,
};
export const RUNNING_WORDS = 8;

/** Words of an epoch's record in the metrics buffer. */
export const RECORD = {
  loss: 0,
  correct: 1,
  valLoss: 2,
  valCorrect: 3,
  nonFinite: 4,
  gradientNorm: 5,
  parameterNorm: 6,
  /** What went into it, as the kernels that did the work counted it: a record that was never written does not pass. */
  steps: 7,
  samples: 8,
  /** Of the epoch's last step. */
  stamp: 9,
  valSamples: 10,
  /** Of the entry that the test set was evaluated with. */
  valStamp: 11,
};
export const RECORD_WORDS = 12;

/** Bindings of both loss kernels, in the order of their numbers. */
function lossBindings({ mode, gather, parts }: LossShape): readonly Binding[] {
  const delta: readonly Binding[] =
    mode === 'train' ? [{ name: 'delta', access: 'read_write' }] : [];
  return [
    { name: 'step', access: 'step' },
    { name: 'logits', access: 'read' },
    { name: 'labels', access: 'read', type: 'array<u32>' },
    ...(gather ? [PERMUTATION] : []),
    ...(parts === undefined
      ? metricsBindings(mode)
      : [{ ...LOSS_SUMS, access: 'read_write' as const }]),
    ...delta,
  ];
}

/** Where `writeMetrics` writes. */
export function metricsBindings(mode: LossShape['mode']): readonly Binding[] {
  const running: Binding = { name: 'running', access: 'read_write', type: 'array<u32>' };
  const metrics: Binding = { name: 'metrics', access: 'read_write', type: 'array<u32>' };
  return mode === 'train' ? [running] : [running, metrics];
}

/**
 * The kernel around a WGSL text that must define
 * `fn sample_loss(row: u32, label: u32) -> vec2<f32>`: unclipped loss, and 1.0 if correctly predicted.
 */
export function lossKernel(
  notes: Pick<KernelNotes, 'name' | 'summary' | 'numpy' | 'reference'>,
  sampleFunction: (shape: LossShape) => string,
): Kernel<LossShape> {
  return {
    ...notes,
    formulas: ['loss', 'output-delta'],
    judge: 'loss',
    bindings: lossBindings,
    source: (shape) => lossSource(shape, sampleFunction(shape)),
    workgroups: ({ parts }) => [parts?.count ?? 1, 1, 1],
  };
}

/** What a workgroup sums in. */
export const SUMS = wgsl`var<workgroup> losses: array<f32, ${SUM_INVOCATIONS}>;
// Integers add up the same in any order; and less to be cleared is less to be compiled and run.
var<workgroup> corrects: atomic<u32>;
var<workgroup> broken: atomic<u32>;
var<workgroup> samples: atomic<u32>;`;

function lossSource({ mode, gather, outputs, parts }: LossShape, sampleFunction: string): string {
  const terms = parts?.terms;
  const [places, first, end] =
    terms === undefined
      ? ['', 'local', 'step.rows']
      : [
          '@builtin(workgroup_id) group: vec3<u32>, ',
          `group.x * ${terms}u + local`,
          `min((group.x + 1u) * ${terms}u, step.rows)`,
        ];
  return wgsl`
${IS_NON_FINITE}
${sampleFunction}

${SUMS}

@compute @workgroup_size(${SUM_INVOCATIONS})
fn main(${places}@builtin(local_invocation_index) local: u32) {
  var loss = 0.0;
  var correct = 0u;
  var non_finite = 0u;
  var taken = 0u;
  for (var row = ${first}; row < ${end}; row += ${SUM_INVOCATIONS}u) {
#if ${gather}
    let label = labels[permutation[step.first_row + row]];
#elif ${mode === 'evaluate-portion'}
    let label = labels[step.first_row + row];
#else
    let label = labels[row];
#endif
    let sample = sample_loss(row, label);
    loss += clamp(sample.x, ${LEAST_LOSS.toPrecision(9)}f, ${MOST_LOSS.toPrecision(9)}f);
    correct += u32(sample.y);
    taken++;
    for (var k = 0u; k < ${outputs}u; k++) {
      non_finite |= u32(is_non_finite(logits[row * ${outputs}u + k]));
    }
  }
  losses[local] = loss;
  atomicAdd(&corrects, correct);
  atomicOr(&broken, non_finite);
  atomicAdd(&samples, taken);
  ${treeSum('losses', 'local', SUM_INVOCATIONS)}
  if (local != 0u) { return; }
#if ${parts !== undefined}
  sums[group.x] = vec4(
    bitcast<u32>(losses[0]), atomicLoad(&corrects), atomicLoad(&broken), atomicLoad(&samples));
#else
  ${writeMetrics(mode)}
#endif
}`;
}

/**
 * WGSL of one invocation that writes the sums `losses[0]`, `corrects`, `broken` and `samples` of a batch
 * or of the test set where they belong.
 */
export function writeMetrics(mode: LossShape['mode']): string {
  return wgsl`let mean = losses[0] * step.inverse_samples;
  let all_correct = atomicLoad(&corrects);
  let any_broken = atomicLoad(&broken);
  let all_samples = atomicLoad(&samples);
#if ${mode === 'train'}
  if (step.is_first == 1u) {
    running[${RUNNING.loss}] = bitcast<u32>(mean);
    running[${RUNNING.correct}] = all_correct;
    running[${RUNNING.nonFinite}] = any_broken;
    running[${RUNNING.steps}] = 1u;
    running[${RUNNING.samples}] = all_samples;
  } else {
    running[${RUNNING.loss}] = bitcast<u32>(bitcast<f32>(running[${RUNNING.loss}]) + mean);
    running[${RUNNING.correct}] += all_correct;
    running[${RUNNING.nonFinite}] |= any_broken;
    running[${RUNNING.steps}] += 1u;
    running[${RUNNING.samples}] += all_samples;
  }
  running[${RUNNING.stamp}] = step.stamp;
#else
  let record = step.record * ${RECORD_WORDS}u;
#if ${mode === 'evaluate-portion'}
  if (step.first_row > 0u) {
    let before = bitcast<f32>(metrics[record + ${RECORD.valLoss}u]);
    metrics[record + ${RECORD.valLoss}u] = bitcast<u32>(before + mean);
    metrics[record + ${RECORD.valCorrect}u] += all_correct;
    metrics[record + ${RECORD.nonFinite}u] |= any_broken;
    metrics[record + ${RECORD.valSamples}u] += all_samples;
    metrics[record + ${RECORD.valStamp}u] = step.stamp;
    return;
  }
#endif
  metrics[record + ${RECORD.loss}u] = running[${RUNNING.loss}];
  metrics[record + ${RECORD.correct}u] = running[${RUNNING.correct}];
  metrics[record + ${RECORD.valLoss}u] = bitcast<u32>(mean);
  metrics[record + ${RECORD.valCorrect}u] = all_correct;
  metrics[record + ${RECORD.nonFinite}u] = running[${RUNNING.nonFinite}] | any_broken;
  metrics[record + ${RECORD.gradientNorm}u] = running[${RUNNING.gradientNorm}];
  metrics[record + ${RECORD.parameterNorm}u] = running[${RUNNING.parameterNorm}];
  metrics[record + ${RECORD.steps}u] = running[${RUNNING.steps}];
  metrics[record + ${RECORD.samples}u] = running[${RUNNING.samples}];
  metrics[record + ${RECORD.stamp}u] = running[${RUNNING.stamp}];
  metrics[record + ${RECORD.valSamples}u] = all_samples;
  metrics[record + ${RECORD.valStamp}u] = step.stamp;
#endif
`;
}
