/**
 * Sums that many workgroups share: each takes its part of the terms and leaves a sum of its own, and one
 * workgroup of a second dispatch adds these up. The order of every sum is fixed.
 */
import { wgsl } from 'wgsl-preprocessor';

/** Invocations of a workgroup that sums. */
export const SUM_INVOCATIONS = 64;

/** The most workgroups that share a sum: the one behind them adds sixteen of theirs an invocation. */
const MOST_PARTS = 1024;

/** How many of `count` terms a workgroup takes, and how many workgroups that makes. */
export interface Parts {
  readonly terms: number;
  readonly count: number;
}

/**
 * Shares out terms.
 *
 * @param count - of the terms, at least 1
 * @param eachLeast - that an invocation takes, so that a workgroup is worth its start
 */
export function partsOf(count: number, eachLeast: number): Parts {
  const each = Math.max(eachLeast, Math.ceil(count / (SUM_INVOCATIONS * MOST_PARTS)));
  const terms = each * SUM_INVOCATIONS;
  return { terms, count: Math.ceil(count / terms) };
}

/**
 * WGSL that adds up the `count` values of an array in workgroup memory, as a tree: each value of the
 * first `kept`, by default of the first alone, becomes the sum of those that lie `kept` apart from it.
 * All are powers of two.
 */
export function treeSum(array: string, index: string, count: number, kept = 1): string {
  return wgsl`for (var width = ${count / 2}u; width > ${kept - 1}u; width >>= 1u) {
    workgroupBarrier();
    if (${index} < width) { ${array}[${index}] += ${array}[${index} + width]; }
  }`;
}
