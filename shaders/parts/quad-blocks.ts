/**
 * Gradients and updates from the trace, by the four invocations of a quad: each takes four inputs of
 * its own, all take the same eight outputs, and each loads a quarter of those and hands them round. Four
 * samples cost an invocation six loads for 32 sums, where alone it takes eight for 16
 * (`gradient-blocks.ts`).
 */
import { wgsl } from 'wgsl-preprocessor';
import { ADD_EXACTLY, type BlockShape, RUN } from './gradient-blocks';
import { updateFunction } from './optimizer-update';
import { type PackedLayer, packedLayout } from './packed-layout';
import { handRound } from './quads';
import { lines, range } from './text';
import { type TraceLayout, traceLayout } from './trace';

/** Inputs of an invocation, and of its quad. */
const INPUTS = 4;
const QUAD_INPUTS = 4 * INPUTS;
/** Outputs whose deltas an invocation loads, and all that its quad takes. */
const OWN = 2;
const OUTPUTS = 4 * OWN;
const SUMS = INPUTS * OUTPUTS;

/** How a layer is cut: quads across its outputs, and in all. */
function quadsOf({ inputs, outputs }: PackedLayer) {
  const across = Math.ceil(outputs / OUTPUTS);
  return { across, all: across * Math.ceil(inputs / QUAD_INPUTS) };
}

/** Number of quads that a network's gradients take. */
export function quadCount(widths: readonly number[]): number {
  return packedLayout(widths).layers.reduce((sum, layer) => sum + quadsOf(layer).all, 0);
}

/**
 * `fn quad_blocks(index, lane)`: gradients and updates of quad number `index`; `lane` is the
 * invocation's place in its quad. All four must call it together. Needs what `gradientBlocks` needs.
 */
export function quadBlocks({ network, update, rule, keepsGradients }: BlockShape): string {
  const { layers } = packedLayout(network.widths);
  return wgsl`
${updateFunction(update, rule)}

struct Quad {
  inputs: u32, outputs: u32,           // of its layer
  first_input: u32, first_output: u32, // its own
  input_start: u32, input_stride: u32, delta_start: u32, delta_stride: u32, // in the trace
  weights: u32, biases: u32, packed: u32, fours: u32,
}

fn quad_of(index: u32) -> Quad {
  var at = index;
  ${layerBranches(layers, traceLayout(network))}
}

fn finish_parameter(quad: Quad, input: u32, unit: u32, sum: f32) {
  if (unit >= quad.outputs) { return; }
  // The biases are the weights of one more input, which is always 1.
  let i = select(quad.weights + unit * quad.inputs + input, quad.biases + unit, input == quad.inputs);
  let gradient = sum * step.inverse_rows;
#if ${keepsGradients}
  gradients[i] = gradient;
#endif
  set_packed_float(4u * (quad.packed + input * quad.fours) + unit, update_parameter(i, gradient));
}

${ADD_EXACTLY}

fn quad_blocks(index: u32, lane: u32) {
  let quad = quad_of(index);
  let groups = (step.rows + 3u) / 4u;
  // Past an edge the last input or output is read again, and its sums are left.
  let first_input = quad.first_input + ${INPUTS}u * lane;
${lines(INPUTS, (x) => `  let input_${x} = quad.input_start + min(first_input + ${x}u, quad.inputs - 1u) * quad.input_stride;`)}
${lines(OWN, (d) => `  let own_${d} = quad.first_output + ${4 * d}u + lane;\n  let delta_${d} = quad.delta_start + min(own_${d}, quad.outputs - 1u) * quad.delta_stride;`)}
${lines(SUMS, (s) => `  var total_${s} = vec2(0.0);`)}
${lines(OWN, (d) => `  var bias_${d} = vec2(0.0);`)}
  for (var start = 0u; start < groups; start += ${RUN}u) {
${lines(SUMS, (s) => `    var sum_${s} = 0.0;`)}
${lines(OWN, (d) => `    var bias_sum_${d} = 0.0;`)}
    for (var group = start; group < min(start + ${RUN}u, groups); group++) {
${lines(INPUTS, (x) => `      let x${x} = trace[input_${x} + group];`)}
${lines(OWN, (d) =>
  [
    ...handRound((i) => `d${4 * d + i}`, `trace[delta_${d} + group]`),
    `bias_sum_${d} += dot(d${4 * d}, vec4(1.0));`,
    // Delta d of an invocation is that of output number d ^ lane of the quad.
    ...[0, 1, 2, 3].flatMap((i) =>
      range(INPUTS).map((x) => `sum_${OUTPUTS * x + 4 * d + i} += dot(x${x}, d${4 * d + i});`),
    ),
  ]
    .map((line) => `      ${line}`)
    .join('\n'),
)}
    }
${lines(SUMS, (s) => `    total_${s} = add_exactly(total_${s}, sum_${s});`)}
${lines(OWN, (d) => `    bias_${d} = add_exactly(bias_${d}, bias_sum_${d});`)}
  }
  if (groups == 0u) { return; } // only now: the invocations of a quad need each other
  var totals = array(${range(SUMS)
    .map((s) => `total_${s}.x + total_${s}.y`)
    .join(', ')});
  for (var x = 0u; x < ${INPUTS}u; x++) {
    let input = first_input + x;
    for (var d = 0u; d < select(0u, ${OUTPUTS}u, input < quad.inputs); d++) {
      finish_parameter(quad, input, quad.first_output + (d ^ lane), totals[${OUTPUTS}u * x + d]);
    }
  }
  if (quad.first_input == 0u) {
${lines(OWN, (d) => `    finish_parameter(quad, quad.inputs, own_${d}, bias_${d}.x + bias_${d}.y);`)}
  }
  report_broken();
}`;
}

function layerBranches(layers: readonly PackedLayer[], trace: TraceLayout): string {
  const branches = layers.map((layer, l) => {
    const { inputs, outputs, quads, weights, biases, start } = layer;
    const [input, delta] = [trace.inputs[l], trace.deltas[l]];
    const { across, all } = quadsOf(layer);
    const body = `return Quad(${inputs}u, ${outputs}u, ${QUAD_INPUTS}u * (at / ${across}u), ${OUTPUTS}u * (at % ${across}u),
      ${input.start}u, ${input.stride}u, ${delta.start}u, ${delta.stride}u, ${weights}u, ${biases}u, ${start}u, ${quads}u);`;
    return l === layers.length - 1
      ? body
      : `if (at < ${all}u) {\n    ${body}\n  }\n  at -= ${all}u;`;
  });
  return branches.join('\n  ');
}
