/** The words of a buffer as numbers. */

/** The words as float32, without a copy. */
export function floatsOf(words: Uint32Array<ArrayBuffer>): Float32Array {
  return new Float32Array(words.buffer, words.byteOffset, words.length);
}

/** The first `length` words, read as float32, in float64. */
export function doubles(words: Uint32Array<ArrayBuffer>, length = words.length): Float64Array {
  return Float64Array.from(floatsOf(words).subarray(0, length));
}
