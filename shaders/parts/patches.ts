/**
 * WGSL that finds a value of a patch where it lies, so that a convolution is a matrix product without a
 * copy of its patches. Images lie channel by channel, row by row; beyond their edges there are zeros, which
 * are selected and not branched to: dozens of branches in a loop took a software adapter over a minute to compile.
 */
import { wgsl } from 'wgsl-preprocessor';
import type { ConvShape } from '../../src/layers/conv2d/layer';

/** Of a convolution: values of a sample before and behind it, places of a filter, weights of a filter and of one of its channels. */
export function convCounts(shape: ConvShape) {
  const { channels, height, width, filters, kernelHeight, kernelWidth, outHeight, outWidth } =
    shape;
  const area = kernelHeight * kernelWidth;
  const positions = outHeight * outWidth;
  return {
    image: height * width,
    inputs: channels * height * width,
    positions,
    outputs: filters * positions,
    area,
    patch: channels * area,
  };
}

/**
 * `fn patch_value(row, k)`: number `k` of the patch at a place of a sample's image; a row is a place, and those
 * of a sample follow each other. Needs `input`, and `fn sample(row)` where samples are gathered.
 *
 * @param hasOne - behind the patch there is a 1, for the biases
 */
export function patchValue(shape: ConvShape, gather: boolean, hasOne = false): string {
  const { height, width, kernelHeight, kernelWidth, stride, outWidth } = shape;
  const { inputs, positions, area, patch } = convCounts(shape);
  const hasEdge = shape.paddingY > 0 || shape.paddingX > 0;
  const conditions = [
    ...(hasEdge ? [`(y < ${height}u)`, `(x < ${width}u)`] : []),
    ...(hasOne ? [`(k < ${patch}u)`] : []),
  ];
  return wgsl`fn patch_value(row: u32, k: u32) -> f32 {
  let place = row % ${positions}u;
  // Above and left of the image a difference wraps around, and is as far outside as below and right.
  let y = place / ${outWidth}u * ${stride}u + k / ${kernelWidth}u % ${kernelHeight}u${minus(shape.paddingY)};
  let x = place % ${outWidth}u * ${stride}u + k % ${kernelWidth}u${minus(shape.paddingX)};
  let source = ${gather ? `sample(row / ${positions}u)` : `row / ${positions}u`};
  let at = source * ${inputs}u + (k / ${area}u * ${height}u + y) * ${width}u + x;
#if ${hasEdge || hasOne}
  let inside = ${conditions.join(' & ')};
  return select(${hasOne ? `select(0.0, 1.0, k == ${patch}u)` : '0.0'}, input[select(0u, at, inside)], inside);
#else
  return input[at];
#endif
}`;
}

/**
 * `fn delta_value(row, k)`: the delta of filter k / (rows · columns of a filter) at the place from which
 * that filter's weight k meets value `row` of a channel; 0 where there is no such place. Needs `next_delta`.
 */
export function deltaValue(shape: ConvShape): string {
  const { width, kernelHeight, kernelWidth, stride, outHeight, outWidth } = shape;
  const { image, outputs, area } = convCounts(shape);
  const conditions = [
    ...[`(i < ${outHeight}u)`, `(j < ${outWidth}u)`],
    ...(stride > 1 ? [`(y % ${stride}u == 0u)`, `(x % ${stride}u == 0u)`] : []),
  ];
  return wgsl`fn delta_value(row: u32, k: u32) -> f32 {
  let at = row % ${image}u;
  let y = at / ${width}u${plus(shape.paddingY)} - k / ${kernelWidth}u % ${kernelHeight}u;
  let x = at % ${width}u${plus(shape.paddingX)} - k % ${kernelWidth}u;
  let i = y / ${stride}u;
  let j = x / ${stride}u;
  let inside = ${conditions.join(' & ')};
  let source = row / ${image}u * ${outputs}u + (k / ${area}u * ${outHeight}u + i) * ${outWidth}u + j;
  return select(0.0, next_delta[select(0u, source, inside)], inside);
}`;
}

function plus(constant: number): string {
  return constant === 0 ? '' : ` + ${constant}u`;
}

function minus(constant: number): string {
  return constant === 0 ? '' : ` - ${constant}u`;
}
