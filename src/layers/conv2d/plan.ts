/** The convolution's steps in the layered schedule: three matrix products that find their patches themselves. */
import { convBackwardDelta } from '../../../shaders/conv-backward-delta';
import { convBackwardWeights } from '../../../shaders/conv-backward-weights';
import { convForward } from '../../../shaders/conv-forward';
import { instantiate, type Kernel } from '../../../shaders/kernel';
import { convCounts } from '../../../shaders/parts/patches';
import { type SumPartialsShape, sumPartials } from '../../../shaders/sum-partials';
import type { GemmShape } from '../../gpu/plan/choose-variant';
import {
  deltaStep,
  dropoutOf,
  forwardStep,
  gathers,
  gemmProducts,
  gradientStep,
  type LayerContext,
  type LayerPlan,
  rowsOf,
} from '../../gpu/plan/layer-plan';
import { type PlanStep, planStep } from '../../gpu/plan/plan';
import type { PlacedLayer } from '../layer';
import { type ConvLayer, type ConvShape, convShape } from './layer';

type Conv = PlacedLayer<ConvLayer>;

/** The same kernel; what it stands for here are the convolution's gradients. */
const sumConvPartials: Kernel<SumPartialsShape> = {
  ...sumPartials,
  summary: 'Adds up the parts of a convolution’s gradients',
  formulas: ['conv-gradient'],
  reference: ['convBackwardWeights', 'convEach'],
};

function shapeOf({ layer, input }: Conv): ConvShape {
  return convShape(layer, input);
}

function offsetsOf({ slices: [weights, biases] }: Conv) {
  return { weights: weights.offset, biases: biases.offset };
}

/** The products' shapes: places of all samples for rows, and the patch with the one that stands for the bias. */
function productsOf(
  place: Conv,
  rows: number,
): Readonly<Record<'forward' | 'weights' | 'delta', GemmShape>> {
  const shape = shapeOf(place);
  const { positions, patch, image, area } = convCounts(shape);
  const { filters, channels } = shape;
  return {
    forward: { rows: rows * positions, inputs: patch, outputs: filters },
    weights: { rows: rows * positions, inputs: patch + 1, outputs: filters, isLong: true },
    delta: { rows: rows * image, inputs: channels, outputs: filters * area },
  };
}

/** All parameters of the layer: what each part of the gradients' sums has. */
function partLength({ slices }: Conv): number {
  return slices.reduce((sum, { length }) => sum + length, 0);
}

export const conv: LayerPlan<ConvLayer> = {
  products: (place, rows) =>
    gemmProducts(place, productsOf(place, rows), {
      forward: [convForward],
      weights: [convBackwardWeights, sumConvPartials],
      delta: [convBackwardDelta],
    }),
  partials: ({ choose, batchRows }, place) => {
    const { splitK } = choose('weights', productsOf(place, batchRows).weights);
    return splitK === 1 ? 0 : splitK * partLength(place);
  },
  forward: (context, place, phase) => {
    const rows = rowsOf(context, phase);
    const kernel = instantiate(convForward, {
      rows,
      conv: shapeOf(place),
      ...offsetsOf(place),
      activation: place.layer.activation,
      gather: phase === 'forward' && gathers(context, place),
      dropout: phase === 'forward' ? dropoutOf(place) : null,
      variant: context.choose('forward', productsOf(place, rows).forward),
    });
    return [forwardStep(context, place, phase, kernel)];
  },
  gradients,
  delta: ({ batchRows: rows, choose }, place, before) => {
    const kernel = instantiate(convBackwardDelta, {
      rows,
      conv: shapeOf(place),
      nextWeights: offsetsOf(place).weights,
      activation: before.layer.activation,
      dropout: dropoutOf(before),
      variant: choose('delta', productsOf(place, rows).delta),
    });
    return [deltaStep(place, before, kernel)];
  },
};

/** One dispatch, or two where the places are summed in parts. */
function gradients(context: LayerContext, place: Conv): readonly PlanStep[] {
  const { batchRows, choose, trained } = context;
  const variant = choose('weights', productsOf(place, batchRows).weights);
  const weights = offsetsOf(place).weights - trained.start;
  const length = partLength(place);
  const product = gradientStep(
    context,
    place,
    instantiate(convBackwardWeights, {
      conv: shapeOf(place),
      weights,
      gather: gathers(context, place),
      partLength: length,
      variant,
    }),
  );
  const { splitK } = variant;
  if (splitK === 1) return [product];
  const sum = instantiate(sumConvPartials, { length, weights, splitK });
  return [product, planStep('backward', place.index, sum)];
}
