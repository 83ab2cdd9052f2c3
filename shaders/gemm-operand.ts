/** Where the matrices of a product lie in their buffers, and the WGSL that reads and writes them. */
import { wgsl } from 'wgsl-preprocessor';
import { range } from './text';

/** A matrix in a buffer: lines one behind the other, and the values of a line next to each other. */
export interface Matrix {
  readonly buffer: string;
  /** Where it starts, in floats. */
  readonly offset: number;
  /** Values of a line. */
  readonly length: number;
  /** Whether the buffer is declared as vec4: every line then starts at a multiple of 4. */
  readonly isWide: boolean;
}

/** A matrix that is read or written four values at a time where its place allows it. */
export function matrixAt(buffer: string, offset: number, length: number): Matrix {
  return { buffer, offset, length, isWide: offset % 4 === 0 && length % 4 === 0 };
}

/** A factor of a product. */
export interface Operand extends Matrix {
  /** Whether a line runs along the depth (k), or along the rows or columns of the result. */
  readonly along: 'depth' | 'result';
  /** WGSL function from the number of a line to that in the buffer, where they differ. */
  readonly gather: string | null;
}

/** A size that is known, or the samples of the batch at hand. */
export type Extent = number | 'batch';

/** WGSL for a size. */
export function extent(size: Extent): string {
  return size === 'batch' ? 'step.rows' : `${size}u`;
}

/** WGSL for a sum, without its zero. */
export function plus(term: string, constant: number): string {
  return constant === 0 ? term : `${term} + ${constant}u`;
}

/** The WGSL type of a matrix's buffer. */
export function storageType({ isWide }: Matrix): string {
  return isWide ? 'array<vec4<f32>>' : 'array<f32>';
}

/** WGSL for the index of a value. */
function indexOf({ offset, length }: Matrix, line: string, position: string): string {
  const start = line === '0u' ? [] : [`${line} * ${length}u`];
  return [...(offset === 0 ? [] : [`${offset}u`]), ...start, position].join(' + ');
}

/** WGSL for the four values of a line from `position` on; behind the line's end is its last value again. */
export function readFour(matrix: Matrix, line: string, position: string): string {
  const { buffer, length, isWide } = matrix;
  if (isWide) return `${buffer}[(${indexOf(matrix, line, position)}) / 4u]`;
  const values = range(4).map((i) => {
    const at = plus(position, i);
    const inside = length % 4 === 0 || i === 0 ? at : `min(${at}, ${length - 1}u)`;
    return `${buffer}[${indexOf(matrix, line, inside)}]`;
  });
  return `vec4(\n    ${values.join(',\n    ')})`;
}

/** WGSL that writes four values of a line from `position` on, but for those behind the line's end. */
export function writeFour(matrix: Matrix, line: string, position: string, four: string): string {
  const { buffer, length, isWide } = matrix;
  if (isWide) return `${buffer}[(${indexOf(matrix, line, position)}) / 4u] = ${four};`;
  if (length % 4 === 0) {
    const one = (i: number) =>
      `${buffer}[${indexOf(matrix, line, plus(position, i))}] = ${four}.${'xyzw'[i]};`;
    return range(4).map(one).join('\n  ');
  }
  return `for (var c = 0u; c < min(4u, ${length}u - ${position}); c++) {
    ${buffer}[${indexOf(matrix, line, `${position} + c`)}] = ${four}[c];
  }`;
}

/**
 * What `source` uses of `fn <side>(line, position)`, four values of an operand's line, of
 * `fn <side>_one(line, position)`, one of them, and of both `…_or_zero` behind the batch's end.
 */
export function accessors(side: 'left' | 'right', operand: Operand, source: string): string {
  const { buffer, isWide } = operand;
  const index = indexOf(operand, 'line', 'position');
  const one = isWide ? `${buffer}[(${index}) / 4u][position % 4u]` : `${buffer}[${index}]`;
  const orZero = (name: string, type: string) => wgsl`
fn ${name}_or_zero(line: u32, position: u32) -> ${type} {
  return select(${type}(), ${name}(min(line, step.rows - 1u), position), line < step.rows);
}`;
  const uses = (name: string) => source.includes(`${name}(`);
  return wgsl`
#if ${uses(side) || uses(`${side}_or_zero`)}
fn ${side}(line: u32, position: u32) -> vec4<f32> {
  return ${readFour(operand, 'line', 'position')};
}
#endif
#if ${uses(`${side}_one`) || uses(`${side}_one_or_zero`)}
fn ${side}_one(line: u32, position: u32) -> f32 {
  return ${one};
}
#endif
${uses(`${side}_or_zero`) ? orZero(side, 'vec4<f32>') : ''}
${uses(`${side}_one_or_zero`) ? orZero(`${side}_one`, 'f32') : ''}`;
}
