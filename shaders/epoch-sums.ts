/**
 * An epoch's sums, from step to step: the losses and correct predictions of its batches and of the test
 * set behind it, and the record that they end in. Shared by the sample-parallel and the persistent
 * schedule.
 */
import { wgsl } from 'wgsl-preprocessor';
import { RECORD, RECORD_WORDS, RUNNING } from './loss-reduction';
import { type SampleNetworkShape, traceLayout } from './trace';

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
 *
 * @param invocations - that sum, 1 or a power of two
 * @param isQuad - they are the four of a quad, and add what they found without barriers
 */
export function reduceLosses(
  network: SampleNetworkShape,
  invocations: number,
  isQuad = false,
): string {
  const trace = traceLayout(network);
  const hasParts = invocations > 1 && !isQuad;
  return wgsl`
struct Sums { loss: f32, correct: u32, broken: u32 }

#if ${hasParts}
var<workgroup> loss_parts: array<f32, ${invocations}>;
var<workgroup> correct_parts: array<u32, ${invocations}>;
var<workgroup> broken_parts: array<u32, ${invocations}>;
#endif

fn sums_of(first: u32, groups: u32, local: u32) -> Sums {
  var loss = vec4(0.0);
  var correct = 0u;
  var broken = 0u;
  // As many turns for one invocation as for another: those of a quad must stay together until they swap.
  for (var turn = 0u; turn < groups; turn += ${invocations}u) {
    let is_group = turn + local < groups;
    let group = first + select(0u, turn + local, is_group);
    loss += select(vec4(0.0), trace[${trace.losses.start}u + group], is_group);
    let flags = select(vec4(0u), vec4<u32>(trace[${trace.corrects.start}u + group]), is_group);
    let ones = flags & vec4(1u);
    correct += ones.x + ones.y + ones.z + ones.w;
    broken |= (flags.x | flags.y | flags.z | flags.w) >> 1u;
  }
  let loss_sum = dot(loss, vec4(1.0));
#if ${invocations === 1}
  return Sums(loss_sum, correct, broken);
#elif ${isQuad}
  let loss_pair = loss_sum + quadSwapX(loss_sum);
  let correct_pair = correct + quadSwapX(correct);
  let broken_pair = broken | quadSwapX(broken);
  return Sums(
    loss_pair + quadSwapY(loss_pair),
    correct_pair + quadSwapY(correct_pair),
    broken_pair | quadSwapY(broken_pair),
  );
#else
  loss_parts[local] = loss_sum;
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
