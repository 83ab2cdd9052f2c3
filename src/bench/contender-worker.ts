/**
 * The worker of one contender, which the worker's name gives. Each has one of its own: nothing that one
 * library leaves behind (backends, memory, compiled code) touches another, and the page keeps answering.
 */
import { expose } from 'comlink';
import type { Training } from '../comparison/contender';
import { refusalOf } from '../comparison/refusal';
import type { Problem } from '../training/backend';
import { CONTENDER_NAMES } from './contenders';
import { PREPARATIONS } from './preparations';

/** Errors cross as words, since classes do not. */
export type Answer<T> = { readonly value: T } | { readonly refusal: string };

/** What the page calls. */
export interface ContenderService {
  /** Opens the problem in place of the one before; gives the training's note. */
  prepare(problem: Problem): Promise<Answer<string | undefined>>;
  train(epochs: number): Promise<Answer<void>>;
  losses(epochs: number): Promise<Answer<readonly number[]>>;
  dispose(): void;
}

const name = CONTENDER_NAMES.find((contender) => contender === self.name);
if (name === undefined) throw new Error(`no contender is called ${self.name}`);
// jax-js takes threads wherever it finds shared memory; without it, it is the one-threaded contender.
// TensorFlow.js starts its threads from its own source as text, which minifying has broken.
if (name === 'jax-js-wasm' || name === 'tfjs-wasm') {
  Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
}

const prepare = PREPARATIONS[name]();
prepare.catch(() => {}); // whoever prepares a problem is told
let training: Training | null = null;

async function answer<T>(task: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await task() };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

function opened(): Training {
  if (training === null) throw new Error('no problem is open');
  return training;
}

const service: ContenderService = {
  prepare: (problem) =>
    answer(async () => {
      training?.dispose();
      training = null;
      training = await (await prepare)(problem);
      return training.note;
    }),
  train: (epochs) => answer(() => opened().train(epochs)),
  losses: (epochs) => answer(() => opened().losses(epochs)),
  dispose() {
    training?.dispose();
    training = null;
  },
};
expose(service);
