/**
 * The images of a batch, from bytes to features as training sees them: each moved by its own whole number
 * of pixels, scaled by a table, and with its noise. What is drawn are the integers of
 * src/data/augmentation.ts, and the noise's product with its step is exact: no rounding depends on the device.
 */
import { wgsl } from 'wgsl-preprocessor';
import { AUGMENTATION_KEY, DRAWN, MEAN_OF_BYTES } from '../src/data/augmentation';
import { type Kernel, LINEAR_WORKGROUP, sized } from './kernel';
import {
  type ByteRowsShape,
  byteRowsBindings,
  byteRowsGrid,
  placeInByteRows,
  wordsOfBytes,
} from './parts/byte-rows';
import { matrixAt, plus, storageType, writeFour } from './parts/gemm-operand';
import { philox } from './parts/philox';
import { range } from './parts/text';

export interface AugmentFeaturesShape extends ByteRowsShape {
  /** Of an image, whose values lie channel by channel. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Most pixels that an image moves by, each way; 0 for none. */
  readonly shift: number;
  readonly noise: boolean;
  /** Batches of an epoch: a step's number tells its epoch by it. */
  readonly batches: number;
}

export const augmentFeatures: Kernel<AugmentFeaturesShape> = {
  name: 'augment-features',
  summary: 'Takes the batch’s images as bytes, moves each, scales it and adds noise',
  numpy: 'X = (moved(raw[order], offsets) - mean) / scale + steps * noise',
  formulas: ['augmentation'],
  reference: ['augmentRow', 'offsetOf', 'sourceOf', 'noiseOf'],
  judge: 'features',
  bindings: ({ tables, gather, noise, ...image }) => {
    const inputs = sizeOf(image);
    return [
      ...byteRowsBindings({ tables, gather }),
      ...(noise
        ? [{ name: 'noise_steps', access: 'read', type: sized('f32', inputs) } as const]
        : []),
      {
        name: 'features',
        access: 'read_write',
        type: storageType(matrixAt('features', 0, inputs)),
      },
    ];
  },
  source: ({ rows, tables, gather, shift, noise, batches, ...image }) => {
    const inputs = sizeOf(image);
    const { height, width } = image;
    const words = wordsOfBytes(inputs);
    // Behind the row's end is no feature; what is read there is not written.
    const columns = range(4).map((i) =>
      inputs % 4 === 0 ? plus('column', i) : `min(${plus('column', i)}, ${inputs - 1}u)`,
    );
    const four = (of: (column: string) => string) =>
      `vec4(\n    ${columns.map(of).join(',\n    ')})`;
    const byteOf = (column: string) =>
      shift > 0 ? `moved_byte(sample, ${column}, offset)` : `byte_of(sample, ${column})`;
    const scaledOf = (column: string) =>
      tables === 1 ? `scaled[${byteOf(column)}]` : `scaled[(${column}) * 256u + ${byteOf(column)}]`;
    const drawnFor = (first: string, drawn: number) =>
      `philox(vec4(${first}, sample, epoch, ${drawn}u), vec2(step.seed, ${AUGMENTATION_KEY}u))`;
    return wgsl`
${philox()}
fn byte_of(sample: u32, pixel: u32) -> u32 {
  return (bytes[sample * ${words}u + pixel / 4u] >> (8u * (pixel % 4u))) & 255u;
}
#if ${shift > 0}
// What comes to a pixel where the image moves down and to the right; 0 from beyond the edge.
fn moved_byte(sample: u32, pixel: u32, offset: vec2<i32>) -> u32 {
  let place = vec2(i32(pixel / ${width}u % ${height}u), i32(pixel % ${width}u)) - offset;
  let is_inside = all(place >= vec2(0)) && all(place < vec2(${height}, ${width}));
  let before = u32(i32(pixel) - offset.x * ${width} - offset.y);
  return select(0u, byte_of(sample, select(0u, before, is_inside)), is_inside);
}
fn offset_of(word: u32) -> i32 {
  return i32(multiply_wide(word, ${2 * shift + 1}u).x) - ${shift};
}
#endif
@compute @workgroup_size(${LINEAR_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  ${placeInByteRows({ rows, gather }, inputs)}
  let epoch = step.step / ${batches}u;
#if ${shift > 0}
  let moves = ${drawnFor('0u', DRAWN.shift)};
  let offset = vec2(offset_of(moves.x), offset_of(moves.y));
#endif
  var values = ${four(scaledOf)};
#if ${noise}
  let drawn = ${drawnFor('column / 4u', DRAWN.noise)};
  // The four bytes of each word, summed in pairs.
  let pairs = (drawn & vec4(0x00ff00ffu)) + ((drawn >> vec4(8u)) & vec4(0x00ff00ffu));
  let sums = vec4<i32>((pairs & vec4(0xffffu)) + (pairs >> vec4(16u))) - ${MEAN_OF_BYTES};
  values += vec4<f32>(sums) * ${four((column) => `noise_steps[${column}]`)};
#endif
  ${writeFour(matrixAt('features', 0, inputs), 'row', 'column', 'values')}
}`;
  },
  workgroups: ({ rows, ...image }) => byteRowsGrid({ rows }, sizeOf(image)),
};

/** Values of an image. */
function sizeOf({
  channels,
  height,
  width,
}: Pick<AugmentFeaturesShape, 'channels' | 'height' | 'width'>): number {
  return channels * height * width;
}
