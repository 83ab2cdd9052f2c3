/** Philox4x32-10 in WGSL: the same integers as src/data/philox.ts. */
import { wgsl } from 'wgsl-preprocessor';
import { PHILOX_KEY_STEPS, PHILOX_MULTIPLIERS, PHILOX_ROUNDS } from '../../src/data/philox';

/** `fn multiply_wide(a, b)`: high and low word of a product; `fn philox(counter, key)`: four words. */
export function philox(): string {
  const [m0, m1] = PHILOX_MULTIPLIERS;
  const [k0, k1] = PHILOX_KEY_STEPS;
  return wgsl`
// High and low word of a 32 x 32 bit product, by halves: WGSL has no 64-bit integers.
fn multiply_wide(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return vec2((a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u), a * b);
}
fn philox(start: vec4<u32>, start_key: vec2<u32>) -> vec4<u32> {
  var counter = start;
  var key = start_key;
  for (var round = 0u; round < ${PHILOX_ROUNDS}u; round++) {
    let p0 = multiply_wide(${m0}u, counter.x);
    let p1 = multiply_wide(${m1}u, counter.z);
    counter = vec4(p1.x ^ counter.y ^ key.x, p1.y, p0.x ^ counter.w ^ key.y, p0.y);
    key += vec2(${k0}u, ${k1}u);
  }
  return counter;
}`;
}
