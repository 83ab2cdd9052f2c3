/** Max pooling's steps in the layered schedule: a kernel forwards and one back. */
import { instantiate } from '../../../shaders/kernel';
import { maxPoolBackwardDelta } from '../../../shaders/max-pool-backward-delta';
import { maxPoolForward } from '../../../shaders/max-pool-forward';
import {
  deltaName,
  dropoutOf,
  gathers,
  inputName,
  type LayerPlan,
  outputName,
  rowsOf,
} from '../../gpu/plan/layer-plan';
import { planStep } from '../../gpu/plan/plan';
import { type MaxPoolLayer, poolShape } from './layer';

export const maxPool: LayerPlan<MaxPoolLayer> = {
  products: () => [],
  partials: () => 0,
  forward: (context, place, phase) => {
    const kernel = instantiate(maxPoolForward, {
      rows: rowsOf(context, phase),
      pool: poolShape(place.layer, place.input),
      gather: phase === 'forward' && gathers(context, place),
    });
    const buffers = { input: inputName(context.shape, place, phase), output: outputName(place) };
    return [planStep(phase, place.index, kernel, buffers)];
  },
  gradients: () => [],
  delta: ({ batchRows: rows }, place, before) => {
    const kernel = instantiate(maxPoolBackwardDelta, {
      rows,
      pool: poolShape(place.layer, place.input),
      activation: before.layer.activation,
      dropout: dropoutOf(before),
    });
    const buffers = {
      next_delta: deltaName(place),
      activation: outputName(before),
      delta: deltaName(before),
    };
    return [planStep('backward', before.index, kernel, buffers)];
  },
};
