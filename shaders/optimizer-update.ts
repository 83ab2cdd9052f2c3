/**
 * What the optimizer kernels share: one invocation a parameter of the flat array, weight decay on
 * weights only, and a look at the bits of gradient and new value, so that divergence is found where
 * it happens. Formulas and order of operations are PyTorch's.
 */
import { wgsl } from 'wgsl-preprocessor';
import {
  type Binding,
  type Grid,
  IS_NON_FINITE,
  LINEAR_WORKGROUP,
  linearGrid,
  linearIndex,
} from './kernel';
import { RUNNING } from './loss-reduction';

/** First and one past the last index of a run of weights in the flat parameters. */
export interface WeightRange {
  readonly from: number;
  readonly to: number;
}

export interface UpdateShape {
  /** Number of parameters. */
  readonly length: number;
  /** Where weight decay applies; biases are outside. */
  readonly weights: readonly WeightRange[];
  /** Weight decay as the bits of a float32, so that the shape holds integers only; 0 for none. */
  readonly weightDecayBits: number;
}

/** The bits of `value` as a float32. */
export function floatBits(value: number): number {
  return new Uint32Array(new Float32Array([value]).buffer)[0];
}

/** A float32 as WGSL, from its bits. */
export function fromBits(bits: number): string {
  return `bitcast<f32>(${bits}u)`;
}

/** What an optimizer adds: its flat arrays, and how it turns a gradient into a new value. */
export interface UpdateRule {
  /** Names of the arrays that it keeps, one value a parameter. */
  readonly moments: readonly string[];
  /** Weight decay goes into the gradient, or straight into the weight. */
  readonly decay: 'gradient' | 'decoupled';
  /** WGSL that turns the gradient `g` and the value `w` of parameter `i` into the new `w`. */
  readonly statements: string;
}

export function updateBindings({ moments }: UpdateRule): readonly Binding[] {
  return [
    { name: 'step', access: 'step' },
    { name: 'gradients', access: 'read' },
    { name: 'parameters', access: 'read_write' },
    { name: 'running', access: 'read_write', type: 'array<atomic<u32>>' },
    ...moments.map((name) => ({ name, access: 'read_write' }) as const),
  ];
}

export function updateGrid({ length }: UpdateShape): Grid {
  return linearGrid(length);
}

/**
 * `fn update_parameter(i, gradient)`: one parameter's whole update; gives the new value. An invocation
 * calls `report_broken()` behind its last, for an atomic operation a parameter would cost more than the
 * update where both sides of a branch are computed. Needs `is_non_finite`.
 */
export function updateFunction(
  { weights, weightDecayBits }: UpdateShape,
  { decay, statements }: UpdateRule,
): string {
  const isWeight = weights.map(({ from, to }) => `(i >= ${from}u && i < ${to}u)`).join(' || ');
  return wgsl`var<private> is_broken: bool; // a gradient or a parameter was not finite

fn report_broken() {
  if (is_broken) { atomicOr(&running[${RUNNING.nonFinite}], 1u); }
}

fn update_parameter(i: u32, gradient: f32) -> f32 {
  var g = gradient;
  var w = parameters[i];
#if ${weightDecayBits !== 0}
  if (${isWeight}) {
  #if ${decay === 'gradient'}
    g += ${fromBits(weightDecayBits)} * w;
  #else
    w -= step.learning_rate * ${fromBits(weightDecayBits)} * w;
  #endif
  }
#endif
  ${statements}
  parameters[i] = w;
  is_broken = is_broken || is_non_finite(g) || is_non_finite(w);
  return w;
}`;
}

/** The kernel that applies a rule to every parameter. */
export function updateSource(shape: UpdateShape, rule: UpdateRule): string {
  return wgsl`
${IS_NON_FINITE}
${updateFunction(shape, rule)}
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${linearIndex(shape.length)};
  if (i < ${shape.length}u) { update_parameter(i, gradients[i]); }
  report_broken();
}`;
}
