/**
 * NumPy's legacy generator (`np.random.seed`, `np.random.RandomState`): the Mersenne Twister MT19937
 * with NumPy's own ways from words to uniforms, normals, integers and permutations.
 *
 * Source: M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), and NumPy's
 * `numpy/random/mtrand.pyx` and `legacy-distributions.c`.
 */

const STATE_LENGTH = 624;
const SHIFT_LENGTH = 397;
const MAXIMUM_WORD = 0xffff_ffff;

/** The generator that `np.random.RandomState(seed)` is. */
export class RandomState {
  readonly #key = new Uint32Array(STATE_LENGTH);
  /** The next word's index; at 624 the words are used up. */
  #position = STATE_LENGTH;
  /** The second normal of the last pair, where it was not taken yet. */
  #cachedNormal: number | null = null;

  /**
   * @param seed - integer from 0 to 2³² - 1
   * @throws RangeError for any other seed
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > MAXIMUM_WORD) {
      throw new RangeError(`seed: ${seed} is not an integer from 0 to ${MAXIMUM_WORD}`);
    }
    const key = this.#key;
    key[0] = seed;
    for (let i = 1; i < STATE_LENGTH; i++) {
      const previous = key[i - 1];
      key[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** Another generator that draws what this one would draw next; neither moves the other. */
  clone(): RandomState {
    const other = new RandomState(0);
    other.#key.set(this.#key);
    other.#position = this.#position;
    other.#cachedNormal = this.#cachedNormal;
    return other;
  }

  /** Uniform integer from 0 to 2³² - 1: one tempered word. */
  nextUint32(): number {
    if (this.#position === STATE_LENGTH) this.#refill();
    let word = this.#key[this.#position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  /** Uniform in [0, 1), 53 bits from two words. */
  random(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /**
   * Standard normal by Marsaglia's polar method. V8's logarithm differs from glibc's in the last
   * bits: about 3 % of the values differ from NumPy's by at most 2 ULP, none after rounding to float32.
   */
  randn(): number {
    if (this.#cachedNormal !== null) {
      const normal = this.#cachedNormal;
      this.#cachedNormal = null;
      return normal;
    }
    let x1: number;
    let x2: number;
    let r: number;
    do {
      x1 = 2 * this.random() - 1;
      x2 = 2 * this.random() - 1;
      r = x1 * x1 + x2 * x2;
    } while (r >= 1 || r === 0);
    const factor = Math.sqrt((-2 * Math.log(r)) / r);
    this.#cachedNormal = factor * x1;
    return factor * x2;
  }

  /**
   * Uniform integer from 0 to `max`, both included, by masking and rejecting.
   *
   * @param max - integer from 0 to 2³² - 1; 0 draws nothing
   * @throws RangeError for any other `max`
   */
  boundedInteger(max: number): number {
    if (!Number.isInteger(max) || max < 0 || max > MAXIMUM_WORD) {
      throw new RangeError(`max: ${max} is not an integer from 0 to ${MAXIMUM_WORD}`);
    }
    if (max === 0) return 0;
    const mask = MAXIMUM_WORD >>> Math.clz32(max);
    let value: number;
    do {
      value = (this.nextUint32() & mask) >>> 0;
    } while (value > max);
    return value;
  }

  /** The integers from 0 to `n` - 1 in random order. */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.boundedInteger(i);
      const value = order[i];
      order[i] = order[j];
      order[j] = value;
    }
    return order;
  }

  /**
   * `choice(n, k, replace=False)`: `k` different integers from 0 to `n` - 1.
   * NumPy takes them from a full permutation, so the words drawn depend on `n` alone.
   *
   * @throws RangeError where `k` is larger than `n`
   */
  choice(n: number, k: number): Uint32Array {
    if (!Number.isInteger(k) || k < 0 || k > n) {
      throw new RangeError(`k: ${k} is not an integer from 0 to ${n}`);
    }
    return this.permutation(n).slice(0, k);
  }

  /** Makes the next 624 words, in place. */
  #refill(): void {
    const key = this.#key;
    for (let i = 0; i < STATE_LENGTH; i++) {
      const y = (key[i] & 0x8000_0000) | (key[(i + 1) % STATE_LENGTH] & 0x7fff_ffff);
      key[i] = key[(i + SHIFT_LENGTH) % STATE_LENGTH] ^ (y >>> 1) ^ (y & 1 ? 0x9908_b0df : 0);
    }
    this.#position = 0;
  }
}
