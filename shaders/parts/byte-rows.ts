/** Samples as bytes, four to a word and each from a word of its own on, and the kernels that make a batch of them. */
import { wgsl } from 'wgsl-preprocessor';
import { type Binding, type Grid, linearGrid, linearIndex, PERMUTATION, sized } from '../kernel';

export interface ByteRowsShape {
  /** Most samples; the step says how many there are. */
  readonly rows: number;
  /** Tables of 256 values: one for all columns, or one for each. */
  readonly tables: number;
  /** Rows come through the permutation. */
  readonly gather: boolean;
}

/** Words that a row of `inputs` bytes takes; the next row begins with a word of its own. */
export function wordsOfBytes(inputs: number): number {
  return Math.ceil(inputs / 4);
}

/** What such a kernel reads: bytes, what each is as a feature, and which sample a row is. */
export function byteRowsBindings({
  tables,
  gather,
}: Pick<ByteRowsShape, 'tables' | 'gather'>): readonly Binding[] {
  return [
    { name: 'step', access: 'step' },
    { name: 'bytes', access: 'read', type: 'array<u32>' },
    { name: 'scaled', access: 'read', type: sized('f32', 256 * tables) },
    ...(gather ? [PERMUTATION] : []),
  ];
}

/**
 * WGSL at the begin of such a kernel's `main`, an invocation for a word: its `row` of the batch, the first
 * `column` of four, and the `sample`.
 */
export function placeInByteRows(
  { rows, gather }: Pick<ByteRowsShape, 'rows' | 'gather'>,
  inputs: number,
): string {
  const words = wordsOfBytes(inputs);
  return wgsl`let i = ${linearIndex(rows * words)};
  let row = i / ${words}u;
  let column = i % ${words}u * 4u;
  if (row >= step.rows) { return; }
#if ${gather}
  let sample = permutation[step.first_row + row];
#else
  let sample = step.first_row + row;
#endif`;
}

/** Its grid. */
export function byteRowsGrid({ rows }: Pick<ByteRowsShape, 'rows'>, inputs: number): Grid {
  return linearGrid(rows * wordsOfBytes(inputs));
}
