/**
 * Holds one step of a run against float64: the step is taken once more on the run's own device, dispatch
 * by dispatch, and has to give the run's own bits as well. Drivers exist that compute wrongly without a
 * word, some of them only after a while.
 */
import { byteTables } from '../../data/samples';
import { shapeOf } from '../../gpu/plan/plan';
import type { AcquiredDevice } from '../../gpu/runtime/device';
import { kernelsKey } from '../../gpu/tuning/candidates';
import type { BackendInfo, PlanChoice, Problem, TrainingState } from '../../training/backend';
import { StepSequence } from '../../training/steps';
import { checkSteps, fewerSamples, type KernelCheck, planOf, productsOf } from './self-test';

/** What float64 does not confirm of a run. */
export interface Finding {
  /** Whole epochs that were done before the step. */
  readonly epoch: number;
  /** The first kernel that is wrong; none where each is right and the run's own numbers are others all the same. */
  readonly kernel?: Pick<KernelCheck, 'kernel' | 'layer' | 'quantity' | 'error' | 'bound'>;
}

/** Products of a sample and a parameter that the float64 side takes without anybody noticing. */
const MOST_PRODUCTS = 1e7;
/** Numbers of the data that are uploaded once more for it: 16 MiB. */
const MOST_NUMBERS = 2 ** 22;

/**
 * Checks the step between two states of a run. A network whose step is too much for float64 is checked
 * with fewer samples, from the parameters that the run has reached.
 *
 * @param before - the state that the step began with
 * @param after - the state that the run has made of it, one batch later
 * @returns undefined where all is right
 * @throws BackendUnavailableError where the device has no room beside the run, or is lost
 */
export async function spotCheck(
  { device, info }: Pick<AcquiredDevice, 'device' | 'info'>,
  choice: PlanChoice | undefined,
  problem: Problem,
  before: TrainingState,
  after: TrainingState,
): Promise<Finding | undefined> {
  const isWhole = fits(problem);
  const taken = isWhole ? problem : fewerSamples(problem, MOST_PRODUCTS);
  const shape = { ...shapeOf(taken, info.deviceClass), byteTables: byteTables(problem) };
  const plan = planOf(shape, choice, device.features);
  const from = isWhole ? before : { ...before, batch: 0, running: { loss: 0, correct: 0 } };
  const { kernels, state } = await checkSteps(device, plan, taken, { from, batches: 1 });
  const { epoch } = before;
  const wrong = kernels.find(({ passed }) => !passed);
  if (wrong !== undefined) {
    const { kernel, layer, quantity, error, bound } = wrong;
    return { epoch, kernel: { kernel, layer, quantity, error, bound } };
  }
  return isWhole && !isSame([after.parameters, ...after.optimizer], state) ? { epoch } : undefined;
}

/** Names adapter, driver and kernels of a run's plan: what is known to be right there. */
export function soundKey(
  { device }: Pick<AcquiredDevice, 'device'>,
  { adapter, plan, deviceClass }: BackendInfo,
  problem: Problem,
): string {
  const kernels = kernelsKey([planOf(shapeOf(problem, deviceClass), plan, device.features)]);
  return `sound | ${adapter} | kernels ${kernels}`;
}

function fits({ spec, hyperparameters, train, test }: Problem): boolean {
  const { batchRows } = new StepSequence(hyperparameters, train.count);
  const products = productsOf(spec) * (batchRows + test.count);
  return products <= MOST_PRODUCTS && train.values.length <= MOST_NUMBERS;
}

/** Whether arrays are to the bit what the device has; a zero's sign counts. */
function isSame(
  arrays: readonly Float64Array[],
  words: readonly Uint32Array<ArrayBuffer>[],
): boolean {
  return arrays.every((array, i) => {
    const own = new Uint32Array(Float32Array.from(array).buffer);
    return own.every((word, place) => word === words[i][place]);
  });
}
