/** What a layer kind gives the layered schedule: its steps, and the names of the buffers between layers. */
import type { KernelInstance } from '../../../shaders/kernel';
import type { DropoutShape } from '../../../shaders/parts/dropout';
import type { GemmForm } from '../../../shaders/parts/gemm-variant';
import type { Layer, PlacedLayer } from '../../layers/layer';
import { layersOf } from '../../model/network-spec';
import type { TrainedPart } from '../../model/trained-part';
import type { GemmShape, VariantChooser } from './choose-variant';
import { evaluationRows, isInBytes, type PlanStep, type ProblemShape, planStep } from './plan';

/** A matrix product of a training step, whose variant tuning may choose. */
export interface GemmProduct {
  readonly form: GemmForm;
  /** The layer whose output, delta or gradient it gives, from 1. */
  readonly layer: number;
  readonly shape: GemmShape;
  /** Names of the layer's kernels that compute it. */
  readonly kernels: readonly string[];
}

/** What the steps of all layers depend on. */
export interface LayerContext {
  readonly shape: ProblemShape;
  /** Most samples in a batch. */
  readonly batchRows: number;
  /** The batch's samples come through the permutation. */
  readonly gather: boolean;
  readonly choose: VariantChooser;
  /** What training changes; the gradients are of it alone. */
  readonly trained: TrainedPart;
}

export type Inference = 'forward' | 'evaluation' | 'prediction';

/**
 * The bindings of a layer's kernels that the self-test knows them by: `input` and `output` forwards,
 * `delta` and `input` where gradients are summed, `next_delta`, `activation` and `delta` backwards.
 */
export interface LayerPlan<L extends Layer = Layer> {
  /** Its matrix products in a step with batches of `rows`, in a fixed order. */
  products(place: PlacedLayer<L>, rows: number): readonly GemmProduct[];
  /** Words of the buffer `partials` that it needs in a training step. */
  partials(context: LayerContext, place: PlacedLayer<L>): number;
  /** From the layer's input to its output, activation and dropout included. */
  forward(context: LayerContext, place: PlacedLayer<L>, phase: Inference): readonly PlanStep[];
  /** The gradients of its parameters from its delta and its input. */
  gradients(context: LayerContext, place: PlacedLayer<L>): readonly PlanStep[];
  /** The delta of the layer before it, whose activation and dropout are the epilogue. */
  delta(context: LayerContext, place: PlacedLayer<L>, before: PlacedLayer): readonly PlanStep[];
}

/** The buffer that a layer writes its output to. */
export function outputName({ index, isOutput }: PlacedLayer): string {
  return isOutput ? 'logits' : `activation-${index}`;
}

/** The buffer of the gradients of each sample's loss at a layer's sums. */
export function deltaName({ index }: PlacedLayer): string {
  return `delta-${index}`;
}

/** The buffer of a layer's weights and biases, for kernels that bind any. */
const PARAMETERS = { weights: 'parameters', biases: 'parameters' } as const;

const FEATURES: Readonly<Record<Inference, string>> = {
  forward: 'train-features',
  evaluation: 'test-features',
  prediction: 'prediction-features',
};

/** The buffer that a layer takes its inputs from. */
function inputName(shape: ProblemShape, { index }: PlacedLayer, phase: Inference): string {
  if (index > 1) return outputName(layersOf(shape.spec)[index - 2]);
  return isInBytes(shape) && phase !== 'prediction' ? 'batch-features' : FEATURES[phase];
}

/** The step of a layer's kernel forwards, from its input to its output. */
export function forwardStep(
  { shape }: LayerContext,
  place: PlacedLayer,
  phase: Inference,
  kernel: KernelInstance,
): PlanStep {
  const [input, output] = [inputName(shape, place, phase), outputName(place)];
  return planStep(phase, place.index, kernel, { ...PARAMETERS, input, output });
}

/** The step of a layer's kernel that sums gradients from its delta and its input. */
export function gradientStep(
  { shape }: LayerContext,
  place: PlacedLayer,
  kernel: KernelInstance,
): PlanStep {
  const [delta, input] = [deltaName(place), inputName(shape, place, 'forward')];
  return planStep('backward', place.index, kernel, { delta, input });
}

/** The step of a layer's kernel that makes the delta of the layer before it. */
export function deltaStep(
  place: PlacedLayer,
  before: PlacedLayer,
  kernel: KernelInstance,
): PlanStep {
  const [activation, delta] = [outputName(before), deltaName(before)];
  const buffers = { ...PARAMETERS, next_delta: deltaName(place), activation, delta };
  return planStep('backward', before.index, kernel, buffers);
}

/** The matrix products of a layer with weights, by the names of the kernels that do them. */
export function gemmProducts(
  { index }: PlacedLayer,
  shapes: Readonly<Record<GemmForm, GemmShape>>,
  kernels: Readonly<Record<GemmForm, readonly Pick<KernelInstance, 'name'>[]>>,
): readonly GemmProduct[] {
  const productOf = (form: GemmForm, layer: number): GemmProduct => ({
    ...{ form, layer, shape: shapes[form] },
    kernels: kernels[form].map(({ name }) => name),
  });
  return [
    productOf('forward', index),
    productOf('weights', index),
    // The first layer has none before it.
    ...(index > 1 ? [productOf('delta', index - 1)] : []),
  ];
}

/** Samples that a forward pass takes at most. */
export function rowsOf({ shape, batchRows }: LayerContext, phase: Inference): number {
  return phase === 'forward' ? batchRows : evaluationRows(shape);
}

/** Whether a layer's input comes through the permutation; unpacked bytes have come through it. */
export function gathers({ shape, gather }: LayerContext, { index }: PlacedLayer): boolean {
  return gather && index === 1 && !isInBytes(shape);
}

/** A layer's dropout in training, as its kernels take it; null where it has none. */
export function dropoutOf({ index, layer }: PlacedLayer): DropoutShape | null {
  return layer.dropout === 0 ? null : { layer: index };
}
