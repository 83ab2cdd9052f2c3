/**
 * The persistent schedule's one dispatch: a single workgroup trains step after step, the weights in
 * workgroup memory, with barriers where the other schedules have dispatches.
 */
import { wgsl } from 'wgsl-preprocessor';
import { PHILOX_ROUNDS } from '../src/data/philox';
import { type Kernel, PERMUTATION } from './kernel';
import { BEGIN_STEP, reduceLosses } from './parts/epoch-sums';
import {
  type BlockShape,
  blockCount,
  blocksAtOnce,
  gradientBlocks,
  RUN,
  SUMS,
} from './parts/gradient-blocks';
import { packedLayout, packedValue } from './parts/packed-layout';
import { UNITS_A_TURN } from './parts/sample-hidden-layer';
import { samplePass } from './parts/sample-pass';
import { traceLayout } from './parts/trace';

/** The weights are vectors, which an invocation must write whole. */
export interface PersistentShape extends BlockShape {
  readonly finishes: 'input';
}

/** Values of dropout that a turn of a hidden layer's loop makes, each in as many rounds as Philox has. */
const DROPOUT_ROUNDS = 4 * UNITS_A_TURN * PHILOX_ROUNDS;

/**
 * Most turns that all loops of one invocation take together in a step, each loop's last look at its
 * condition included: some drivers end a dispatch's loops, without a word, after 65,535 turns.
 */
export function turnsPerStep(shape: PersistentShape): number {
  const { network, split, invocations } = shape;
  const { batchGroups, testGroups } = traceLayout(network);
  const { widths, hasDropout } = network;
  const rounds = (count: number) => Math.ceil(count / invocations);
  const unitTurns = widths
    .slice(1, -1)
    .reduce((sum, units) => sum + Math.ceil(units / UNITS_A_TURN) + 1, 0);
  const pass = widths[0] + 1 + unitTurns * (hasDropout ? 2 + DROPOUT_ROUNDS : 2);
  const groups = Math.ceil(batchGroups / split);
  // An input's four parameters, and the look at the end of them; of one input where parts are added up.
  const finish = split === 1 ? SUMS + 2 * 4 + 1 : 4 + 1 + split + 1 + 4 + 1;
  const block = groups + 2 * Math.ceil(groups / RUN) + 1 + finish;
  const sums = rounds(batchGroups) + rounds(testGroups) + 2 * (Math.log2(invocations) + 2);
  return (
    2 +
    rounds(batchGroups + testGroups) * (pass + 1) +
    Math.ceil(blockCount(widths) / blocksAtOnce(shape)) * (block + 1) +
    2 +
    sums
  );
}

export const persistentTraining: Kernel<PersistentShape> = {
  name: 'persistent-training',
  summary: 'Trains many steps in one dispatch, with the weights in workgroup memory',
  numpy: 'for step in steps: forward, loss, backward, update',
  formulas: ['dense-forward', 'loss', 'output-delta', 'dense-delta', 'dense-gradient', 'update'],
  reference: ['forward', 'backward', 'update'],
  judge: 'training',
  bindings: ({ network, rule }) => [
    { name: 'steps', access: 'steps' },
    { name: 'labels', access: 'read', type: 'array<u32>' },
    ...(network.gather ? [PERMUTATION] : []),
    { name: 'trace', access: 'read_write', type: 'array<vec4<f32>>' },
    { name: 'parameters', access: 'read_write' },
    { name: 'running', access: 'read_write', type: 'array<atomic<u32>>' },
    { name: 'metrics', access: 'read_write', type: 'array<u32>' },
    ...rule.moments.map((name) => ({ name, access: 'read_write' }) as const),
  ],
  source: (shape) => {
    const { network, invocations } = shape;
    const layout = packedLayout(network.widths);
    const { batchGroups, testGroups } = traceLayout(network);
    return wgsl`
var<private> step: Step;
var<workgroup> packed: array<vec4<f32>, ${layout.length}>;
fn set_packed(i: u32, four: vec4<f32>) { packed[i] = four; }
${packedValue(layout)}
${samplePass(network, 'vec4<f32>')}
${gradientBlocks(shape)}
${reduceLosses(network, invocations)}
${BEGIN_STEP}

@compute @workgroup_size(${invocations})
fn main(@builtin(local_invocation_index) local: u32) {
  for (var i = local; i < ${layout.length}u; i += ${invocations}u) {
    let first = 4u * i;
    packed[i] = vec4(
      packed_value(first), packed_value(first + 1u), packed_value(first + 2u), packed_value(first + 3u));
  }
  let entries = steps[0].step.entries;
  for (var entry = 0u; entry < entries; entry++) {
    step = steps[entry].step;
    if (local == 0u) { begin_step(); }
    workgroupBarrier();
    for (var position = local; position < ${batchGroups + testGroups}u; position += ${invocations}u) {
      sample_pass(position);
    }
    storageBarrier();
    workgroupBarrier();
    for (var first = 0u; first < ${blockCount(network.widths)}u; first += ${blocksAtOnce(shape)}u) {
      gradient_blocks(first, local);
    }
    reduce_losses(local);
    storageBarrier();
    workgroupBarrier();
  }
}`;
  },
  workgroups: () => [1, 1, 1],
};
