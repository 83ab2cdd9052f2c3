/** Brings a problem's data and a training state into a program's buffers. */
import { RUNNING, RUNNING_WORDS } from '../../../shaders/parts/loss-reduction';
import type { Problem, TrainingState } from '../../training/backend';
import type { StepSequence } from '../../training/steps';
import type { Plan } from '../plan/plan';
import { traceData } from '../plan/trace-data';
import type { Program } from './program';

/** Writes training and test set as the plan has them. */
export function uploadData(program: Program, plan: Plan, problem: Problem): void {
  if (plan.data === 'trace') {
    const { features, labels } = traceData(problem);
    program.write('trace', features);
    program.write('labels', labels);
    return;
  }
  for (const set of ['train', 'test'] as const) {
    program.write(`${set}-features`, Float32Array.from(problem[set].features));
    program.write(`${set}-labels`, Uint32Array.from(problem[set].labels));
  }
}

/** Writes parameters, the optimizer's arrays and the running sums. */
export function uploadState(
  program: Program,
  plan: Plan,
  { batch, parameters, optimizer, running }: TrainingState,
  { batchRows }: StepSequence,
): void {
  const words = new Uint32Array(RUNNING_WORDS);
  words[RUNNING.loss] = new Uint32Array(new Float32Array([running.loss]).buffer)[0];
  words[RUNNING.correct] = running.correct;
  words[RUNNING.steps] = batch;
  words[RUNNING.samples] = batch * batchRows;
  const contents = [...[parameters, ...optimizer].map((a) => Float32Array.from(a)), words];
  plan.state.forEach((name, i) => {
    program.write(name, contents[i]);
  });
}
