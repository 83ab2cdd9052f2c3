/** The dense layer's steps in the layered schedule: three matrix products, one a direction. */
import { denseBackwardDelta } from '../../../shaders/dense-backward-delta';
import { denseBackwardWeights } from '../../../shaders/dense-backward-weights';
import { denseForward } from '../../../shaders/dense-forward';
import { instantiate } from '../../../shaders/kernel';
import { sumPartials } from '../../../shaders/sum-partials';
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
import { isShared } from '../../gpu/plan/sums';
import type { PlacedLayer } from '../layer';
import type { DenseLayer } from './layer';

type Dense = PlacedLayer<DenseLayer>;

/** Where the layer's weights and biases start, counted from `start` of the flat array. */
function offsetsOf({ slices: [weights, biases] }: Dense, start = 0) {
  return { weights: weights.offset - start, biases: biases.offset - start };
}

export const dense: LayerPlan<DenseLayer> = {
  products: (place, rows) => {
    const { inputs, outputs } = place;
    const shape = { rows, inputs, outputs };
    return gemmProducts(
      place,
      { forward: shape, weights: shape, delta: shape },
      {
        forward: [denseForward],
        weights: [denseBackwardWeights, sumPartials],
        delta: [denseBackwardDelta],
      },
    );
  },
  partials: ({ choose, batchRows }, { inputs, outputs }) => {
    const { splitK } = choose('weights', { rows: batchRows, inputs, outputs });
    return splitK === 1 ? 0 : splitK * inputs * outputs;
  },
  forward: (context, place, phase) => {
    const { inputs, outputs, layer } = place;
    const rows = rowsOf(context, phase);
    const gather = phase === 'forward' && gathers(context, place);
    const kernel = instantiate(denseForward, {
      rows,
      inputs,
      outputs,
      ...offsetsOf(place),
      activation: layer.activation,
      gather,
      dropout: phase === 'forward' ? dropoutOf(place) : null,
      variant: context.choose('forward', { rows, inputs, outputs }),
    });
    return [forwardStep(context, place, phase, kernel)];
  },
  gradients,
  delta: ({ batchRows: rows, choose }, place, before) => {
    const { inputs, outputs } = place;
    const kernel = instantiate(denseBackwardDelta, {
      rows,
      units: inputs,
      nextUnits: outputs,
      nextWeights: offsetsOf(place).weights,
      activation: before.layer.activation,
      dropout: dropoutOf(before),
      variant: choose('delta', { rows, inputs, outputs }),
    });
    return [deltaStep(place, before, kernel)];
  },
};

/** One dispatch, or two where the batch is summed in parts. */
function gradients(context: LayerContext, place: Dense): readonly PlanStep[] {
  const { shape, batchRows, choose, trained } = context;
  const { index, inputs, outputs } = place;
  const gather = gathers(context, place);
  const variant = choose('weights', { rows: batchRows, inputs, outputs });
  const { splitK } = variant;
  const offsets = offsetsOf(place, trained.start);
  const product = gradientStep(
    context,
    place,
    instantiate(denseBackwardWeights, {
      inputs,
      outputs,
      ...offsets,
      gather,
      sharesBiases: isShared(shape, batchRows),
      variant,
    }),
  );
  if (splitK === 1) return [product];
  const { weights } = offsets;
  const sum = instantiate(sumPartials, { length: inputs * outputs, weights, splitK });
  return [product, planStep('backward', index, sum)];
}
