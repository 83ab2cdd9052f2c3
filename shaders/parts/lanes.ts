/** Functions that work on one sample (f32) or on four at once (vec4<f32>) are written for either type. */

/** One sample an invocation, or four side by side. */
export type Lanes = 'f32' | 'vec4<f32>';

/** The types of integers and truth values beside a type of floats. */
export function typesOf(lanes: Lanes) {
  return lanes === 'f32'
    ? ({ float: 'f32', int: 'i32', uint: 'u32', count: 1 } as const)
    : ({ float: 'vec4<f32>', int: 'vec4<i32>', uint: 'vec4<u32>', count: 4 } as const);
}

/** The name of the function of one lane that `eachLane` makes `name` of. */
export function ofOneLane(lanes: Lanes, name: string): string {
  return lanes === 'f32' ? name : `${name}_1`;
}

/**
 * `fn name(x)` of `lanes`, from its text for one. Four lanes are taken one after the other, not side by
 * side: a compiler that makes four numbers of every step must keep four times as many at hand.
 *
 * @param text - WGSL of a function of an f32 that has the name given
 */
export function eachLane(lanes: Lanes, name: string, text: (name: string) => string): string {
  const one = ofOneLane(lanes, name);
  if (lanes === 'f32') return text(one);
  const values = ['x.x', 'x.y', 'x.z', 'x.w'].map((value) => `${one}(${value})`).join(', ');
  return `${text(one)}\nfn ${name}(x: vec4<f32>) -> vec4<f32> { return vec4(${values}); }`;
}

/** A value of `type` made lane by lane: `of('.x')`, `of('.y')`, …, or just `of('')` with one lane. */
export function perLane(lanes: Lanes, type: string, of: (lane: string) => string): string {
  return lanes === 'f32' ? of('') : `${type}(${['.x', '.y', '.z', '.w'].map(of).join(', ')})`;
}
