/** The words of a buffer as numbers. */

export function floatsOf(words: Uint32Array<ArrayBuffer>): Float32Array {
  return new Float32Array(words.buffer, words.byteOffset, words.length);
}

export function doubles(words: Uint32Array<ArrayBuffer>, length = words.length): Float64Array {
  return Float64Array.from(floatsOf(words).subarray(0, length));
}
