/**
 * The samples of a batch, or of a part of the test set, from bytes to features: gathered through the
 * permutation, four bytes a word, each scaled by a table, so that no rounding depends on the device.
 */
import { wgsl } from 'wgsl-preprocessor';
import { type Kernel, LINEAR_WORKGROUP } from './kernel';
import {
  type ByteRowsShape,
  byteRowsBindings,
  byteRowsGrid,
  placeInByteRows,
  wordsOfBytes,
} from './parts/byte-rows';
import { matrixAt, storageType, writeFour } from './parts/gemm-operand';
import { range } from './parts/text';

export interface UnpackFeaturesShape extends ByteRowsShape {
  readonly inputs: number;
}

export const unpackFeatures: Kernel<UnpackFeaturesShape> = {
  name: 'unpack-features',
  summary: 'Takes the batch’s samples as bytes and scales each',
  numpy: 'X = (raw[order] - mean) / scale',
  formulas: ['scaling'],
  reference: [],
  judge: 'features',
  bindings: ({ inputs, tables, gather }) => [
    ...byteRowsBindings({ tables, gather }),
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
  ${placeInByteRows({ rows, gather }, inputs)}
  let four = bytes[sample * ${words}u + column / 4u];
  let values = vec4(
    ${range(4).map(scaledAt).join(',\n    ')});
  ${writeFour(matrixAt('features', 0, inputs), 'row', 'column', 'values')}
}`;
  },
  workgroups: (shape) => byteRowsGrid(shape, shape.inputs),
};
