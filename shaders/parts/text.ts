/** Numbers to write WGSL from, and lines of it. */

/** The numbers below `count`, from 0. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** A line of WGSL for each of the numbers below `count`. */
export function lines(count: number, of: (i: number) => string): string {
  return range(count).map(of).join('\n');
}
