/**
 * What the sample-parallel and the persistent schedule have in common: both take a sample through the
 * whole network at once, its values in registers, so both hold small networks only.
 */
import { packedLayout } from '../../../shaders/parts/packed-layout';
import { writtenOut } from '../../../shaders/parts/sample-pass';
import { type SampleNetworkShape, traceLayout } from '../../../shaders/parts/trace';
import { hiddenLayersOf, outputOf, widthsOf } from '../../model/network-spec';
import { StepSequence } from '../../training/steps';
import { predictionBuffers, predictionSteps } from './layered';
import { type BufferPlan, isInBytes, type Plan, type ProblemShape } from './plan';
import { commonBuffers, stateNames, words } from './plan-buffers';

/** Values of a sample that an invocation holds at once: units of all layers. */
const MOST_UNITS = 96;
/** Multiply-adds of the later layers, written out in the kernel's text. */
const MOST_WRITTEN_OUT = 1536;

/** Why a schedule does not take a network, in words. */
export interface Declined {
  readonly declined: string;
}

/** What the sample kernels are made of, from what a plan depends on. */
export function sampleNetworkShape({
  spec,
  hyperparameters,
  trainSamples,
  testSamples,
}: ProblemShape): SampleNetworkShape {
  const hidden = hiddenLayersOf(spec);
  const { isFullBatch, batchRows } = new StepSequence(hyperparameters, trainSamples);
  return {
    widths: widthsOf(spec),
    activations: hidden.map(({ activation }) => activation),
    output: outputOf(spec),
    trainSamples,
    testSamples,
    batchRows,
    gather: !isFullBatch,
    hasDropout: hidden.some(({ dropout }) => dropout > 0),
  };
}

/** Why an invocation cannot hold a sample of this network; null where it can. */
export function declineOf(shape: ProblemShape): string | null {
  const { spec, hyperparameters } = shape;
  const { freeze } = hyperparameters;
  if (freeze > 0) {
    return `it trains every layer, and the first ${freeze === 1 ? 'one is' : `${freeze} are`} frozen`;
  }
  if (shape.augmentation !== undefined) {
    return 'it keeps samples as they are, and augmentation makes others of them in each epoch';
  }
  if (isInBytes(shape)) return 'it keeps samples as float32, and so many are kept as bytes';
  const other = spec.layers.find(({ kind }) => kind !== 'dense');
  if (other !== undefined) return `it knows dense layers only, and this network has ${other.kind}`;
  const hidden = hiddenLayersOf(spec);
  if (hidden.some(({ dropout }) => dropout !== hidden[0].dropout)) {
    return 'it knows one rate of dropout for all hidden layers';
  }
  const widths = widthsOf(spec);
  const units = widths.slice(1).reduce((sum, width) => sum + width, 0);
  if (units > MOST_UNITS) {
    return `${units} units do not fit into one invocation’s registers; ${MOST_UNITS} do`;
  }
  const terms = writtenOut(widths);
  if (terms > MOST_WRITTEN_OUT) {
    return `${terms} multiply-adds behind the first layer are too many to write out; ${MOST_WRITTEN_OUT} are not`;
  }
  return null;
}

/** The parts of a plan that both schedules share; `packed` is the weights' copy, where it is a buffer. */
export function samplePlan(
  shape: ProblemShape,
  packed: 'buffer' | 'workgroup',
): Pick<
  Plan,
  'data' | 'evaluation' | 'evaluationRows' | 'buffers' | 'prediction' | 'predictionRows' | 'state'
> {
  const trace = traceLayout(sampleNetworkShape(shape));
  const labels = 4 * (trace.trainGroups + trace.testGroups);
  const copy: readonly BufferPlan[] =
    packed === 'buffer' ? [words('packed', 4 * packedLayout(widthsOf(shape.spec)).length)] : [];
  return {
    data: 'trace',
    evaluation: 'next-step',
    evaluationRows: shape.testSamples,
    buffers: [
      words('trace', 4 * trace.length),
      words('labels', labels),
      ...copy,
      ...commonBuffers(shape),
      ...predictionBuffers(shape),
    ],
    prediction: predictionSteps(shape),
    predictionRows: shape.testSamples,
    state: stateNames(shape),
  };
}
