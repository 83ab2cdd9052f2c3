/** Numbers to write WGSL from, and lines of it. */

/** The numbers below `count`, from 0. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** A line of WGSL for each of the numbers below `count`. */
export function lines(count: number, of: (i: number) => string): string {
  return range(count).map(of).join('\n');
}

/** Statements of a function's body. */
export function joined(lines: readonly string[]): string {
  return lines.join('\n  ');
}

/** `k`, or `(k + i)`. */
export function offsetBy(k: string, i: number): string {
  return i === 0 ? k : `(${k} + ${i}u)`;
}

/** The component of a vec4 that holds number i of consecutive values. */
export function component(i: number): string {
  return 'xyzw'[i % 4];
}
