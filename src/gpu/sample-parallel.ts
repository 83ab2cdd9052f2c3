/**
 * The sample-parallel schedule: two dispatches a step. In the first an invocation takes one sample, or
 * four, through the whole network and back; in the second a block of parameters is summed over the
 * batch and updated. The test set of an epoch is evaluated by the step that follows it.
 */
import { gradientUpdate } from '../../shaders/gradient-update';
import { instantiate } from '../../shaders/kernel';
import { packWeights } from '../../shaders/packed-weights';
import { sampleForwardBackward } from '../../shaders/sample-forward-backward';
import { normSteps } from './layered';
import { updateRule, updateShape } from './optimizer';
import type { Plan, ProblemShape } from './plan';
import { momentNames } from './plan-buffers';
import { type Declined, declineOf, sampleNetworkShape, samplePlan } from './sample-network';

export interface SampleParallelVariant {
  /** Samples an invocation takes through the network. */
  readonly samples: 1 | 4;
  /** Invocations that share the sum over the batch of one block of parameters. */
  readonly split: 1 | 8 | 32;
}

export const SAMPLE_PARALLEL_VARIANTS: readonly SampleParallelVariant[] = [
  { samples: 4, split: 1 },
  { samples: 4, split: 32 },
  { samples: 1, split: 32 },
  { samples: 4, split: 8 },
];

const SAMPLE_INVOCATIONS = 32;
/** Without sharing there are few invocations: small workgroups spread them over the device. */
const BLOCK_INVOCATIONS = { alone: 16, shared: 64 };

export function planSampleParallel(
  shape: ProblemShape,
  { samples, split }: SampleParallelVariant = SAMPLE_PARALLEL_VARIANTS[0],
): Plan | Declined {
  const declined = declineOf(shape);
  if (declined !== null) return { declined };
  const network = sampleNetworkShape(shape);
  const moments = Object.fromEntries(momentNames(shape).map((name) => [name, name]));
  const { norms } = shape.hyperparameters;
  return {
    ...samplePlan(shape, 'buffer'),
    schedule: 'sample-parallel',
    variant: `sample-parallel, ${samples === 1 ? '1 sample' : '4 samples'} an invocation, ${split} to a block`,
    stepsAtOnce: 1,
    chunk: [
      {
        phase: 'prepare',
        layer: 0,
        kernel: instantiate(packWeights, { widths: network.widths }),
        buffers: { parameters: 'parameters', packed: 'packed' },
      },
    ],
    step: [
      {
        phase: 'forward',
        layer: 0,
        kernel: instantiate(sampleForwardBackward, {
          network,
          lanes: samples === 1 ? 'f32' : 'vec4<f32>',
          invocations: SAMPLE_INVOCATIONS,
        }),
        buffers: {
          packed: 'packed',
          labels: 'labels',
          permutation: 'permutation',
          trace: 'trace',
          running: 'running',
          metrics: 'metrics',
        },
      },
      {
        phase: 'update',
        layer: 0,
        kernel: instantiate(gradientUpdate, {
          network,
          update: updateShape(shape),
          rule: updateRule(shape),
          split,
          invocations: split === 1 ? BLOCK_INVOCATIONS.alone : BLOCK_INVOCATIONS.shared,
          keepsGradients: norms,
        }),
        buffers: {
          trace: 'trace',
          parameters: 'parameters',
          packed: 'packed',
          running: 'running',
          metrics: 'metrics',
          ...moments,
          ...(norms ? { gradients: 'gradients' } : {}),
        },
      },
    ],
    epoch: norms ? normSteps(shape) : [],
  };
}
