/**
 * Gradients and updates from the trace: a block is four inputs × four outputs of a layer, summed over
 * the batch in fixed order, each parameter updated at once. Shared by the sample-parallel and the
 * persistent schedule.
 */
import { wgsl } from 'wgsl-preprocessor';
import { RECORD, RECORD_WORDS, RUNNING } from './loss-reduction';
import { type UpdateRule, type UpdateShape, updateFunction } from './optimizer-update';
import { type PackedLayer, packedLayout } from './packed-weights';
import { type SampleNetworkShape, type TraceLayout, traceLayout } from './trace';

/** Sums of a block: one for each input and output. */
const SUMS = 16;

/** Groups that are summed plainly before their sum is added with its rounding error kept. */
export const RUN = 8;

export interface BlockShape {
  readonly network: SampleNetworkShape;
  readonly update: UpdateShape;
  readonly rule: UpdateRule;
  /** Invocations that share a block's samples: 1, or a power of two. */
  readonly split: number;
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
  let added = sum - total.x;
  let error = (total.x - (sum - added)) + (value - added);
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

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/**
 * `fn gradient_blocks(first, local)`: the workgroup's blocks from number `first` on; `local` is the
 * invocation's index. All invocations must call it together. Needs `step`, `trace`, `parameters`,
 * `set_packed`, `is_non_finite`, `running` and the optimizer's arrays in scope.
 */
export function gradientBlocks(shape: BlockShape): string {
  const { network, split, invocations } = shape;
  const packed = packedLayout(network.widths);
  const trace = traceLayout(network);
  const rows = [0, 1, 2, 3];
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
var<workgroup> parts: array<f32, ${invocations * SUMS}>;
#endif

fn finish_parameter(block: Block, sum: u32, value: f32) {
  let unit = block.first_output + sum % 4u;
  let input = block.first_input + sum / 4u;
  // Past an edge the last input or output was read again; past the inputs, only the first is the bias.
  let is_edge = (input >= block.inputs) & ((block.is_bias == 0u) | (sum >= 4u));
  if ((unit >= block.outputs) | is_edge) { return; }
  let i = select(block.weights + unit * block.inputs + input, block.biases + unit, input == block.inputs);
  let gradient = value * step.inverse_rows;
#if ${shape.keepsGradients}
  gradients[i] = gradient;
#endif
  set_packed(4u * (block.packed + input * block.quads) + unit, update_parameter(i, gradient));
}

${ADD_EXACTLY}

fn gradient_blocks(first: u32, local: u32) {
  let index = first + local / ${split}u;
  let part = local % ${split}u;
  let groups = (step.rows + 3u) / 4u;
  let block = block_of(min(index, ${blockCount(network.widths) - 1}u));
  let is_block = index < ${blockCount(network.widths)}u && groups > 0u;
${rows.map((r) => `  let input_${r} = block.input_start + min(${r}u, block.last_input) * block.input_stride;`).join('\n')}
${rows.map((r) => `  let delta_${r} = block.delta_start + min(block.first_output + ${r}u, block.outputs - 1u) * block.delta_stride;`).join('\n')}
${range(SUMS)
  .map((s) => `  var total_${s} = vec2(0.0);`)
  .join('\n')}
  let last = select(0u, groups, is_block);
  for (var start = part; start < last; start += ${RUN * split}u) {
${range(SUMS)
  .map((s) => `    var sum_${s} = 0.0;`)
  .join('\n')}
    for (var group = start; group < min(start + ${RUN * split}u, last); group += ${split}u) {
${rows.map((r) => `      let x${r} = trace[input_${r} + group];`).join('\n')}
${rows.map((r) => `      let d${r} = trace[delta_${r} + group];`).join('\n')}
${rows.flatMap((x) => rows.map((d) => `      sum_${4 * x + d} += dot(x${x}, d${d});`)).join('\n')}
    }
${range(SUMS)
  .map((s) => `    total_${s} = add_exactly(total_${s}, sum_${s});`)
  .join('\n')}
  }
#if ${split === 1}
  if (!is_block) { return; }
  var sums = array<f32, ${SUMS}>(${range(SUMS)
    .map((s) => `total_${s}.x + total_${s}.y`)
    .join(', ')});
  for (var sum = 0u; sum < ${SUMS}u; sum++) { finish_parameter(block, sum, sums[sum]); }
  report_broken();
#else
${range(SUMS)
  .map((s) => `  parts[local * ${SUMS}u + ${s}u] = total_${s}.x + total_${s}.y;`)
  .join('\n')}
  workgroupBarrier();
  if (is_block) {
    for (var sum = part; sum < ${SUMS}u; sum += ${split}u) {
      var total = 0.0;
      for (var other = 0u; other < ${split}u; other++) {
        total += parts[(local - part + other) * ${SUMS}u + sum];
      }
      finish_parameter(block, sum, total);
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

/**
 * `fn begin_step()`, for one invocation before the samples: hands an evaluated epoch's last words to
 * its record and clears the flag of the epoch that begins.
 */
export const BEGIN_STEP = wgsl`fn begin_step() {
  if (step.previous != 0u) {
    let record = (step.previous - 1u) * ${RECORD_WORDS}u;
    metrics[record + ${RECORD.nonFinite}u] = atomicLoad(&running[${RUNNING.nonFinite}]);
    metrics[record + ${RECORD.gradientNorm}u] = atomicLoad(&running[${RUNNING.gradientNorm}]);
    metrics[record + ${RECORD.parameterNorm}u] = atomicLoad(&running[${RUNNING.parameterNorm}]);
  }
  if (step.is_first == 1u) { atomicStore(&running[${RUNNING.nonFinite}], 0u); }
}`;

/**
 * `fn reduce_losses(local)`: sums losses and correct predictions of the batch and, where an epoch waits
 * for it, of the test set, into running sums and records. One workgroup, all invocations together.
 */
export function reduceLosses(network: SampleNetworkShape, invocations: number): string {
  const trace = traceLayout(network);
  return wgsl`
struct Sums { loss: f32, correct: u32, broken: u32 }

var<workgroup> loss_parts: array<f32, ${invocations}>;
var<workgroup> correct_parts: array<u32, ${invocations}>;
var<workgroup> broken_parts: array<u32, ${invocations}>;

fn sums_of(first: u32, groups: u32, local: u32) -> Sums {
  var loss = vec4(0.0);
  var correct = 0u;
  var broken = 0u;
  for (var group = first + local; group < first + groups; group += ${invocations}u) {
    loss += trace[${trace.losses.start}u + group];
    let flags = vec4<u32>(trace[${trace.corrects.start}u + group]);
    let ones = flags & vec4(1u);
    correct += ones.x + ones.y + ones.z + ones.w;
    broken |= (flags.x | flags.y | flags.z | flags.w) >> 1u;
  }
#if ${invocations === 1}
  return Sums(dot(loss, vec4(1.0)), correct, broken);
#else
  loss_parts[local] = dot(loss, vec4(1.0));
  correct_parts[local] = correct;
  broken_parts[local] = broken;
  for (var width = ${invocations / 2}u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (local < width) {
      loss_parts[local] += loss_parts[local + width];
      correct_parts[local] += correct_parts[local + width];
      broken_parts[local] |= broken_parts[local + width];
    }
  }
  workgroupBarrier();
  let sums = Sums(loss_parts[0], correct_parts[0], broken_parts[0]);
  workgroupBarrier();
  return sums;
#endif
}

fn reduce_losses(local: u32) {
  let batch = sums_of(0u, (step.rows + 3u) / 4u, local);
  let test = sums_of(${trace.batchGroups}u, ${trace.testGroups}u, local);
  if (local != 0u) { return; }
  if (step.previous != 0u) {
    let record = (step.previous - 1u) * ${RECORD_WORDS}u;
    metrics[record + ${RECORD.valLoss}u] = bitcast<u32>(test.loss * ${(1 / network.testSamples).toPrecision(9)}f);
    metrics[record + ${RECORD.valCorrect}u] = test.correct;
    metrics[record + ${RECORD.nonFinite}u] |= test.broken;
  }
  if (step.rows == 0u) { return; }
  var loss = batch.loss * step.inverse_samples;
  var correct = batch.correct;
  if (step.is_first == 0u) {
    loss += bitcast<f32>(atomicLoad(&running[${RUNNING.loss}]));
    correct += atomicLoad(&running[${RUNNING.correct}]);
  }
  atomicStore(&running[${RUNNING.loss}], bitcast<u32>(loss));
  atomicStore(&running[${RUNNING.correct}], correct);
  if (batch.broken != 0u) { atomicOr(&running[${RUNNING.nonFinite}], 1u); }
  metrics[step.record * ${RECORD_WORDS}u + ${RECORD.loss}u] = bitcast<u32>(loss);
  metrics[step.record * ${RECORD_WORDS}u + ${RECORD.correct}u] = correct;
}`;
}
