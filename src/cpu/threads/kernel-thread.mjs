// A thread of the backend cpu: it calls kernels on the shared memory as it is told, slice by slice, and
// sleeps while there are none. Plain JavaScript, since Node starts it as it stands.

/** Words (int32) of the block that all threads of a team read. */
export const WORDS = /** @type {const} */ ({ TURN: 0, PENDING: 1, KERNEL: 2, FAILED: 3 });
/** Bytes of that block, which has a line of the cache for itself. */
export const BLOCK_BYTES = 64;
/** In place of a kernel: the team is over. */
export const END = -1;

/** Numbers (float64) of a thread's own slot: how many arguments, or -1 for no slice; the result; the arguments. */
export const SLOT = /** @type {const} */ ({ COUNT: 0, RESULT: 1, ARGUMENTS: 2, LENGTH: 24 });
export const SLOT_BYTES = 8 * SLOT.LENGTH;

/** Looks at a word before a thread sleeps on it: waking takes as long as a small kernel. */
const LOOKS = 2000;

/**
 * What a thread is told when it joins a team. Addresses are bytes in the memory.
 *
 * @typedef {object} Orders
 * @property {WebAssembly.Module} module
 * @property {WebAssembly.Memory} memory - shared
 * @property {readonly string[]} kernels - their names, in the order in which they are counted
 * @property {number} block
 * @property {number} slot - this thread's own
 */

/**
 * Waits until a word is another than `value`.
 *
 * @param {Int32Array} words - on shared memory
 * @param {number} index
 * @param {number} value
 * @param {number} [limit] - in milliseconds, for one sleep
 * @returns {number} what it is then, or `value` after `limit`
 */
export function waitForAnother(words, index, value, limit) {
  for (let look = 0; look < LOOKS; look++) {
    const now = Atomics.load(words, index);
    if (now !== value) return now;
  }
  Atomics.wait(words, index, value, limit);
  return Atomics.load(words, index);
}

/**
 * Serves a team until it is over.
 *
 * @param {Orders} orders
 * @param {() => void} onReady - called before the first wait, after which the thread hears nothing else
 */
export async function serve({ module, memory, kernels, block, slot }, onReady) {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const calls = kernels.map(
    (name) => /** @type {(...given: number[]) => number} */ (exports[name]),
  );
  const words = new Int32Array(memory.buffer, block, BLOCK_BYTES / 4);
  const numbers = new Float64Array(memory.buffer, slot, SLOT.LENGTH);
  onReady();
  // The memory is the team's own, and nobody has been called yet.
  for (let seen = 0; ; ) {
    const now = waitForAnother(words, WORDS.TURN, seen);
    if (now === seen) continue;
    seen = now;
    const kernel = words[WORDS.KERNEL];
    if (kernel === END) return;
    const count = numbers[SLOT.COUNT];
    try {
      if (count >= 0) {
        const given = numbers.subarray(SLOT.ARGUMENTS, SLOT.ARGUMENTS + count);
        numbers[SLOT.RESULT] = Number(calls[kernel](...given));
      }
    } catch {
      Atomics.store(words, WORDS.FAILED, 1);
    }
    if (Atomics.sub(words, WORDS.PENDING, 1) === 1) Atomics.notify(words, WORDS.PENDING);
  }
}
