/** The cores that this page's workers may use. */
import { Cores, type Thread } from '../cpu/threads/cores';
import type { Orders } from '../cpu/threads/kernel-thread.mjs';

/** One of them, where the page is not isolated from others: browsers share no memory between threads then. */
export const pageCores = new Cores(
  globalThis.navigator?.hardwareConcurrency ?? 1,
  globalThis.crossOriginIsolated === true ? navigator.hardwareConcurrency : 1,
  startThread,
);

function startThread(): Thread {
  const worker = new Worker(new URL('../cpu/threads/web-thread.mjs', import.meta.url), {
    type: 'module',
    name: 'shaderprop-cpu',
  });
  return {
    join: (orders: Orders) =>
      new Promise((resolve, reject) => {
        worker.onmessage = () => resolve();
        worker.onerror = reject;
        worker.postMessage(orders);
      }),
    terminate: () => worker.terminate(),
  };
}
