/**
 * Gradients of a convolution's filters and biases: deltas times patches, summed over all places of all
 * samples in a fixed order, in parts. A patch ends in a 1, whose weight is the bias.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { ConvShape } from '../src/layers/conv2d/layer';
import { type Kernel, PERMUTATION } from './kernel';
import { type Gemm, gemm, gemmFeatures, gemmGrid } from './parts/gemm';
import { readBy } from './parts/gemm-operand';
import type { GemmVariant } from './parts/gemm-variant';
import { convCounts, patchFour } from './parts/patches';

export interface ConvBackwardWeightsShape {
  readonly conv: ConvShape;
  /** Where the layer's weights start in the gradients; its biases follow them. */
  readonly weights: number;
  /** Samples of the input come through the permutation. */
  readonly gather: boolean;
  /** Values of each part of the sums: all of the layer's parameters. */
  readonly partLength: number;
  readonly variant: GemmVariant;
}

/** Whether four places in a row are always of one sample, and lie next to each other in a filter's deltas. */
function readsFour(conv: ConvShape): boolean {
  return convCounts(conv).positions % 4 === 0;
}

/** A row of the result is a filter, a column a weight of it or its bias; a term is a place of a sample. */
function product({ conv, variant }: ConvBackwardWeightsShape): Gemm {
  const { patch, positions } = convCounts(conv);
  return {
    m: conv.filters,
    n: patch + 1,
    k: { perSample: positions },
    left: readsFour(conv)
      ? { ...readBy('delta_four', positions), contiguous: 'k', readsFour: true }
      : { ...readBy('delta_value', conv.filters), contiguous: 'mn' },
    right: {
      ...readBy('patch_four', patch + 1, 'patch_place'),
      ...{ contiguous: 'mn', readsFour: true, next: 'patch_next' },
      columns: { of: 'patch_terms', type: 'Terms' },
    },
    variant,
  };
}

export const convBackwardWeights: Kernel<ConvBackwardWeightsShape> = {
  name: 'conv-backward-weights',
  summary: 'Gradients of filters and biases, the mean over the batch of the sums over all places',
  numpy: "dW = einsum('nfp,npk->fk', dZ, patches(A_in)) / m; db = dZ.sum(axis=(0, 2)) / m",
  formulas: ['conv-gradient'],
  reference: ['convBackwardWeights', 'convEach'],
  judge: 'gradients',
  features: ({ variant }) => gemmFeatures(variant),
  bindings: ({ conv, gather, variant }) => [
    { name: 'step', access: 'step' },
    { name: 'delta', access: 'read', type: readsFour(conv) ? 'array<vec4<f32>>' : 'array<f32>' },
    { name: 'input', access: 'read' },
    ...(gather ? [PERMUTATION] : []),
    { name: variant.splitK > 1 ? 'partials' : 'gradients', access: 'read_write' },
  ],
  source: (shape) => {
    const { conv, weights, gather, partLength, variant } = shape;
    const { patch, positions, outputs } = convCounts(conv);
    return wgsl`
#if ${gather}
fn sample(row: u32) -> u32 { return permutation[step.first_row + row]; }
#endif
${patchFour(conv, gather)}

#if ${readsFour(conv)}
fn delta_four(feature: u32, place: u32) -> vec4<f32> {
  return delta[(place / ${positions}u * ${outputs - positions}u + feature * ${positions}u + place) / 4u];
}
#else
fn delta_value(place: u32, feature: u32) -> f32 {
  return delta[place / ${positions}u * ${outputs}u + feature * ${positions}u + place % ${positions}u];
}
#endif

fn epilogue(feature: u32, k: u32, sum: vec4<f32>) {
  if (feature >= ${conv.filters}u || k > ${patch}u) { return; }
  for (var i = 0u; i < min(4u, ${patch + 1}u - k); i++) {
    // Biases follow the weights.
    let at = select(feature * ${patch}u + k + i, ${conv.filters * patch}u + feature, k + i == ${patch}u);
#if ${variant.splitK > 1}
    partials[split * ${partLength}u + at] = sum[i];
#else
    gradients[${weights}u + at] = sum[i] * step.inverse_rows;
#endif
  }
}
${gemm(product(shape))}`;
  },
  workgroups: ({ conv, variant }) => gemmGrid(variant, conv.filters, convCounts(conv).patch + 1),
};
