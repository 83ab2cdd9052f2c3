/**
 * Whether this device computes what the kernels say: a compiler that takes float32 for real numbers may
 * fold a sum's rounding error into zero, and the two parts of ln 2 into one (gpuweb/gpuweb#2076). The
 * kernels' own texts, on operands that no compiler can know.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type KernelText, sized } from './kernel';
import { LN2_REMAINDER } from './parts/exponential';
import { ADD_EXACTLY } from './parts/gradient-blocks';

/** Operands that are probed: as many as there are invocations. */
export const PROBES = 64;

export const arithmeticProbe: KernelText<object> = {
  name: 'arithmetic-probe',
  bindings: () => [
    // A sum so far and what is added to it, then y and n.
    { name: 'operands', access: 'read', type: sized('vec4<f32>', PROBES) },
    // The sum, its rounding error, and y - n · ln 2.
    { name: 'results', access: 'read_write', type: sized('vec4<f32>', PROBES) },
  ],
  source: () => wgsl`
${ADD_EXACTLY}

@compute @workgroup_size(${PROBES})
fn main(@builtin(local_invocation_index) i: u32) {
  let total = add_exactly(vec2(operands[i].x, 0.0), operands[i].y);
  let y = operands[i].z;
  let n = operands[i].w;
  results[i] = vec4(total, ${LN2_REMAINDER}, 0.0);
}`,
  workgroups: () => [1, 1, 1],
};
