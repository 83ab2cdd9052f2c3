/**
 * The delta of the layer before a convolution: each value of its image hears from every place and every
 * filter that has seen it. The activation's derivative, and dropout's factor, are the epilogue.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { LayerActivation } from '../src/layers/activation';
import type { ConvShape } from '../src/layers/conv2d/layer';
import type { Kernel } from './kernel';
import { derivative } from './parts/activations';
import { type DropoutShape, dropoutScaleOf } from './parts/dropout';
import { type Gemm, gemm, gemmFeatures, gemmGrid } from './parts/gemm';
import { readBy } from './parts/gemm-operand';
import type { GemmVariant } from './parts/gemm-variant';
import { convCounts, deltaValue } from './parts/patches';

export interface ConvBackwardDeltaShape {
  /** Most samples in a batch. */
  readonly rows: number;
  /** The convolution that the delta comes from. */
  readonly conv: ConvShape;
  /** Where its weights start in the parameters. */
  readonly nextWeights: number;
  /** Of the layer before it, as is the dropout. */
  readonly activation: LayerActivation;
  readonly dropout: DropoutShape | null;
  readonly variant: GemmVariant;
}

/** A row of the result is a place on the image before, a column a channel; a term is a filter's weight. */
function product({ conv, variant }: ConvBackwardDeltaShape): Gemm {
  const { image, area } = convCounts(conv);
  const terms = conv.filters * area;
  return {
    m: { perSample: image },
    n: conv.channels,
    k: terms,
    left: { ...readBy('delta_value', terms, 'delta_place'), contiguous: 'k' },
    right: { ...readBy('weight_value', terms), contiguous: 'k' },
    variant,
  };
}

export const convBackwardDelta: Kernel<ConvBackwardDeltaShape> = {
  name: 'conv-backward-delta',
  summary: 'Sends the delta of a convolution back to the image that it has seen',
  numpy: "dZ = unpatch(einsum('nfp,fk->npk', dZ_next, W_next)) * f'(Z)",
  formulas: ['conv-delta'],
  reference: ['convBackwardInput', 'convEach', 'hiddenDelta', 'activationDerivative'],
  judge: 'delta',
  features: ({ variant }) => gemmFeatures(variant),
  bindings: () => [
    { name: 'step', access: 'step' },
    { name: 'weights', access: 'read' },
    { name: 'next_delta', access: 'read' },
    { name: 'activation', access: 'read' },
    { name: 'delta', access: 'read_write' },
  ],
  source: (shape) => {
    const { conv, nextWeights, activation, dropout } = shape;
    const { image, inputs, area } = convCounts(conv);
    return wgsl`
${derivative(activation, 'f32')}
#if ${dropout !== null}
${dropout === null ? '' : dropoutScaleOf()}
#endif
${deltaValue(conv)}

fn weight_value(channel: u32, k: u32) -> f32 {
  return weights[${nextWeights}u + (k / ${area}u * ${conv.channels}u + channel) * ${area}u + k % ${area}u];
}

fn epilogue(row: u32, channel: u32, sum: vec4<f32>) {
  if (row >= step.rows * ${image}u || channel >= ${conv.channels}u) { return; }
  let row_in_batch = row / ${image}u;
  for (var i = 0u; i < min(4u, ${conv.channels}u - channel); i++) {
    let unit = (channel + i) * ${image}u + row % ${image}u;
    let at = row_in_batch * ${inputs}u + unit;
#if ${dropout === null}
    delta[at] = sum[i] * derivative(activation[at]);
#else
    // The stored activation is f(Z) times the factor: take it out for f', put it on the delta.
    let scale = dropout_scale_of(row_in_batch, unit, ${dropout?.layer ?? 0}u);
    delta[at] = sum[i] * derivative(activation[at] / select(1.0, scale, scale > 0.0)) * scale;
#endif
  }
}
${gemm(product(shape))}`;
  },
  workgroups: ({ rows, conv, variant }) =>
    gemmGrid(variant, rows * convCounts(conv).image, conv.channels),
};
