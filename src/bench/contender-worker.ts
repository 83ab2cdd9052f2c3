/**
 * The worker of one contender, which the worker's name gives. Each has one of its own: nothing that one
 * library leaves behind (backends, memory, compiled code) touches another, and the page keeps answering.
 */
import { expose } from 'comlink';
import type { Training, TrainingDevice } from '../comparison/contender';
import { RefusedError, refusalOf } from '../comparison/refusal';
import { pageCores } from '../session/page-cores';
import { pageGpu } from '../session/page-device';
import type { Problem } from '../training/backend';
import { CONTENDER_NAMES } from './contenders';
import { PREPARATIONS } from './preparations';

const name = CONTENDER_NAMES.find((contender) => contender === self.name);
if (name === undefined) throw new Error(`no contender is called ${self.name}`);
// jax-js takes threads wherever it finds shared memory; without it, it is the one-threaded contender.
// TensorFlow.js starts its threads from its own source as text, which minifying has broken.
if (name === 'jax-js-wasm' || name === 'tfjs-wasm') {
  Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
}

const prepare = PREPARATIONS[name]({ gpu: pageGpu, cores: pageCores });
prepare.catch(() => {}); // whoever prepares a problem is told
let training: Training | null = null;

/** @throws RefusedError in words that say all: an error's class and its reason do not cross to the page */
async function inWords<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw new RefusedError(refusalOf(error));
  }
}

function opened(): Training {
  if (training === null) throw new Error('no problem is open');
  return training;
}

function deviceOf({ device }: Training): TrainingDevice {
  if (device === undefined) throw new Error('it computes on no device');
  return device;
}

const service = {
  /** Opens the problem in place of the one before; gives what the page has to know of it. */
  prepare: (problem: Problem) =>
    inWords(async () => {
      service.dispose();
      training = await (await prepare)(problem);
      return { note: training.note, hasDevice: training.device !== undefined };
    }),
  train: (epochs: number) => inWords(() => opened().train(epochs)),
  losses: (epochs: number) => inWords(() => opened().losses(epochs)),
  deviceEpoch: () => inWords(() => deviceOf(opened()).epoch()),
  deviceSpeed: () => inWords(() => deviceOf(opened()).speed()),
  dispose() {
    training?.dispose();
    training = null;
  },
};
expose(service);

/** What the page calls. */
export type ContenderService = typeof service;
