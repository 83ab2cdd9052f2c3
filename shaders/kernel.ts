/**
 * What a kernel is: a name, its bindings, its WGSL and its grid, all made of validated integers
 * and enums. The files beside this one hold kernels, and the parts that they are made of.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { StepDescription } from '../src/training/plan-description';

/**
 * How a kernel uses a buffer. `step` is one entry of the table of per-step values, `steps` a run of
 * STEPS_AT_ONCE of them; both are bound with a dynamic offset.
 */
export type Access = 'step' | 'steps' | 'read' | 'read_write';

/** Entries that one binding of `steps` holds: 64 KiB of 256 bytes each. */
export const STEPS_AT_ONCE = 256;

export interface Binding {
  readonly name: string;
  readonly access: Access;
  /** WGSL type of the variable, `array<f32>` where left out; of no use to `step`. */
  readonly type?: string;
}

/** The order of the samples: where a batch's rows are in the data. */
export const PERMUTATION: Binding = { name: 'permutation', access: 'read', type: 'array<u32>' };

/** WGSL type of a buffer of `count` elements: where its size is known, no access must ask for it. */
export function sized(element: string, count: number): string {
  return `array<${element}, ${count}>`;
}

/** Workgroups in x, y and z. */
export type Grid = readonly [number, number, number];

/** What of a kernel's results the self-test holds against float64, and how. */
export type Judge =
  | 'features'
  | 'forward'
  | 'loss'
  | 'loss-sums'
  | 'delta'
  | 'gradients'
  | 'partials'
  | 'update'
  | 'squares'
  | 'norm'
  | 'probabilities'
  | 'packed'
  | 'samples'
  | 'gradient-update'
  | 'training';

/**
 * What a kernel says of itself, to people and to the self-test. Formulas, reference and judge are names
 * and not functions: what judges a kernel must not be imported by it, nor loaded with it to train. The
 * tables behind the names lack none (`satisfies Record<Judge, …>`, `Record<FormulaName, …>`), and
 * tests/unit/kernel-notes.test.ts looks the functions of the reference up.
 */
export interface KernelNotes
  extends Pick<StepDescription, 'summary' | 'numpy' | 'formulas' | 'reference'> {
  readonly name: string;
  readonly judge: Judge;
}

/** What of a kernel is compiled and run, for any shape. All of it, where the kernel is in no plan. */
export interface KernelText<Shape> {
  readonly name: string;
  /** Language features that its WGSL enables, which are the device features of the same name. */
  features?(shape: Shape): readonly 'subgroups'[];
  bindings(shape: Shape): readonly Binding[];
  /** The WGSL after the declarations of step and bindings. */
  source(shape: Shape): string;
  workgroups(shape: Shape): Grid;
}

/** A kernel as it is written, for any shape. */
export interface Kernel<Shape> extends KernelNotes, KernelText<Shape> {}

/** A kernel's text for one shape: complete WGSL, ready to be compiled. It needs no GPU to exist. */
export interface KernelTextInstance {
  readonly name: string;
  readonly shape: Readonly<Record<string, unknown>>;
  readonly bindings: readonly Binding[];
  readonly wgsl: string;
  readonly workgroups: Grid;
}

/** A kernel for one shape. */
export interface KernelInstance extends KernelNotes, KernelTextInstance {}

/**
 * Makes a kernel's instance for `shape`.
 *
 * @throws RangeError where the shape holds a number that is no integer from 0 to 2^32 - 1
 */
export function instantiate<Shape extends object>(
  kernel: Kernel<Shape>,
  shape: Shape,
): KernelInstance;
export function instantiate<Shape extends object>(
  kernel: KernelText<Shape>,
  shape: Shape,
): KernelTextInstance;
export function instantiate<Shape extends object>(
  kernel: KernelText<Shape>,
  shape: Shape,
): KernelTextInstance {
  const { features, bindings: bindingsOf, source, workgroups, ...notes } = kernel;
  checkIntegers(kernel.name, shape);
  const bindings = bindingsOf(shape);
  const enables = (features?.(shape) ?? []).map((feature) => `enable ${feature};\n`).join('');
  return {
    ...notes,
    shape: shape as Readonly<Record<string, unknown>>,
    bindings,
    wgsl: tidy(`${enables}${declarations(bindings)}\n${source(shape)}`),
    workgroups: workgroups(shape),
  };
}

/** Takes out the empty lines that parts left out leave behind: people read the text. */
function tidy(wgsl: string): string {
  return wgsl
    .replace(/\n\s*\n/g, '\n\n')
    .replace(/([{(])\n\n/g, '$1\n')
    .replace(/\n\n( *\})/g, '\n$1');
}

/** WGSL is made of integers and enums: a number that is neither must never reach it. */
function checkIntegers(kernel: string, shape: object): void {
  for (const [name, value] of Object.entries(shape)) {
    if (typeof value === 'object' && value !== null) checkIntegers(kernel, value);
    else if (
      typeof value === 'number' &&
      !(Number.isInteger(value) && value >= 0 && value < 2 ** 32)
    ) {
      throw new RangeError(`${kernel}: ${name} = ${value} is no integer from 0 to 2^32 - 1`);
    }
  }
}

/**
 * The values that change from step to step or from run to run, as a uniform struct; `src/gpu/plan/step-table.ts` fills it.
 * `rows` and `first_row` make one pipeline serve full and smaller batches and the test set.
 */
export const STEP_STRUCT = wgsl`struct Step {
  first_row: u32,       // where the batch starts, in the permutation or in the data
  rows: u32,            // samples in the batch
  record: u32,          // where the epoch's metrics go
  step: u32,            // counts all batches, for dropout
  is_first: u32,        // 1 in the first batch of an epoch
  learning_rate: f32,
  inverse_rows: f32,    // 1 / rows
  inverse_samples: f32, // 1 / samples in an epoch
  step_size: f32,       // Adam: learning rate / (1 - beta1^t)
  inverse_root_correction: f32, // Adam: 1 / sqrt(1 - beta2^t)
  previous: u32,        // 1 + record of an epoch that waits for its evaluation; 0 for none
  entries: u32,         // entries from this one on, for kernels that take many
  seed: u32,            // of dropout's masks
  dropout_threshold: u32, // the rate of dropout in units of 2^-32
  dropout_scale: f32,   // 1 / (1 - rate)
  weight_decay: f32,
  momentum: f32,
  stamp: u32,           // tells this entry from every other one: what was computed for it carries it
}`;

function declarations(bindings: readonly Binding[]): string {
  const lines = bindings.map(({ name, access, type }, index) => {
    return `@group(0) @binding(${index}) ${variableOf(name, access, type ?? 'array<f32>')};`;
  });
  const uses = (wanted: Access) => bindings.some(({ access }) => access === wanted);
  return [
    ...(uses('step') || uses('steps') ? [STEP_STRUCT] : []),
    ...(uses('steps') ? ['struct StepEntry { @size(256) step: Step }'] : []),
    ...lines,
  ].join('\n');
}

function variableOf(name: string, access: Access, type: string): string {
  switch (access) {
    case 'step':
      return `var<uniform> ${name}: Step`;
    case 'steps':
      return `var<uniform> ${name}: array<StepEntry, ${STEPS_AT_ONCE}>`;
    case 'read':
    case 'read_write':
      return `var<storage, ${access}> ${name}: ${type}`;
    default:
      return access satisfies never;
  }
}

/** Invocations a workgroup of the kernels that walk a flat array. */
export const LINEAR_WORKGROUP = 64;

/** The widest grid that every device allows in one dimension. */
export const MOST_WORKGROUPS = 65_535;

/** A grid with an invocation for each of `count` elements, folded into rows where it is wide. */
export function linearGrid(count: number): Grid {
  const groups = Math.ceil(count / LINEAR_WORKGROUP);
  const rows = Math.ceil(groups / MOST_WORKGROUPS);
  return [Math.ceil(groups / rows), rows, 1];
}

/** WGSL for the element index of an invocation in a `linearGrid` of `count` elements. */
export function linearIndex(count: number): string {
  return `id.y * ${linearGrid(count)[0] * LINEAR_WORKGROUP}u + id.x`;
}

/**
 * WGSL: whether a number is infinite or NaN, by its bits. Comparisons cannot tell: WGSL may assume
 * that neither exists.
 */
export const IS_NON_FINITE = wgsl`fn is_non_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u;
}`;
