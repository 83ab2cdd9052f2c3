/**
 * Nothing but multiply-adds between registers, to measure what the device's arithmetic reaches at most.
 * With no rounds it is next to nothing, and measures what a dispatch costs.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type KernelText, LINEAR_WORKGROUP } from './kernel';

export interface MultiplyAddsShape {
  /** Of LINEAR_WORKGROUP invocations. */
  readonly workgroups: number;
  /** Multiply-adds of each chain. */
  readonly rounds: number;
}

/**
 * Chains of an invocation, each of four components, none of which waits for another: eight sums hide the
 * latency of an addition on a CPU, too, and fit into its registers with factor and summand.
 */
export const CHAINS = 2;
/** Rounds of a turn of the loop, so that counting costs next to nothing. */
const UNROLLED = 16;

/** Where chain `chain` of invocation `id` starts, component by component. */
export const START = { period: 61, components: [0, 0.25, 0.5, 0.75] } as const;

export const multiplyAdds: KernelText<MultiplyAddsShape> = {
  name: 'multiply-adds',
  bindings: () => [
    // Known to nobody before it runs, so that no compiler can compute ahead.
    { name: 'constants', access: 'read', type: 'vec2<f32>' },
    { name: 'sums', access: 'read_write', type: 'array<vec4<f32>>' },
  ],
  source: ({ rounds }) => {
    const chains = Array.from({ length: CHAINS }, (_, chain) => `x${chain}`);
    const round = chains.map((x) => `${x} = ${x} * factor + summand;`).join(' ');
    const times = (count: number) => Array.from({ length: count }, () => `    ${round}`).join('\n');
    return wgsl`
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let factor = constants.x;
  let summand = constants.y;
  let start = vec4<f32>(f32(id.x % ${START.period}u)) + vec4<f32>(${START.components.join(', ')});
${chains.map((x, chain) => `  var ${x} = start + ${chain}.0;`).join('\n')}
  for (var turn = 0u; turn < ${Math.floor(rounds / UNROLLED)}u; turn++) {
${times(UNROLLED)}
  }
${times(rounds % UNROLLED)}
  sums[id.x] = ${chains.join(' + ')};
}`;
  },
  workgroups: ({ workgroups }) => [workgroups, 1, 1],
};
