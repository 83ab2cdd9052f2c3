/**
 * Gradients and updates from the trace: a block is four inputs × four outputs of a layer, summed over
 * the batch in fixed order, each parameter updated at once. Shared by the sample-parallel and the
 * persistent schedule.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type UpdateRule, type UpdateShape, updateFunction } from './optimizer-update';
import { type PackedLayer, packedLayout } from './packed-layout';
import { lines } from './text';
import { type SampleNetworkShape, type TraceLayout, traceLayout } from './trace';

/** Sums of a block: one for each input and output. */
export const SUMS = 16;

/** Groups that are summed plainly before their sum is added with its rounding error kept. */
export const RUN = 8;

export interface BlockShape {
  readonly network: SampleNetworkShape;
  readonly update: UpdateShape;
  readonly rule: UpdateRule;
  /** Invocations that share a block's samples: 1, or a power of two from 4 on. */
  readonly split: number;
  /**
   * What one of those that share a block finishes: an input's parameters, handed on as a whole vector, or a
   * parameter at a time, which takes more of them but hands on floats.
   */
  readonly finishes: 'input' | 'parameter';
  /** The four invocations of a quad share loads (`quad-blocks.ts`); the device must have subgroups. */
  readonly quads: boolean;
  /** Invocations a workgroup. */
  readonly invocations: number;
  /** Gradients are written, too, for their norm. */
  readonly keepsGradients: boolean;
}

/** `fn add_exactly(total, value)`: a sum and, beside it, what rounding has taken from it. */
export const ADD_EXACTLY = wgsl`// Knuth's two-sum: what rounding takes from the sum is kept beside it. A plateau's gradients are small
// sums of large terms that cancel, and their rounding errors decide when training leaves it.
fn add_exactly(total: vec2<f32>, value: f32) -> vec2<f32> {
  let sum = total.x + value;
  // Both are what they were where they are finite; compilers that take x + y - x for y do not look through.
  let rounded = max(sum, -0x1.fffffep+127f);
  let added = max(rounded - total.x, -0x1.fffffep+127f);
  let error = (total.x - (rounded - added)) + (value - added);
  return vec2(sum, total.y + error);
}`;

/** Blocks of a layer; its biases are blocks of their own, with the one input that is always 1. */
function blocksOf({ inputs, quads }: PackedLayer): number {
  return (Math.ceil(inputs / 4) + 1) * quads;
}

/** Number of blocks of a network. */
export function blockCount(widths: readonly number[]): number {
  return packedLayout(widths).layers.reduce((sum, layer) => sum + blocksOf(layer), 0);
}

/** Blocks that a workgroup takes at once. */
export function blocksAtOnce({ split, invocations }: BlockShape): number {
  return invocations / split;
}

/**
 * `fn gradient_blocks(first, local)`: the workgroup's blocks from number `first` on; `local` is the
 * invocation's index. All invocations must call it together. Needs `step`, `trace`, `parameters`,
 * `is_non_finite`, `running` and the optimizer's arrays in scope; and to hand on the new values where
 * an invocation finishes an input's parameters `fn set_packed(i, vec4)`, where it finishes one at a time
 * `fn set_packed_float(i, f32)`, for arrays of floats only: two invocations that store components of
 * one vector may undo each other's, since WGSL lets the whole vector be read, changed and written.
 */
export function gradientBlocks(shape: BlockShape): string {
  const { network, split, finishes, invocations } = shape;
  const byInput = split === 1 || finishes === 'input';
  const packed = packedLayout(network.widths);
  const trace = traceLayout(network);
  const rows = [0, 1, 2, 3];
  const total = (s: number) => `total_${s}.x + total_${s}.y`;
  return wgsl`
${updateFunction(shape.update, shape.rule)}

struct Block {
  inputs: u32, outputs: u32,        // of its layer
  first_input: u32, first_output: u32,
  is_bias: u32,                     // 1: the block of the ones, behind the last input
  last_input: u32,                  // the last of the block's four inputs that there is, from 0
  input_start: u32, input_stride: u32, delta_start: u32, delta_stride: u32, // in the trace
  weights: u32, biases: u32, packed: u32, quads: u32,
}

fn block_of(index: u32) -> Block {
  var at = index;
  ${layerBranches(packed.layers, trace)}
}

#if ${split > 1}
var<workgroup> parts: ${byInput ? `array<vec4<f32>, ${invocations}>` : `array<f32, ${invocations * SUMS}>`};
#endif

// Past an edge the last input or output was read again; past the inputs, only the first is the bias.
fn is_past(block: Block, row: u32) -> bool {
  return (block.first_input + row >= block.inputs) & ((block.is_bias == 0u) | (row > 0u));
}

fn finish_parameter(block: Block, input: u32, unit: u32, sum: f32) -> f32 {
  let i = select(block.weights + unit * block.inputs + input, block.biases + unit, input == block.inputs);
  let gradient = sum * step.inverse_rows;
#if ${shape.keepsGradients}
  gradients[i] = gradient;
#endif
  return update_parameter(i, gradient);
}

#if ${byInput}
fn finish_input(block: Block, row: u32, sums: vec4<f32>) {
  if (is_past(block, row)) { return; }
  let input = block.first_input + row;
  var four = vec4<f32>();
  for (var c = 0u; c < min(4u, block.outputs - block.first_output); c++) {
    four[c] = finish_parameter(block, input, block.first_output + c, sums[c]);
  }
  set_packed(block.packed + input * block.quads + block.first_output / 4u, four);
}
#endif

${ADD_EXACTLY}

fn gradient_blocks(first: u32, local: u32) {
  let index = first + local / ${split}u;
  let part = local % ${split}u;
  let groups = (step.rows + 3u) / 4u;
  let block = block_of(min(index, ${blockCount(network.widths) - 1}u));
  let is_block = index < ${blockCount(network.widths)}u && groups > 0u;
${rows.map((r) => `  let input_${r} = block.input_start + min(${r}u, block.last_input) * block.input_stride;`).join('\n')}
${rows.map((r) => `  let delta_${r} = block.delta_start + min(block.first_output + ${r}u, block.outputs - 1u) * block.delta_stride;`).join('\n')}
${lines(SUMS, (s) => `  var total_${s} = vec2(0.0);`)}
  let last = select(0u, groups, is_block);
  for (var start = part; start < last; start += ${RUN * split}u) {
${lines(SUMS, (s) => `    var sum_${s} = 0.0;`)}
    for (var group = start; group < min(start + ${RUN * split}u, last); group += ${split}u) {
${rows.map((r) => `      let x${r} = trace[input_${r} + group];`).join('\n')}
${rows.map((r) => `      let d${r} = trace[delta_${r} + group];`).join('\n')}
${rows.flatMap((x) => rows.map((d) => `      sum_${4 * x + d} += dot(x${x}, d${d});`)).join('\n')}
    }
${lines(SUMS, (s) => `    total_${s} = add_exactly(total_${s}, sum_${s});`)}
  }
#if ${byInput}
  var sums = array<vec4<f32>, 4>(${rows
    .map((row) => `vec4(${rows.map((c) => total(4 * row + c)).join(', ')})`)
    .join(', ')});
#endif
#if ${split === 1}
  if (!is_block) { return; }
  for (var row = 0u; row < 4u; row++) { finish_input(block, row, sums[row]); }
  report_broken();
#elif ${byInput}
  // One input after the other, so that the parts of few sums are in workgroup memory at a time.
  var own = vec4<f32>();
  for (var row = 0u; row < 4u; row++) {
    parts[local] = sums[row];
    workgroupBarrier();
    if (part == row) {
      for (var other = 0u; other < ${split}u; other++) { own += parts[local - part + other]; }
    }
    workgroupBarrier();
  }
  if (is_block & (part < 4u)) { finish_input(block, part, own); }
  report_broken();
#else
${lines(SUMS, (s) => `  parts[local * ${SUMS}u + ${s}u] = ${total(s)};`)}
  workgroupBarrier();
  if (is_block) {
    for (var sum = part; sum < ${SUMS}u; sum += ${split}u) {
      let unit = block.first_output + sum % 4u;
      if ((unit >= block.outputs) | is_past(block, sum / 4u)) { continue; }
      let input = block.first_input + sum / 4u;
      var total = 0.0;
      for (var other = 0u; other < ${split}u; other++) {
        total += parts[(local - part + other) * ${SUMS}u + sum];
      }
      let value = finish_parameter(block, input, unit, total);
      set_packed_float(4u * (block.packed + input * block.quads) + unit, value);
    }
  }
  report_broken();
  workgroupBarrier();
#endif
}`;
}

function layerBranches(layers: readonly PackedLayer[], trace: TraceLayout): string {
  const branches = layers.map((layer, l) => {
    const { inputs, outputs, quads, weights, biases, start } = layer;
    const [input, delta] = [trace.inputs[l], trace.deltas[l]];
    const common = `${delta.start}u, ${delta.stride}u, ${weights}u, ${biases}u, ${start}u, ${quads}u`;
    const body = `let first_input = 4u * (at / ${quads}u);
    let first_output = 4u * (at % ${quads}u);
    if (first_input >= ${inputs}u) {
      return Block(${inputs}u, ${outputs}u, ${inputs}u, first_output, 1u, 0u, ${trace.ones.start}u, 0u, ${common});
    }
    return Block(${inputs}u, ${outputs}u, first_input, first_output, 0u, ${inputs - 1}u - first_input,
      ${input.start}u + first_input * ${input.stride}u, ${input.stride}u, ${common});`;
    return l === layers.length - 1
      ? `{ ${body} }`
      : `if (at < ${blocksOf(layer)}u) { ${body} }\n  at -= ${blocksOf(layer)}u;`;
  });
  return branches.join('\n  ');
}
