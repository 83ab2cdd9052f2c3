/**
 * The sample-parallel schedule: two dispatches a step. In the first an invocation takes one sample, or
 * four, through the whole network and back; in the second a block of parameters is summed over the
 * batch and updated. The test set of an epoch is evaluated by the step that follows it.
 */
import { gradientUpdate } from '../../../shaders/gradient-update';
import { instantiate } from '../../../shaders/kernel';
import { packWeights } from '../../../shaders/pack-weights';
import { sampleForwardBackward } from '../../../shaders/sample-forward-backward';
import { defaultsFor } from './device-class';
import { optimizerOf, updateShape } from './optimizer';
import { type Plan, type ProblemShape, planStep } from './plan';
import { type Declined, declineOf, sampleNetworkShape, samplePlan } from './sample-network';
import { normBuffers, normSteps } from './sums';

export interface SampleParallelForm {
  /** Samples an invocation takes through the network. */
  readonly samples: 1 | 4;
  /** Invocations that share the sum over the batch of one block of parameters. */
  readonly split: 1 | 8 | 32;
  /** The invocations of a quad share what they load; the device must have subgroups. */
  readonly quads: boolean;
}

const QUADS: SampleParallelForm = { samples: 4, split: 1, quads: true };
const FEWEST_LOADS: SampleParallelForm = { samples: 4, split: 1, quads: false };
const MOST_THREADS: SampleParallelForm = { samples: 1, split: 32, quads: false };
const BETWEEN: readonly SampleParallelForm[] = [
  { samples: 4, split: 32, quads: false },
  { samples: 4, split: 8, quads: false },
];

/** The one without tuning: every device of the kind runs it. */
function plainForm(shape: ProblemShape): SampleParallelForm {
  return defaultsFor(shape).savesLoads ? FEWEST_LOADS : MOST_THREADS;
}

/**
 * In the order in which they are tried. It matters where compiling is slow, so that time runs out before
 * the last: on a software adapter, where quads save the most loads.
 */
export function sampleParallelForms(shape: ProblemShape): readonly SampleParallelForm[] {
  return defaultsFor(shape).savesLoads
    ? [QUADS, FEWEST_LOADS, BETWEEN[0], MOST_THREADS, BETWEEN[1]]
    : [MOST_THREADS, ...BETWEEN, QUADS, FEWEST_LOADS];
}

/** A form's short name: samples an invocation, invocations a block, `q` for quads. */
export function sampleParallelName({ samples, split, quads }: SampleParallelForm): string {
  return `sample-parallel-${samples}-${quads ? 'q' : split}`;
}

/** Invocations a workgroup; fewer, where there are few, so that they spread over the whole device. */
const SAMPLE_INVOCATIONS = 32;
const MANY_INVOCATIONS = 1024;
/** Where several share a block. */
const SHARED_INVOCATIONS = 64;
const QUAD_INVOCATIONS = 4;

/** The sample-parallel plan of a network, or why the schedule declines it. */
export function planSampleParallel(
  shape: ProblemShape,
  { samples, split, quads }: SampleParallelForm = plainForm(shape),
): Plan | Declined {
  const declined = declineOf(shape);
  if (declined !== null) return { declined };
  const network = sampleNetworkShape(shape);
  const positions = Math.ceil((network.batchRows + network.testSamples) / samples);
  const { norms } = shape.hyperparameters;
  const { workgroups } = defaultsFor(shape);
  const shared = samplePlan(shape, 'buffer');
  return {
    ...shared,
    buffers: [...shared.buffers, ...normBuffers(shape)],
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
          invocations: positions < MANY_INVOCATIONS ? workgroups.fewSamples : SAMPLE_INVOCATIONS,
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
          finishes: 'parameter',
          quads,
          invocations: blockInvocations(),
          keepsGradients: norms,
        }),
      ),
    ],
    epoch: normSteps(shape),
  };
  function blockInvocations(): number {
    if (quads) return QUAD_INVOCATIONS;
    return split === 1 ? workgroups.blocks : SHARED_INVOCATIONS;
  }
}
