/**
 * The layered schedule: a kernel a layer and direction. L forward, one loss and delta, L - 1 deltas,
 * L gradients and one update: 3L + 1 dispatches a step. It holds every network and is the oracle of
 * the other schedules.
 */
import { binaryCrossEntropy } from '../../shaders/binary-cross-entropy';
import { denseBackwardDelta } from '../../shaders/dense-backward-delta';
import { denseBackwardWeights } from '../../shaders/dense-backward-weights';
import { denseForward } from '../../shaders/dense-forward';
import { instantiate } from '../../shaders/kernel';
import { norm } from '../../shaders/norm';
import { outputProbabilities } from '../../shaders/output-probabilities';
import type { DropoutShape } from '../../shaders/parts/dropout';
import { splitKOf } from '../../shaders/parts/gemm-variant';
import { softmaxCrossEntropy } from '../../shaders/softmax-cross-entropy';
import { sumPartials } from '../../shaders/sum-partials';
import { type LayerSpec, layersOf, outputsOf } from '../model/network-spec';
import { layerOffsets, parameterLayout } from '../model/parameter-layout';
import { StepSequence } from '../training/steps';
import { defaultVariant, type VariantChooser } from './gemm-variants';
import { updateKernel } from './optimizer';
import type { BufferPlan, Plan, PlanStep, ProblemShape } from './plan';
import { commonBuffers, dataInRows, momentNames, stateNames, words } from './plan-buffers';

/**
 * Plans a network layer by layer.
 *
 * @param choose - the variant of each matrix product, by its form and shape
 */
export function planLayered(shape: ProblemShape, choose: VariantChooser = defaultVariant): Plan {
  const steps = new StepSequence(shape.hyperparameters, shape.trainSamples);
  const layers = layersOf(shape.spec);
  const gather = !steps.isFullBatch;
  return {
    schedule: 'layered',
    variant: 'layered',
    data: 'rows',
    evaluation: 'epoch',
    stepsAtOnce: 1,
    chunk: [],
    buffers: planBuffers(shape, steps, choose),
    step: [
      ...layers.map((layer) =>
        forwardStep(shape, layer, 'forward', steps.batchRows, gather, choose),
      ),
      lossStep(shape, 'train', gather),
      ...[...layers]
        .reverse()
        .flatMap((layer) => [
          ...gradientSteps(shape, layer, steps.batchRows, gather, choose),
          ...(layer.index > 1
            ? [deltaStep(shape, layers[layer.index - 2], layer, steps.batchRows, choose)]
            : []),
        ]),
      updateStep(shape),
    ],
    epoch: [
      ...(shape.hyperparameters.norms ? normSteps(shape) : []),
      ...layers.map((layer) =>
        forwardStep(shape, layer, 'evaluation', shape.testSamples, false, choose),
      ),
      lossStep(shape, 'evaluate', false),
    ],
    prediction: predictionSteps(shape, choose),
    predictionRows: shape.testSamples,
    state: stateNames(shape),
  };
}

/** A forward pass over up to `testSamples` samples that ends in probabilities; other schedules share it. */
export function predictionSteps(
  shape: ProblemShape,
  choose: VariantChooser = defaultVariant,
): readonly PlanStep[] {
  return [
    ...layersOf(shape.spec).map((layer) =>
      forwardStep(shape, layer, 'prediction', shape.testSamples, false, choose),
    ),
    probabilityStep(shape),
  ];
}

/** What `predictionSteps` keeps between its kernels. */
export function predictionBuffers({ spec, testSamples }: ProblemShape): readonly BufferPlan[] {
  return layersOf(spec).map((layer) => words(outputName(layer), testSamples * layer.outputs));
}

/** Common buffers, each layer's outputs and deltas, and room for the largest gradient in parts. */
function planBuffers(
  shape: ProblemShape,
  steps: StepSequence,
  choose: VariantChooser,
): readonly BufferPlan[] {
  const rows = Math.max(steps.batchRows, shape.testSamples);
  const partials = layersOf(shape.spec).map(({ inputs, outputs }) => {
    const splitK = splitKOf(choose('weights', { rows: steps.batchRows, inputs, outputs }));
    return splitK === 1 ? 0 : splitK * inputs * outputs;
  });
  const mostPartials = Math.max(...partials);
  return [
    ...dataInRows(shape),
    ...commonBuffers(shape),
    ...layersOf(shape.spec).flatMap((layer) => [
      words(outputName(layer), rows * layer.outputs),
      words(deltaName(layer), steps.batchRows * layer.outputs),
    ]),
    ...(mostPartials === 0 ? [] : [words('partials', mostPartials)]),
  ];
}

function outputName({ index, isOutput }: LayerSpec): string {
  return isOutput ? 'logits' : `activation-${index}`;
}

function deltaName({ index }: LayerSpec): string {
  return `delta-${index}`;
}

type Inference = 'forward' | 'evaluation' | 'prediction';

const FEATURES: Readonly<Record<Inference, string>> = {
  forward: 'train-features',
  evaluation: 'test-features',
  prediction: 'prediction-features',
};

/** The buffer that a layer takes its inputs from. */
function inputName(shape: ProblemShape, layer: LayerSpec, phase: Inference): string {
  return layer.index === 1 ? FEATURES[phase] : outputName(layersOf(shape.spec)[layer.index - 2]);
}

function offsetsOf({ spec }: ProblemShape, layer: LayerSpec) {
  return layerOffsets(parameterLayout(spec), layer.index);
}

function dropoutOf({ hyperparameters }: ProblemShape, layer: LayerSpec): DropoutShape | null {
  return hyperparameters.dropout === 0 || layer.isOutput ? null : { layer: layer.index };
}

function forwardStep(
  shape: ProblemShape,
  layer: LayerSpec,
  phase: Inference,
  rows: number,
  gatherBatch: boolean,
  choose: VariantChooser,
): PlanStep {
  const gather = gatherBatch && layer.index === 1;
  const { inputs, outputs } = layer;
  return {
    phase,
    layer: layer.index,
    kernel: instantiate(denseForward, {
      rows,
      inputs,
      outputs,
      ...offsetsOf(shape, layer),
      activation: layer.isOutput ? 'identity' : shape.spec.activation,
      gather,
      dropout: phase === 'forward' ? dropoutOf(shape, layer) : null,
      variant: choose('forward', { rows, inputs, outputs }),
    }),
    buffers: {
      weights: 'parameters',
      biases: 'parameters',
      input: inputName(shape, layer, phase),
      ...(gather ? { permutation: 'permutation' } : {}),
      output: outputName(layer),
    },
  };
}

function lossStep(shape: ProblemShape, mode: 'train' | 'evaluate', gather: boolean): PlanStep {
  const kernel = shape.spec.output === 'sigmoid' ? binaryCrossEntropy : softmaxCrossEntropy;
  const last = layersOf(shape.spec)[shape.spec.widths.length - 2];
  return {
    phase: mode === 'train' ? 'loss' : 'evaluation',
    layer: last.index,
    kernel: instantiate(kernel, { outputs: last.outputs, mode, gather }),
    buffers: {
      logits: 'logits',
      labels: mode === 'train' ? 'train-labels' : 'test-labels',
      ...(gather ? { permutation: 'permutation' } : {}),
      running: 'running',
      ...(mode === 'train' ? { delta: deltaName(last) } : { metrics: 'metrics' }),
    },
  };
}

/** One dispatch, or two where the batch is summed in parts. */
function gradientSteps(
  shape: ProblemShape,
  layer: LayerSpec,
  rows: number,
  gatherBatch: boolean,
  choose: VariantChooser,
): readonly PlanStep[] {
  const gather = gatherBatch && layer.index === 1;
  const { index, inputs, outputs } = layer;
  const offsets = offsetsOf(shape, layer);
  const variant = choose('weights', { rows, inputs, outputs });
  const splitK = splitKOf(variant);
  const product: PlanStep = {
    phase: 'backward',
    layer: index,
    kernel: instantiate(denseBackwardWeights, { inputs, outputs, ...offsets, gather, variant }),
    buffers: {
      delta: deltaName(layer),
      input: inputName(shape, layer, 'forward'),
      ...(gather ? { permutation: 'permutation' } : {}),
      gradients: 'gradients',
      ...(splitK === 1 ? {} : { partials: 'partials' }),
    },
  };
  if (splitK === 1) return [product];
  const { weights } = offsets;
  const sum: PlanStep = {
    phase: 'backward',
    layer: index,
    kernel: instantiate(sumPartials, { length: inputs * outputs, weights, splitK }),
    buffers: { partials: 'partials', gradients: 'gradients' },
  };
  return [product, sum];
}

function deltaStep(
  shape: ProblemShape,
  layer: LayerSpec,
  next: LayerSpec,
  rows: number,
  choose: VariantChooser,
): PlanStep {
  return {
    phase: 'backward',
    layer: layer.index,
    kernel: instantiate(denseBackwardDelta, {
      rows,
      units: layer.outputs,
      nextUnits: next.outputs,
      nextWeights: offsetsOf(shape, next).weights,
      activation: shape.spec.activation,
      dropout: dropoutOf(shape, layer),
      variant: choose('delta', { rows, inputs: next.inputs, outputs: next.outputs }),
    }),
    buffers: {
      weights: 'parameters',
      next_delta: deltaName(next),
      activation: outputName(layer),
      delta: deltaName(layer),
    },
  };
}

function updateStep(shape: ProblemShape): PlanStep {
  const moments = momentNames(shape);
  return {
    phase: 'update',
    layer: 0,
    kernel: updateKernel(shape),
    buffers: {
      gradients: 'gradients',
      parameters: 'parameters',
      running: 'running',
      ...Object.fromEntries(moments.map((name) => [name, name])),
    },
  };
}

/** Norms of the gradient and of the parameters, into the running sums. */
export function normSteps({ spec }: ProblemShape): readonly PlanStep[] {
  const { length } = parameterLayout(spec);
  return (['gradients', 'parameters'] as const).map((of) => ({
    phase: 'norms',
    layer: 0,
    kernel: instantiate(norm, { length, of }),
    buffers: { values: of, running: 'running' },
  }));
}

function probabilityStep({ spec, testSamples }: ProblemShape): PlanStep {
  return {
    phase: 'prediction',
    layer: spec.widths.length - 1,
    kernel: instantiate(outputProbabilities, {
      rows: testSamples,
      outputs: outputsOf(spec),
      output: spec.output,
    }),
    buffers: { logits: 'logits', probabilities: 'probabilities' },
  };
}
