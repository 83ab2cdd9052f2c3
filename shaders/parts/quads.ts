/** What the invocations of a quad, four neighbours in a subgroup, hand each other. */

/**
 * WGSL: the invocation's own value of an expression as `name(0)`, and those of its neighbours as
 * `name(1)`, `name(2)`, `name(3)`: value i is that of the invocation whose place in the quad is
 * lane ^ i. Cheaper than four broadcasts, each of which every device must be ready to take from any
 * place.
 */
export function handRound(name: (i: number) => string, own: string): readonly string[] {
  return [
    `let ${name(0)} = ${own};`,
    `let ${name(1)} = quadSwapX(${name(0)});`,
    `let ${name(2)} = quadSwapY(${name(0)});`,
    `let ${name(3)} = quadSwapDiagonal(${name(0)});`,
  ];
}
