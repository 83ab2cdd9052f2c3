/**
 * The samples of a batch, or of a part of the test set, from bytes to features: gathered through the
 * permutation, four bytes a word, each scaled by a table, so that no rounding depends on the device.
 */
import { wgsl } from 'wgsl-preprocessor';
import {
  type Kernel,
  LINEAR_WORKGROUP,
  linearGrid,
  linearIndex,
  PERMUTATION,
  sized,
} from './kernel';
import { matrixAt, storageType, writeFour } from './parts/gemm-operand';
import { range } from './parts/text';

export interface UnpackFeaturesShape {
  /** Most samples; the step says how many there are. */
  readonly rows: number;
  readonly inputs: number;
  /** Tables of 256 values: one for all columns, or one for each. */
  readonly tables: number;
  /** Rows come through the permutation. */
  readonly gather: boolean;
}

/** Words that a row of `inputs` bytes takes; the next row begins with a word of its own. */
export function wordsOfBytes(inputs: number): number {
  return Math.ceil(inputs / 4);
}

export const unpackFeatures: Kernel<UnpackFeaturesShape> = {
  name: 'unpack-features',
  summary: 'Takes the batch’s samples as bytes and scales each',
  numpy: 'X = (raw[order] - mean) / scale',
  formulas: ['scaling'],
  reference: [],
  judge: 'features',
  bindings: ({ inputs, tables, gather }) => [
    { name: 'step', access: 'step' },
    { name: 'bytes', access: 'read', type: 'array<u32>' },
    { name: 'scaled', access: 'read', type: sized('f32', 256 * tables) },
    ...(gather ? [PERMUTATION] : []),
    { name: 'features', access: 'read_write', type: storageType(matrixAt('features', 0, inputs)) },
  ],
  source: ({ rows, inputs, tables, gather }) => {
    const words = wordsOfBytes(inputs);
    const scaledAt = (byte: number) => {
      const value = `(four >> ${8 * byte}u) & 255u`;
      if (tables === 1) return `scaled[${value}]`;
      // Behind the row's end is no table; what is read there is not written.
      const column =
        inputs % 4 === 0 ? `column + ${byte}u` : `min(column + ${byte}u, ${inputs - 1}u)`;
      return `scaled[(${column}) * 256u + (${value})]`;
    };
    return wgsl`
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = ${linearIndex(rows * words)};
  let row = i / ${words}u;
  let column = i % ${words}u * 4u;
  if (row >= step.rows) { return; }
#if ${gather}
  let sample = permutation[step.first_row + row];
#else
  let sample = step.first_row + row;
#endif
  let four = bytes[sample * ${words}u + column / 4u];
  let values = vec4(
    ${range(4).map(scaledAt).join(',\n    ')});
  ${writeFour(matrixAt('features', 0, inputs), 'row', 'column', 'values')}
}`;
  },
  workgroups: ({ rows, inputs }) => linearGrid(rows * wordsOfBytes(inputs)),
};
