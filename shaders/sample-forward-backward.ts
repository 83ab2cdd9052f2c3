/**
 * First of the sample-parallel schedule's two dispatches: an invocation takes one sample, or four,
 * through every layer, the loss and back. Behind the batch it evaluates the test set for the epoch
 * before, whose parameters are still in place.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type Kernel, PERMUTATION, sized } from './kernel';
import { BEGIN_STEP } from './parts/epoch-sums';
import { type Lanes, typesOf } from './parts/lanes';
import { packedLayout } from './parts/packed-layout';
import { samplePass } from './parts/sample-pass';
import { type SampleNetworkShape, traceLayout } from './parts/trace';

export interface SampleForwardBackwardShape {
  readonly network: SampleNetworkShape;
  readonly lanes: Lanes;
  /**
   * The four invocations of a quad each load a quarter of the first layer's weights and pass them round;
   * the device must have subgroups.
   */
  readonly quads: boolean;
  /** Invocations a workgroup. */
  readonly invocations: number;
}

export const sampleForwardBackward: Kernel<SampleForwardBackwardShape> = {
  name: 'sample-forward-backward',
  summary: 'Takes samples through every layer, the loss, and back to every delta',
  numpy: 'A = forward(X); loss(A, y); dZ = backward(A, y)',
  formulas: ['dense-forward', 'loss', 'output-delta', 'dense-delta'],
  reference: ['forward', 'outputDelta', 'denseBackwardInput', 'hiddenDelta'],
  judge: 'samples',
  features: ({ quads }) => (quads ? ['subgroups'] : []),
  bindings: ({ network, lanes }) => {
    const { length, trainGroups, testGroups } = traceLayout(network);
    const { length: weights } = packedLayout(network.widths);
    return [
      { name: 'step', access: 'step' },
      { name: 'packed', access: 'read', type: sized('vec4<f32>', weights) },
      { name: 'labels', access: 'read', type: sized('u32', 4 * (trainGroups + testGroups)) },
      ...(network.gather ? [PERMUTATION] : []),
      {
        name: 'trace',
        access: 'read_write',
        type: sized(lanes, (4 / typesOf(lanes).count) * length),
      },
      { name: 'running', access: 'read_write', type: 'array<atomic<u32>>' },
      { name: 'metrics', access: 'read_write', type: 'array<u32>' },
    ];
  },
  source: ({ network, lanes, quads, invocations }) => wgsl`
#if ${quads}
var<private> lane: u32;
#endif
${samplePass(network, lanes, quads)}
${BEGIN_STEP}

@compute @workgroup_size(${invocations})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(workgroup_id) workgroup: vec3<u32>,
#if ${quads}
  @builtin(subgroup_invocation_id) place: u32,
#endif
) {
  if (id.x == 0u) { begin_step(); }
#if ${quads}
  lane = place % 4u;
#endif
  // No epoch waits for its evaluation, and this workgroup is behind the batch.
  if (step.previous == 0u && workgroup.x * ${invocations * typesOf(lanes).count}u >= step.rows) { return; }
  sample_pass(id.x);
}`,
  workgroups: ({ network, lanes, invocations }) => {
    const { batchGroups, testGroups } = traceLayout(network);
    const positions = ((batchGroups + testGroups) * 4) / typesOf(lanes).count;
    return [Math.ceil(positions / invocations), 1, 1];
  },
};
