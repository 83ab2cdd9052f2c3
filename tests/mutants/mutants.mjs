// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text of template strings is what is changed
/**
 * Bugs of one line that the suite must see. `file` has `before` in one place, whatever its folder; each of
 * `tests` alone must fail on `after` (a file under tests/, and behind `>` a part of the tests' names).
 */

/**
 * @typedef {object} Mutant
 * @property {string} id
 * @property {string} file
 * @property {string} change - what is wrong, in words
 * @property {string} before
 * @property {string} after
 * @property {readonly string[]} tests
 */

/** @type {(id: string, file: string, change: string, before: string, after: string, ...tests: string[]) => Mutant} */
const mutant = (id, file, change, before, after, ...tests) => {
  return { id, file, change, before, after, tests };
};

const DATA = [
  mutant(
    'D-1',
    'split.ts',
    'shares are multiplied before they are divided',
    '(count / sum) * draws',
    '(count * draws) / sum',
    'unit/data > where shares tie',
  ),
  mutant(
    'D-2',
    'scaler.ts',
    'the variance of a sample',
    '/ count) / count;',
    '/ count) / (count - 1);',
    'unit/data',
  ),
  mutant(
    'D-3',
    'random-state.ts',
    'a snapshot loses the second normal',
    'random.#cachedNormal = cachedNormal;',
    '',
    'unit/numpy',
  ),
  mutant(
    'D-4',
    'initializers.ts',
    'He by fan-out',
    'random.randn() * Math.sqrt(2 / inputs)',
    'random.randn() * Math.sqrt(2 / outputs)',
    'unit/initializers',
  ),
];

const EVALUATION = [
  mutant(
    'E-1',
    'classification-report.ts',
    'averages are summed in plain order',
    'if (values.length < 8)',
    'if (values.length < 800)',
    'unit/evaluation > order of NumPy',
  ),
  mutant(
    'E-2',
    'classification-report.ts',
    'the macro average is weighted',
    "average('macro avg', () => 1, classes.length)",
    "average('macro avg', (row) => row.support, support)",
    'unit/evaluation',
  ),
  mutant(
    'E-3',
    'confusion-matrix.ts',
    'transposed',
    'matrix[labels[i]][predictions[i]]',
    'matrix[predictions[i]][labels[i]]',
    'unit/evaluation',
  ),
];

const REFERENCE = [
  mutant(
    'R-1',
    'loss.ts',
    'exactly 0.5 is class 1',
    'outputs[first] > 0.5',
    'outputs[first] >= 0.5',
    'unit/reference-edges',
  ),
  mutant(
    'R-2',
    'network-spec.ts',
    'the slope of leaky ReLU',
    'LEAKY_RELU_SLOPE = 0.01',
    'LEAKY_RELU_SLOPE = 0.02',
    'unit/reference-edges',
  ),
];

const TRAINING = [
  mutant(
    'T-1',
    'trainer.ts',
    'the slot of the begun epoch is free while saving',
    'if (this.#begun?.from === this.epoch) taken.add(this.#begun.slot);',
    '',
    'unit/trainer > after saving',
  ),
  mutant(
    'T-2',
    'trainer.ts',
    'the slot of the best epoch is free',
    'if (this.#best !== null) taken.add(this.#best.slot);',
    '',
    'unit/trainer-reference > early stopping',
  ),
  mutant(
    'T-3',
    'trainer.ts',
    'the best state is loaded before the state is checked',
    'await this.#backend.load(state);\n      if (best',
    'if (best',
    'unit/trainer-reference > restoring',
  ),
  mutant(
    'T-4',
    'host-backend.ts',
    'a loaded state stays divergent',
    'this.#correct = state.running.correct;\n    this.#finite = true;',
    'this.#correct = state.running.correct;',
    'unit/host-backend > after divergence',
  ),
  mutant(
    'T-5',
    'metrics.ts',
    'the loss of the test set may be anything',
    ' && Number.isFinite(epoch.test.loss)',
    '',
    'unit/trainer-reference > divergence',
  ),
  mutant(
    'T-6',
    'state.ts',
    'NaN is looked for in the parameters only',
    'const wrong = array.find(',
    'const wrong = state.parameters.find(',
    'unit/host-backend > NaN among the moments',
    'parity/backend > that does not fit is refused',
  ),
  mutant(
    'T-7',
    'steps.ts',
    "Adam's second correction one step ahead",
    'ADAM.beta2 ** (index + 1)',
    'ADAM.beta2 ** (index + 2)',
    'unit/steps',
  ),
  mutant(
    'T-8',
    'learning-rate.ts',
    'cosine by one epoch less',
    '(Math.PI * epoch) / epochs',
    '(Math.PI * epoch) / (epochs - 1)',
    'unit/learning-rate',
  ),
  mutant(
    'T-9',
    'early-stopping.ts',
    'one more epoch of patience',
    '>= this.#patience ?',
    '> this.#patience ?',
    'unit/early-stopping',
  ),
];

const CPU = [
  mutant(
    'C-1',
    'loss.ts',
    'the last of equal logits is predicted',
    'f32x4.gt(z, largest)',
    'f32x4.ge(z, largest)',
    'unit/cpu-backend > equal logits',
  ),
  mutant(
    'C-2',
    'loss.ts',
    'a logit of 0 is class 1',
    'f32x4.gt(z, zero)',
    'f32x4.ge(z, zero)',
    'unit/cpu-backend > equal logits',
  ),
  mutant(
    'C-3',
    'loss.ts',
    'the loss has no lower clip',
    'f32x4.min(f32x4.max(loss, f32x4.splat(least)), f32x4.splat(most))',
    'f32x4.min(loss, f32x4.splat(most))',
    'unit/cpu-backend > clips',
  ),
  mutant(
    'C-4',
    'dense.ts',
    'runs of 1024 samples in float32',
    'const RUN: usize = 16;',
    'const RUN: usize = 1024;',
    'unit/cpu-backend > terms cancel',
  ),
  mutant(
    'C-5',
    'optimizers.ts',
    "Adam's epsilon inside the correction",
    'madd(f32x4.sqrt(v), f32x4.splat(inverseRoot), f32x4.splat(epsilon))',
    'f32x4.mul(f32x4.add(f32x4.sqrt(v), f32x4.splat(epsilon)), f32x4.splat(inverseRoot))',
    'unit/cpu-random',
  ),
  mutant(
    'C-6',
    'wasm-engine.ts',
    'the first part of a batch adds to old gradients',
    '1 / step.rows, first > 0)',
    '1 / step.rows, true)',
    'unit/cpu-backend',
  ),
  mutant(
    'C-7',
    'wasm-engine.ts',
    'a loaded state keeps the old packed weights',
    'set(optimizer[i]);\n    this.#isPacked = false;',
    'set(optimizer[i]);',
    'unit/cpu-backend',
  ),
];

const PLANS = [
  mutant(
    'P-1',
    'persistent.ts',
    'workgroup memory without the sums of the losses',
    '16_384 - 3 * 4 * 256',
    '16_384',
    'unit/plan > workgroup memory',
  ),
  mutant(
    'P-2',
    'layered.ts',
    'activations for a batch only, not for the test set',
    'const rows = Math.max(steps.batchRows, shape.testSamples);\n  const partials',
    'const rows = steps.batchRows;\n  const partials',
    'unit/plan',
  ),
  mutant(
    'P-3',
    'autotune.ts',
    "the tuner looks at the parameters' way only",
    'arrays(first.after).entries()',
    'arrays(first.after).slice(0, 1).entries()',
    'unit/autotune > moments',
  ),
  mutant(
    'P-4',
    'candidates.ts',
    "the tuning's key without the test set",
    '${trainSamples}+${testSamples}',
    '${trainSamples}',
    'unit/autotune > sizes of both sets',
  ),
  mutant(
    'P-5',
    'candidates.ts',
    "the kernels' key of steps only",
    '[...plan.chunk, ...plan.step, ...plan.epoch]',
    '[...plan.step]',
    'unit/autotune > every kernel',
  ),
  mutant(
    'P-6',
    'gemm-tuning.ts',
    'a tuned variant for any number of rows',
    'choice.rows === shape.rows ||',
    'true ||',
    'unit/gemm-tuning',
  ),
  mutant(
    'P-7',
    'optimizer.ts',
    'weight decay on the biases',
    "kind === 'weights'",
    "kind !== 'none'",
    'parity/kernels-update > sgd',
  ),
];

const KERNELS = [
  mutant(
    'K-1',
    'gradient-blocks.ts',
    'the stride of sums in parts',
    'start < last; start += ${RUN * split}u',
    'start < last; start += ${RUN * (split > 1 ? invocations : 1)}u',
    'parity/candidates > large full batch',
  ),
  mutant(
    'K-2',
    'gradient-blocks.ts',
    'two-sum without its error',
    'vec2(sum, total.y + error)',
    'vec2(sum, total.y)',
    'parity/candidates > terms cancel',
  ),
  mutant(
    'K-3',
    'quad-blocks.ts',
    'quads sum plainly',
    'total_${s} = add_exactly(total_${s}, sum_${s});',
    'total_${s} = total_${s} + vec2(sum_${s}, 0.0);',
    'parity/candidates > terms cancel',
  ),
  mutant(
    'K-4',
    'quad-blocks.ts',
    'quads keep the sum for the norm, not the mean',
    'gradients[i] = gradient;',
    'gradients[i] = sum;',
    'parity/candidates > norms',
  ),
  mutant(
    'K-5',
    'loss-reduction.ts',
    'evaluation does not look at its own logits',
    '= running[${RUNNING.nonFinite}] | any_broken;',
    '= running[${RUNNING.nonFinite}];',
    'parity/non-finite > layered flags test logits',
  ),
  mutant(
    'K-6',
    'loss-reduction.ts',
    'batches after the first flag nothing',
    'running[${RUNNING.nonFinite}] |= any_broken;',
    '',
    'parity/non-finite > layered flags training logits',
  ),
  mutant(
    'K-7',
    'epoch-sums.ts',
    'the test set flags nothing',
    'metrics[record + ${RECORD.nonFinite}u] |= test.broken;',
    '',
    'parity/non-finite > sample-parallel flags test logits',
  ),
  mutant(
    'K-8',
    'epoch-sums.ts',
    "the test set's flag replaces the epoch's",
    'metrics[record + ${RECORD.nonFinite}u] |= test.broken;',
    'metrics[record + ${RECORD.nonFinite}u] = test.broken;',
    'parity/non-finite > sample-parallel flags parameters',
  ),
  mutant(
    'K-9',
    'epoch-sums.ts',
    'a batch flags nothing',
    'if (batch.broken != 0u) {',
    'if (false) {',
    'parity/non-finite > sample-parallel flags training logits',
  ),
  mutant(
    'K-10',
    'optimizer-update.ts',
    'only the gradient is looked at',
    'is_non_finite(g) | is_non_finite(w)',
    'is_non_finite(g)',
    'parity/kernels-update > out of range',
    'parity/non-finite > flags parameters',
  ),
  mutant(
    'K-11',
    'binary-cross-entropy.ts',
    'a logit of 0 is class 1',
    '(z > 0.0) ==',
    '(z >= 0.0) ==',
    'parity/kernels-loss > first of equal',
    'parity/candidates > first of equal',
  ),
  mutant(
    'K-12',
    'softmax-cross-entropy.ts',
    'the last of equal logits is predicted',
    'if (logits[first + k] > largest)',
    'if (logits[first + k] >= largest)',
    'parity/kernels-loss > first of equal',
    'parity/candidates > first of equal',
  ),
  mutant(
    'K-13',
    'sample-pass.ts',
    'the last of equal logits is predicted',
    '${z(u)} > largest);',
    '${z(u)} >= largest);',
    'parity/candidates > first of equal',
  ),
  mutant(
    'K-14',
    'sample-pass.ts',
    'a logit of 0 is class 1',
    '(${z(0)} > ${float}(0.0)) ==',
    '(${z(0)} >= ${float}(0.0)) ==',
    'parity/candidates > first of equal',
  ),
  mutant(
    'K-15',
    'sample-pass.ts',
    'dropout stays on for the test set',
    '${float}(1.0), is_test)',
    '${float}(1.0), false)',
    'parity/candidates > drops nothing',
  ),
  mutant(
    'K-16',
    'kernel.ts',
    'rows of a folded grid are of workgroups, not of elements',
    '[0] * LINEAR_WORKGROUP}u',
    '[0]}u',
    'parity/kernels-dense > folded',
  ),
  mutant(
    'K-17',
    'exponential.ts',
    'the series of log(1 + x) up to 2',
    'log(1.0 + x), x > 1.0)',
    'log(1.0 + x), x > 2.0)',
    'parity/kernels-loss > four units',
  ),
  mutant(
    'K-18',
    'loss.ts',
    'the loss has no lower clip',
    'LEAST_LOSS = -Math.log(1 - CLIP)',
    'LEAST_LOSS = 0',
    'parity/kernels-loss > four units',
  ),
  mutant(
    'K-19',
    'adam-update.ts',
    'epsilon inside the correction',
    '(sqrt(v) * step.inverse_root_correction + ${ADAM.epsilon})',
    '((sqrt(v) + ${ADAM.epsilon}) * step.inverse_root_correction)',
    'parity/kernels-update > epsilon',
  ),
  mutant(
    'K-20',
    'rmsprop-update.ts',
    'epsilon under the root',
    '(sqrt(v) + ${RMSPROP.epsilon})',
    'sqrt(v + ${RMSPROP.epsilon})',
    'parity/kernels-update > epsilon',
  ),
  mutant(
    'K-21',
    'sgd-update.ts',
    'Nesterov without the gradient of now',
    '(g + step.momentum * v)',
    '(step.momentum * v)',
    'parity/kernels-update > sgd',
  ),
  mutant(
    'K-22',
    'upload.ts',
    'a loaded state counts no correct samples',
    'words[RUNNING.correct] = running.correct;',
    '',
    'parity/determinism > through pauses',
  ),
  mutant(
    'K-23',
    'chunk.ts',
    'a chunk that begins amid an epoch has no order',
    '(step.isFirst || done === 0)',
    'step.isFirst',
    'unit/chunk',
  ),
];

export const MUTANTS = [
  ...DATA,
  ...EVALUATION,
  ...REFERENCE,
  ...TRAINING,
  ...CPU,
  ...PLANS,
  ...KERNELS,
];
