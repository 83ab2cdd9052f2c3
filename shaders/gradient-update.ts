/**
 * Second of the sample-parallel schedule's two dispatches: every parameter's gradient over the batch
 * and its update; one more workgroup sums the losses.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type Binding, IS_NON_FINITE, type Kernel, sized } from './kernel';
import { reduceLosses } from './parts/epoch-sums';
import { type BlockShape, blockCount, blocksAtOnce, gradientBlocks } from './parts/gradient-blocks';
import { packedLayout } from './parts/packed-layout';
import { quadBlocks, quadCount } from './parts/quad-blocks';
import { traceLayout } from './parts/trace';

/** Workgroups that take blocks, or a quad each; the one behind them sums the losses. */
function blockWorkgroups(shape: BlockShape): number {
  if (shape.quads) return quadCount(shape.network.widths);
  return Math.ceil(blockCount(shape.network.widths) / blocksAtOnce(shape));
}

/** Invocations that sum the losses: one alone where the others would need barriers for nothing else. */
function lossInvocations({ quads, split, invocations }: BlockShape): number {
  return quads || split > 1 ? invocations : 1;
}

/** An invocation that has a block to itself writes whole vectors; others share them, float by float. */
function packedType({ network, quads, split }: BlockShape): string {
  const { length } = packedLayout(network.widths);
  return quads || split > 1 ? sized('f32', 4 * length) : sized('vec4<f32>', length);
}

export const gradientUpdate: Kernel<BlockShape> = {
  name: 'gradient-update',
  summary: 'Gradient of every parameter over the batch, and its update',
  numpy: 'dW = dZ.T @ A / m; W -= learning_rate * dW',
  formulas: ['dense-gradient', 'update'],
  reference: ['denseBackwardWeights', 'update', 'applyWeightDecay'],
  judge: 'gradient-update',
  features: ({ quads }) => (quads ? ['subgroups'] : []),
  bindings: (shape) => [
    { name: 'step', access: 'step' },
    { name: 'trace', access: 'read', type: sized('vec4<f32>', traceLayout(shape.network).length) },
    { name: 'parameters', access: 'read_write', type: sized('f32', shape.update.length) },
    { name: 'packed', access: 'read_write', type: packedType(shape) },
    { name: 'running', access: 'read_write', type: 'array<atomic<u32>>' },
    { name: 'metrics', access: 'read_write', type: 'array<u32>' },
    ...[...shape.rule.moments, ...(shape.keepsGradients ? ['gradients'] : [])].map(
      (name): Binding => ({ name, access: 'read_write', type: sized('f32', shape.update.length) }),
    ),
  ],
  source: (shape) => wgsl`
${IS_NON_FINITE}
#if ${shape.quads || shape.split > 1}
fn set_packed_float(i: u32, value: f32) { packed[i] = value; }
#else
fn set_packed(i: u32, four: vec4<f32>) { packed[i] = four; }
#endif
${shape.quads ? quadBlocks(shape) : gradientBlocks(shape)}
${reduceLosses(shape.network, lossInvocations(shape), shape.quads)}

@compute @workgroup_size(${shape.invocations})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
#if ${shape.quads}
  @builtin(subgroup_invocation_id) place: u32,
#endif
) {
#if ${shape.quads}
  // Four invocations, so they are a quad.
  if (workgroup.x < ${blockWorkgroups(shape)}u) {
    quad_blocks(workgroup.x, place % 4u);
  } else {
    reduce_losses(place % 4u);
  }
#else
  if (workgroup.x < ${blockWorkgroups(shape)}u) {
    gradient_blocks(workgroup.x * ${blocksAtOnce(shape)}u, local);
  } else {
  #if ${lossInvocations(shape) === 1}
    if (local == 0u) { reduce_losses(0u); }
  #else
    reduce_losses(local);
  #endif
  }
#endif
}`,
  workgroups: (shape) => [blockWorkgroups(shape) + 1, 1, 1],
};
