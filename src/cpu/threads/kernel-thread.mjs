// A thread of the backend cpu: it takes slices of kernels' work from the shared memory, one after the
// other, and sleeps while there are none. Plain JavaScript, since Node starts it as it stands.

/**
 * Words (int32) of the block that all threads of a team read. WORK is the turn in its upper half and in its
 * lower one how many slices of it are still to be taken, so that nobody takes one of another turn.
 */
export const WORDS = /** @type {const} */ ({ WORK: 0, DONE: 1, KERNEL: 2, COUNT: 3, FAILED: 4 });
/** Bytes of that block, which has a line of the cache for itself. */
export const BLOCK_BYTES = 64;
/** In place of a kernel: the team is over. */
export const END = -1;
/** The lower half of WORK. */
export const LEFT = 0xffff;

/** Numbers (float64) of a slice: how many arguments; its result; the arguments. */
export const SLOT = /** @type {const} */ ({ LENGTH: 0, RESULT: 1, ARGUMENTS: 2, SIZE: 24 });
export const SLOT_BYTES = 8 * SLOT.SIZE;

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
 * @property {number} slots - where those of the slices begin
 * @property {number} most - slices of a turn
 */

/** @typedef {(...given: number[]) => unknown} Call */

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
  for (;;) {
    const end = Atomics.wait(words, index, value, limit);
    const now = Atomics.load(words, index);
    // Who was last in the turn before may wake this one late, and bring nothing new.
    if (now !== value || end === 'timed-out') return now;
  }
}

/**
 * Takes slices and works on them until none is left.
 *
 * @param {Int32Array} words
 * @param {readonly Float64Array[]} slots
 * @param {(kernel: number) => Call} callOf
 * @returns {boolean} false where the team is over
 */
export function work(words, slots, callOf) {
  for (;;) {
    const left = Atomics.load(words, WORDS.WORK);
    if ((left & LEFT) === 0) return true;
    if (Atomics.compareExchange(words, WORDS.WORK, left, left - 1) !== left) continue;
    // From here until it is done no other turn begins.
    const kernel = words[WORDS.KERNEL];
    if (kernel === END) return false;
    const slot = slots[(left & LEFT) - 1];
    const end = SLOT.ARGUMENTS + slot[SLOT.LENGTH];
    try {
      slot[SLOT.RESULT] = Number(callOf(kernel)(...slot.subarray(SLOT.ARGUMENTS, end)));
    } catch {
      Atomics.store(words, WORDS.FAILED, 1);
    }
    if (Atomics.add(words, WORDS.DONE, 1) + 1 === words[WORDS.COUNT]) {
      Atomics.notify(words, WORDS.DONE);
    }
  }
}

/**
 * The slots of the slices as arrays.
 *
 * @param {WebAssembly.Memory} memory
 * @param {number} address
 * @param {number} count
 */
export function slotsOf(memory, address, count) {
  const at = (/** @type {number} */ i) => address + i * SLOT_BYTES;
  return Array.from({ length: count }, (_, i) => new Float64Array(memory.buffer, at(i), SLOT.SIZE));
}

/**
 * Serves a team until it is over.
 *
 * @param {Orders} orders
 * @param {() => void} onReady - called before the first wait, after which the thread hears nothing else
 */
export async function serve({ module, memory, kernels, block, slots, most }, onReady) {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const calls = kernels.map((name) => /** @type {Call} */ (exports[name]));
  const words = new Int32Array(memory.buffer, block, BLOCK_BYTES / 4);
  const slices = slotsOf(memory, slots, most);
  onReady();
  for (;;) {
    const left = Atomics.load(words, WORDS.WORK);
    if ((left & LEFT) === 0) waitForAnother(words, WORDS.WORK, left);
    else if (!work(words, slices, (kernel) => calls[kernel])) return;
  }
}
