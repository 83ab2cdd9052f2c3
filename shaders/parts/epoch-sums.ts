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
struct Sums { loss: f32, correct: u32, broken: u32, samples: u32 }

#if ${hasParts}
var<workgroup> loss_parts: array<f32, ${invocations}>;
// Integers add up the same in any order; and less to be cleared is less to be compiled and run.
var<workgroup> all_correct: atomic<u32>;
var<workgroup> all_broken: atomic<u32>;
var<workgroup> all_samples: atomic<u32>;
#endif

fn sums_of(first: u32, groups: u32, local: u32) -> Sums {
  var loss = vec4(0.0);
  var correct = 0u;
  var broken = 0u;
  var samples = 0u;
  // As many turns for one invocation as for another: those of a quad must stay together until they swap.
  for (var turn = 0u; turn < groups; turn += ${invocations}u) {
    let is_group = turn + local < groups;
    let group = first + select(0u, turn + local, is_group);
    loss += select(vec4(0.0), trace[${trace.losses.start}u + group], is_group);
    let flags = select(vec4(0u), vec4<u32>(trace[${trace.corrects.start}u + group]), is_group);
    let ones = flags & vec4(1u);
    correct += ones.x + ones.y + ones.z + ones.w;
    broken |= ((flags.x | flags.y | flags.z | flags.w) >> 1u) & 1u;
    // A sample that this step left out has no flags, or those of an earlier one.
    let own = select(vec4(0u), vec4(1u), (flags >> vec4(2u)) == vec4(step.stamp));
    samples += own.x + own.y + own.z + own.w;
  }
  let loss_sum = dot(loss, vec4(1.0));
#if ${invocations === 1}
  return Sums(loss_sum, correct, broken, samples);
#elif ${isQuad}
  let loss_pair = loss_sum + quadSwapX(loss_sum);
  let correct_pair = correct + quadSwapX(correct);
  let broken_pair = broken | quadSwapX(broken);
  let samples_pair = samples + quadSwapX(samples);
  return Sums(
    loss_pair + quadSwapY(loss_pair),
    correct_pair + quadSwapY(correct_pair),
    broken_pair | quadSwapY(broken_pair),
    samples_pair + quadSwapY(samples_pair),
  );
#else
  loss_parts[local] = loss_sum;
  if (local == 0u) {
    atomicStore(&all_correct, 0u);
    atomicStore(&all_broken, 0u);
    atomicStore(&all_samples, 0u);
  }
  workgroupBarrier();
  atomicAdd(&all_correct, correct);
  atomicOr(&all_broken, broken);
  atomicAdd(&all_samples, samples);
  for (var width = ${invocations / 2}u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (local < width) {
      loss_parts[local] += loss_parts[local + width];
    }
  }
  workgroupBarrier();
  let sums = Sums(
    loss_parts[0],
    atomicLoad(&all_correct),
    atomicLoad(&all_broken),
    atomicLoad(&all_samples),
  );
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
    metrics[record + ${RECORD.valSamples}u] = test.samples;
    metrics[record + ${RECORD.valStamp}u] = step.stamp;
  }
  if (step.rows == 0u) { return; }
  var loss = batch.loss * step.inverse_samples;
  var correct = batch.correct;
  var steps = 1u;
  var samples = batch.samples;
  if (step.is_first == 0u) {
    loss += bitcast<f32>(atomicLoad(&running[${RUNNING.loss}]));
    correct += atomicLoad(&running[${RUNNING.correct}]);
    steps += atomicLoad(&running[${RUNNING.steps}]);
    samples += atomicLoad(&running[${RUNNING.samples}]);
  }
  atomicStore(&running[${RUNNING.loss}], bitcast<u32>(loss));
  atomicStore(&running[${RUNNING.correct}], correct);
  atomicStore(&running[${RUNNING.steps}], steps);
  atomicStore(&running[${RUNNING.samples}], samples);
  if (batch.broken != 0u) { atomicOr(&running[${RUNNING.nonFinite}], 1u); }
  let record = step.record * ${RECORD_WORDS}u;
  metrics[record + ${RECORD.loss}u] = bitcast<u32>(loss);
  metrics[record + ${RECORD.correct}u] = correct;
  metrics[record + ${RECORD.steps}u] = steps;
  metrics[record + ${RECORD.samples}u] = samples;
  metrics[record + ${RECORD.stamp}u] = step.stamp;
}`;
}
