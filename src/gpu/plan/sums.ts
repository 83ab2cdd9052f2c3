/**
 * The steps that make few numbers of many: the loss of a batch or of the test set, and the norms. One
 * workgroup does it alone, or, where a device has many and there is much to sum, two dispatches share it.
 */
import { binaryCrossEntropy } from '../../../shaders/binary-cross-entropy';
import { instantiate } from '../../../shaders/kernel';
import { lossSums } from '../../../shaders/loss-sums';
import { norm } from '../../../shaders/norm';
import { type Parts, partsOf, SUM_INVOCATIONS } from '../../../shaders/parts/shared-sums';
import { softmaxCrossEntropy } from '../../../shaders/softmax-cross-entropy';
import { sumSquares } from '../../../shaders/sum-squares';
import { layersOf, outputOf, outputsOf } from '../../model/network-spec';
import { parameterLayout } from '../../model/parameter-layout';
import { trainedPart } from '../../model/trained-part';
import { defaultsFor } from './device-class';
import { deltaName, type LayerContext } from './layer-plan';
import {
  type BufferPlan,
  evaluationRows,
  type PlanStep,
  type ProblemShape,
  planStep,
} from './plan';
import { words } from './plan-buffers';

/**
 * Whether a sum is shared by more invocations.
 *
 * @param values - that one of them would have to add up alone
 */
export function isShared(shape: ProblemShape, values: number): boolean {
  return values > defaultsFor(shape).sumsAlone;
}

/** Values whose squares an invocation sums at least, and samples whose losses it does. */
const LEAST_SQUARES = 8;
const LEAST_LOSSES = 1;

/** Norms of the gradient of what is trained and of all parameters, into the running sums; none where none are wanted. */
export function normSteps(shape: ProblemShape): readonly PlanStep[] {
  const { spec, hyperparameters } = shape;
  if (!hyperparameters.norms) return [];
  const lengths = {
    gradients: trainedPart(spec, hyperparameters.freeze).length,
    parameters: parameterLayout(spec).length,
  };
  return (['gradients', 'parameters'] as const).flatMap((of) => {
    const length = lengths[of];
    if (!isShared(shape, length / SUM_INVOCATIONS)) {
      const whole = instantiate(norm, { length, of, values: 'plain' });
      return [planStep('norms', 0, whole, { values: of })];
    }
    const parts = partsOf(length, LEAST_SQUARES);
    const sums = 'square-sums';
    const second = { length: parts.count, of, values: 'sums of squares' } as const;
    return [
      planStep('norms', 0, instantiate(sumSquares, { length, parts }), { values: of, sums }),
      planStep('norms', 0, instantiate(norm, second), { values: sums }),
    ];
  });
}

/** What `normSteps` keep between their kernels. */
export function normBuffers(shape: ProblemShape): readonly BufferPlan[] {
  const { length } = parameterLayout(shape.spec);
  const isNeeded = shape.hyperparameters.norms && isShared(shape, length / SUM_INVOCATIONS);
  return isNeeded ? [words('square-sums', partsOf(length, LEAST_SQUARES).count)] : [];
}

/** How workgroups share the samples of a mode; undefined where one takes all. */
function lossParts(
  { shape, batchRows }: Omit<LayerContext, 'choose'>,
  mode: 'train' | 'evaluate',
): Parts | undefined {
  const rows = mode === 'train' ? batchRows : evaluationRows(shape);
  return isShared(shape, (rows * outputsOf(shape.spec)) / SUM_INVOCATIONS)
    ? partsOf(rows, LEAST_LOSSES)
    : undefined;
}

/** Loss, correct predictions and, in training, the delta of the output layer, from the logits. */
export function lossSteps(context: LayerContext, mode: 'train' | 'evaluate'): readonly PlanStep[] {
  const { spec } = context.shape;
  const kernel = outputOf(spec) === 'sigmoid' ? binaryCrossEntropy : softmaxCrossEntropy;
  const last = layersOf(spec)[spec.layers.length - 1];
  const parts = lossParts(context, mode);
  const sums = 'loss-sums';
  const isTraining = mode === 'train';
  const phase = isTraining ? 'loss' : 'evaluation';
  const isInPortions = !isTraining && evaluationRows(context.shape) < context.shape.testSamples;
  const kernelMode = isInPortions ? 'evaluate-portion' : mode;
  const instance = instantiate(kernel, {
    outputs: last.outputs,
    mode: kernelMode,
    gather: isTraining && context.gather,
    ...(parts !== undefined && { parts }),
  });
  const buffers = {
    labels: isTraining ? 'train-labels' : 'test-labels',
    ...(isTraining && { delta: deltaName(last) }),
    ...(parts !== undefined && { sums }),
  };
  const first = planStep(phase, last.index, instance, buffers);
  if (parts === undefined) return [first];
  const second = instantiate(lossSums, { mode: kernelMode, parts });
  return [first, planStep(phase, last.index, second, { sums })];
}

/** What `lossSteps` keep between their kernels. */
export function lossBuffers(context: LayerContext): readonly BufferPlan[] {
  const most = Math.max(
    ...(['train', 'evaluate'] as const).map((mode) => lossParts(context, mode)?.count ?? 0),
  );
  return most === 0 ? [] : [words('loss-sums', 4 * most)];
}
