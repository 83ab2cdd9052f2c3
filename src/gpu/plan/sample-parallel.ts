/**
 * The sample-parallel schedule: two dispatches a step. In the first an invocation takes one sample, or
 * four, through the whole network and back; in the second a block of parameters is summed over the
 * batch and updated. The test set of an epoch is evaluated by the step that follows it.
 */
import { gradientUpdate } from '../../../shaders/gradient-update';
import { instantiate } from '../../../shaders/kernel';
import { packWeights } from '../../../shaders/pack-weights';
import { sampleForwardBackward } from '../../../shaders/sample-forward-backward';
import { normSteps } from './layered';
import { optimizerOf, updateShape } from './optimizer';
import { type Plan, type ProblemShape, planStep } from './plan';
import { type Declined, declineOf, sampleNetworkShape, samplePlan } from './sample-network';

export interface SampleParallelForm {
  /** Samples an invocation takes through the network. */
  readonly samples: 1 | 4;
  /** Invocations that share the sum over the batch of one block of parameters. */
  readonly split: 1 | 8 | 32;
  /** The invocations of a quad share what they load; the device must have subgroups. */
  readonly quads: boolean;
}

/** The one without tuning, since every device runs it. */
const PLAIN_FORM: SampleParallelForm = { samples: 4, split: 1, quads: false };

/**
 * In the order in which they are tried. It matters where compiling is slow, so that time runs out before
 * the last: on a software adapter, where quads save the most loads.
 */
export const SAMPLE_PARALLEL_FORMS: readonly SampleParallelForm[] = [
  { samples: 4, split: 1, quads: true },
  PLAIN_FORM,
  { samples: 4, split: 32, quads: false },
  { samples: 1, split: 32, quads: false },
  { samples: 4, split: 8, quads: false },
];

/** A form's short name: samples an invocation, invocations a block, `q` for quads. */
export function sampleParallelName({ samples, split, quads }: SampleParallelForm): string {
  return `sample-parallel-${samples}-${quads ? 'q' : split}`;
}

/** Invocations a workgroup: few, where there are few, so that they spread over the whole device. */
const SAMPLE_INVOCATIONS = { few: 8, many: 32 };
const MANY_INVOCATIONS = 1024;
const BLOCK_INVOCATIONS = { alone: 16, shared: 64, quad: 4 };

/** The sample-parallel plan of a network, or why the schedule declines it. */
export function planSampleParallel(
  shape: ProblemShape,
  { samples, split, quads }: SampleParallelForm = PLAIN_FORM,
): Plan | Declined {
  const declined = declineOf(shape);
  if (declined !== null) return { declined };
  const network = sampleNetworkShape(shape);
  const positions = Math.ceil((network.batchRows + network.testSamples) / samples);
  const { norms } = shape.hyperparameters;
  return {
    ...samplePlan(shape, 'buffer'),
    schedule: 'sample-parallel',
    title: `sample-parallel, ${samples === 1 ? '1 sample' : '4 samples'} an invocation, ${quads ? 'quads that share loads' : `${split} to a block`}`,
    stepsAtOnce: 1,
    chunk: [planStep('prepare', 0, instantiate(packWeights, { widths: network.widths }))],
    step: [
      planStep(
        'forward',
        0,
        instantiate(sampleForwardBackward, {
          network,
          lanes: samples === 1 ? 'f32' : 'vec4<f32>',
          quads,
          invocations:
            positions < MANY_INVOCATIONS ? SAMPLE_INVOCATIONS.few : SAMPLE_INVOCATIONS.many,
        }),
      ),
      planStep(
        'update',
        0,
        instantiate(gradientUpdate, {
          network,
          update: updateShape(shape),
          rule: optimizerOf(shape).rule,
          split,
          quads,
          invocations: blockInvocations(),
          keepsGradients: norms,
        }),
      ),
    ],
    epoch: norms ? normSteps(shape) : [],
  };
  function blockInvocations(): number {
    if (quads) return BLOCK_INVOCATIONS.quad;
    return split === 1 ? BLOCK_INVOCATIONS.alone : BLOCK_INVOCATIONS.shared;
  }
}
