/**
 * The layered schedule: it walks the layers and takes each one's steps. For L dense layers: L forward,
 * one loss and delta, L - 1 deltas, L gradients and one update, 3L + 1 dispatches a step. Layers that are
 * frozen have forward steps only. It holds every network and is the oracle of the other schedules.
 */
import { instantiate } from '../../../shaders/kernel';
import { outputProbabilities } from '../../../shaders/output-probabilities';
import type { PlacedLayer } from '../../layers/layer';
import { planOf } from '../../layers/plan';
import { layersOf, outputOf, outputsOf } from '../../model/network-spec';
import { trainedPart } from '../../model/trained-part';
import { StepSequence } from '../../training/steps';
import { fixedChooser, type VariantChooser } from './choose-variant';
import { featureSteps } from './late-steps';
import { deltaName, type Inference, type LayerContext, outputName } from './layer-plan';
import { optimizerOf } from './optimizer';
import {
  type BufferPlan,
  evaluationRows,
  isInBytes,
  type Plan,
  type PlanStep,
  type ProblemShape,
  planStep,
} from './plan';
import { commonBuffers, dataInRows, stateNames, words } from './plan-buffers';
import { lossBuffers, lossSteps, normBuffers, normSteps } from './sums';

/**
 * Plans a network layer by layer.
 *
 * @param choose - the variant of each matrix product, by its form and shape
 */
export function planLayered(
  shape: ProblemShape,
  choose: VariantChooser = fixedChooser(shape),
): Plan {
  const context = contextOf(shape, choose);
  return {
    schedule: 'layered',
    title: 'layered',
    data: isInBytes(shape) ? 'bytes' : 'rows',
    evaluation: 'epoch',
    evaluationRows: evaluationRows(shape),
    stepsAtOnce: 1,
    chunk: [],
    buffers: planBuffers(context),
    step: [
      ...featureSteps(context, 'forward'),
      ...forwardSteps(context, 'forward'),
      ...lossSteps(context, 'train'),
      ...backwardSteps(context),
      planStep('update', 0, optimizerOf(shape).kernel),
    ],
    epoch: [
      ...normSteps(shape),
      ...featureSteps(context, 'evaluation'),
      ...forwardSteps(context, 'evaluation'),
      ...lossSteps(context, 'evaluate'),
    ],
    prediction: predictionSteps(shape, choose),
    predictionRows: evaluationRows(shape),
    state: stateNames(shape),
  };
}

function contextOf(shape: ProblemShape, choose: VariantChooser): LayerContext {
  const { spec, hyperparameters, trainSamples } = shape;
  const { batchRows, isFullBatch } = new StepSequence(hyperparameters, trainSamples);
  const trained = trainedPart(spec, hyperparameters.freeze);
  return { shape, batchRows, gather: !isFullBatch, choose, trained };
}

/** A forward pass over up to `evaluationRows` samples that ends in probabilities; other schedules share it. */
export function predictionSteps(
  shape: ProblemShape,
  choose: VariantChooser = fixedChooser(shape),
): readonly PlanStep[] {
  return [...forwardSteps(contextOf(shape, choose), 'prediction'), probabilityStep(shape)];
}

/** What `predictionSteps` keeps between its kernels. */
export function predictionBuffers(shape: ProblemShape): readonly BufferPlan[] {
  const rows = evaluationRows(shape);
  return layersOf(shape.spec).map((layer) => words(outputName(layer), rows * layer.outputs));
}

/** Common buffers, each layer's outputs, the deltas of those that are trained, and room for the largest gradient in parts. */
function planBuffers(context: LayerContext): readonly BufferPlan[] {
  const { shape, batchRows, trained } = context;
  const layers = layersOf(shape.spec);
  const rows = Math.max(batchRows, evaluationRows(shape));
  const isTrained = ({ index }: PlacedLayer) => index > trained.layersBefore;
  const mostPartials = Math.max(
    ...layers.filter(isTrained).map((place) => planOf(place.layer).partials(context, place)),
  );
  return [
    ...dataInRows(shape),
    ...commonBuffers(shape),
    ...layers.flatMap((layer) => [
      words(outputName(layer), rows * layer.outputs),
      ...(isTrained(layer) ? [words(deltaName(layer), batchRows * layer.outputs)] : []),
    ]),
    ...(mostPartials === 0 ? [] : [words('partials', mostPartials)]),
    ...lossBuffers(context),
    ...normBuffers(shape),
  ];
}

function forwardSteps(context: LayerContext, phase: Inference): readonly PlanStep[] {
  return layersOf(context.shape.spec).flatMap((place) =>
    planOf(place.layer).forward(context, place, phase),
  );
}

/** From the last layer's delta to the gradients of all parameters that are trained. */
function backwardSteps(context: LayerContext): readonly PlanStep[] {
  const { layersBefore } = context.trained;
  const layers = layersOf(context.shape.spec).slice(layersBefore);
  return [...layers].reverse().flatMap((place) => {
    const plan = planOf(place.layer);
    const before = layers[place.index - layersBefore - 2];
    return [
      ...plan.gradients(context, place),
      ...(before === undefined ? [] : plan.delta(context, place, before)),
    ];
  });
}

function probabilityStep(shape: ProblemShape): PlanStep {
  const { spec } = shape;
  const rows = evaluationRows(shape);
  const of = { rows, outputs: outputsOf(spec), output: outputOf(spec) };
  return planStep('prediction', spec.layers.length, instantiate(outputProbabilities, of));
}
