/** Functions that work on one sample (f32) or on four at once (vec4<f32>) are written for either type. */

/** One sample an invocation, or four side by side. */
export type Lanes = 'f32' | 'vec4<f32>';

/** The types of integers and truth values beside a type of floats. */
export function typesOf(lanes: Lanes) {
  return lanes === 'f32'
    ? ({ float: 'f32', int: 'i32', uint: 'u32', count: 1 } as const)
    : ({ float: 'vec4<f32>', int: 'vec4<i32>', uint: 'vec4<u32>', count: 4 } as const);
}

/** A value of `type` made lane by lane: `of('.x')`, `of('.y')`, …, or just `of('')` with one lane. */
export function perLane(lanes: Lanes, type: string, of: (lane: string) => string): string {
  return lanes === 'f32' ? of('') : `${type}(${['.x', '.y', '.z', '.w'].map(of).join(', ')})`;
}
