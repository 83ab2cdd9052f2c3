/** Max pooling's steps in the layered schedule: a kernel forwards and one back. */
import { instantiate } from '../../../shaders/kernel';
import { maxPoolBackwardDelta } from '../../../shaders/max-pool-backward-delta';
import { maxPoolForward } from '../../../shaders/max-pool-forward';
import {
  deltaStep,
  dropoutOf,
  forwardStep,
  gathers,
  type LayerPlan,
  rowsOf,
} from '../../gpu/plan/layer-plan';
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
    return [forwardStep(context, place, phase, kernel)];
  },
  gradients: () => [],
  delta: ({ batchRows: rows }, place, before) => {
    const kernel = instantiate(maxPoolBackwardDelta, {
      rows,
      pool: poolShape(place.layer, place.input),
      activation: before.layer.activation,
      dropout: dropoutOf(before),
    });
    return [deltaStep(place, before, kernel)];
  },
};
