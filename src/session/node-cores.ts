/** The cores that this process may use. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Cores, type Thread } from '../cpu/threads/cores';
import type { Orders } from '../cpu/threads/kernel-thread.mjs';

/** @param threads - to use, by default all that there are */
export function nodeCores(threads = availableParallelism()): Cores {
  return new Cores(availableParallelism(), threads, startThread);
}

function startThread(): Thread {
  const worker = new Worker(new URL('../cpu/threads/node-thread.mjs', import.meta.url), {
    // What it computes lies in the shared memory; what it makes itself is forgotten at once.
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
  });
  // The process ends when its work is done, and not when these are.
  worker.unref();
  return {
    join: (orders: Orders) =>
      new Promise((resolve, reject) => {
        // One that listens for errors stays, of the latest team: without any an error ends the process.
        worker.removeAllListeners('error').once('error', reject);
        worker.once('message', () => resolve()).postMessage(orders);
      }),
    terminate: () => {
      worker.terminate();
    },
  };
}
