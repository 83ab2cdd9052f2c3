/**
 * What the optimizer kernels share: they walk the flat array of parameters, weight decay on weights
 * only, and a look at the bits of gradient and new value, so that divergence is found where
 * it happens. Formulas and order of operations are PyTorch's.
 */
import { wgsl } from 'wgsl-preprocessor';
import {
  type Binding,
  type Grid,
  IS_NON_FINITE,
  type Kernel,
  type KernelNotes,
  LINEAR_WORKGROUP,
  MOST_WORKGROUPS,
} from '../kernel';
import { RUNNING } from './loss-reduction';

/** First and one past the last index of a run of weights in the flat parameters. */
export interface WeightRange {
  readonly from: number;
  readonly to: number;
}

export interface UpdateShape {
  /** Number of parameters that are trained: of the gradients, and of each of the rule's arrays. */
  readonly length: number;
  /** Where they start in the parameters, behind those of frozen layers; by default at 0. */
  readonly start?: number;
  /** Where weight decay applies; biases are outside. */
  readonly weights: readonly WeightRange[];
  /** Whether there is any weight decay; the step says how much. */
  readonly hasDecay: boolean;
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

/** Bindings of every update kernel; the rule's moments come last, in its order. */
function updateBindings({ moments }: UpdateRule): readonly Binding[] {
  return [
    { name: 'step', access: 'step' },
    { name: 'gradients', access: 'read' },
    { name: 'parameters', access: 'read_write' },
    { name: 'running', access: 'read_write', type: 'array<atomic<u32>>' },
    ...moments.map((name) => ({ name, access: 'read_write' }) as const),
  ];
}

/** From so many parameters on there are invocations enough for each to take several. */
const MANY_PARAMETERS = 65_536;
/** An invocation's own beginning then costs less than its parameters do. */
const PARAMETERS_EACH = 8;

/** Parameters of an invocation: one, or several where there are many; more where a grid is at its widest. */
function parametersEach(length: number): number {
  const each = length < MANY_PARAMETERS ? 1 : PARAMETERS_EACH;
  return Math.max(each, Math.ceil(length / (LINEAR_WORKGROUP * MOST_WORKGROUPS)));
}

/** Workgroups, each for a run of parameters. */
function updateGrid({ length }: UpdateShape): Grid {
  return [Math.ceil(length / (LINEAR_WORKGROUP * parametersEach(length))), 1, 1];
}

/**
 * `fn update_parameter(i, gradient)`: one parameter's whole update; gives the new value. An invocation
 * calls `report_broken()` behind its last, for an atomic operation a parameter would cost more than the
 * update where both sides of a branch are computed. Needs `is_non_finite`.
 */
export function updateFunction(
  { weights, hasDecay, start = 0 }: UpdateShape,
  { decay, statements }: UpdateRule,
): string {
  // `&` and `|`, here and below: `&&` and `||` would be branches.
  const place = start === 0 ? 'i' : `i + ${start}u`;
  const isWeight = weights.map(({ from, to }) => `((i >= ${from}u) & (i < ${to}u))`).join(' | ');
  return wgsl`var<private> is_broken: bool; // a gradient or a parameter was not finite

fn report_broken() {
  if (is_broken) { atomicOr(&running[${RUNNING.nonFinite}], 1u); }
}

fn update_parameter(i: u32, gradient: f32) -> f32 {
  var g = gradient;
  var w = parameters[${place}];
#if ${hasDecay}
  if (${isWeight}) {
  #if ${decay === 'gradient'}
    g += step.weight_decay * w;
  #else
    w -= step.learning_rate * step.weight_decay * w;
  #endif
  }
#endif
  ${statements}
  parameters[${place}] = w;
  is_broken = is_broken | is_non_finite(g) | is_non_finite(w);
  return w;
}`;
}

function updateSource(shape: UpdateShape, rule: UpdateRule): string {
  const { length } = shape;
  const run = LINEAR_WORKGROUP * parametersEach(length);
  return wgsl`
${IS_NON_FINITE}
${updateFunction(shape, rule)}
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let first = group.x * ${run}u;
  let end = min(first + ${run}u, ${length}u);
  for (var i = first + local; i < end; i += ${LINEAR_WORKGROUP}u) { update_parameter(i, gradients[i]); }
  report_broken();
}`;
}

/** The kernel that applies a rule to every parameter. */
export function updateKernel<Shape extends UpdateShape>(
  notes: Pick<KernelNotes, 'name' | 'summary' | 'numpy'>,
  ruleOf: (shape: Shape) => UpdateRule,
): Kernel<Shape> {
  return {
    ...notes,
    formulas: ['update'],
    reference: ['update', 'applyWeightDecay'],
    judge: 'update',
    bindings: (shape) => updateBindings(ruleOf(shape)),
    source: (shape) => updateSource(shape, ruleOf(shape)),
    workgroups: updateGrid,
  };
}
