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
 * `fn patch_place(row)`: of a place of a sample's image where its patch begins in `input`, and in the image
 * its first row and column. A row is a place, and those of a sample follow each other. Needs
 * `fn sample(row)` where samples are gathered.
 */
function patchPlace(shape: ConvShape, gather: boolean): string {
  const { width, stride, outWidth, paddingY, paddingX } = shape;
  const { inputs, positions } = convCounts(shape);
  return wgsl`fn patch_place(row: u32) -> vec3<u32> {
  let source = ${gather ? `sample(row / ${positions}u)` : `row / ${positions}u`};
  let at = row % ${positions}u;
  // Above and left of the image a difference wraps around, and is as far outside as below and right.
  let y = at / ${outWidth}u${times(stride)}${minus(paddingY)};
  let x = at % ${outWidth}u${times(stride)}${minus(paddingX)};
  return vec3(source * ${inputs}u + y * ${width}u + x, y, x);
}`;
}

function isPadded({ paddingY, paddingX }: ConvShape): boolean {
  return paddingY > 0 || paddingX > 0;
}

/** `fn patch_value(place, k)`: number `k` of the patch at what `fn patch_place(row)` says of a place. Needs `input`. */
export function patchValue(shape: ConvShape, gather: boolean): string {
  const { height, width, kernelHeight, kernelWidth } = shape;
  const { image, area } = convCounts(shape);
  return wgsl`${patchPlace(shape, gather)}

fn patch_value(place: vec3<u32>, k: u32) -> f32 {
  let dy = k / ${kernelWidth}u % ${kernelHeight}u;
  let dx = k % ${kernelWidth}u;
  let at = place.x + k / ${area}u * ${image}u + dy * ${width}u + dx;
#if ${isPadded(shape)}
  let inside = (place.y + dy < ${height}u) & (place.z + dx < ${width}u);
  return select(0.0, input[select(0u, at, inside)], inside);
#else
  return input[at];
#endif
}`;
}

/**
 * `fn patch_four(place, terms)`: four numbers of a patch with a 1 behind it, for the biases, by what
 * `fn patch_terms(k)` says of those from `k` on; and `fn patch_next(place)`, the place behind one of the
 * same sample. Needs `input`.
 */
export function patchFour(shape: ConvShape, gather: boolean): string {
  const { height, width, kernelHeight, kernelWidth, stride, outWidth, paddingX } = shape;
  const { image, area, patch } = convCounts(shape);
  const last = (outWidth - 1) * stride;
  return wgsl`${patchPlace(shape, gather)}

fn patch_next(place: vec3<u32>) -> vec3<u32> {
  let is_last = place.z == ${wrapped(last - paddingX)};
  return place + select(vec3(${stride}u, 0u, ${stride}u), vec3(${stride * width - last}u, ${stride}u, ${wrapped(-last)}), is_last);
}

struct Terms { at: vec4<u32>, y: vec4<u32>, x: vec4<u32>, outside: vec4<f32> }

fn patch_terms(first: u32) -> Terms {
  let k = min(first + vec4(0u, 1u, 2u, 3u), vec4(${patch}u));
  let dy = k / ${kernelWidth}u % ${kernelHeight}u;
  let dx = k % ${kernelWidth}u;
  let at = k / ${area}u * ${image}u + dy * ${width}u + dx;
  // The 1 is far outside of every image.
  let is_one = k == vec4(${patch}u);
  return Terms(at, select(dy, vec4(${FAR}u), is_one), dx, select(vec4(0.0), vec4(1.0), is_one));
}

fn patch_four(place: vec3<u32>, terms: Terms) -> vec4<f32> {
  let inside = ${isPadded(shape) ? `(vec4(place.z) + terms.x < vec4(${width}u)) & ` : ''}(vec4(place.y) + terms.y < vec4(${height}u));
  let at = select(vec4(0u), place.x + terms.at, inside);
  return select(terms.outside, vec4(input[at.x], input[at.y], input[at.z], input[at.w]), inside);
}`;
}

/** Rows below an image, so many that even from above it they lead behind its end. */
const FAR = 2 ** 30;

/**
 * `fn delta_value(place, k)`: the delta of filter k / (rows · columns of a filter) at the place from which
 * that filter's weight k meets a value of a channel, by what `fn delta_place(row)` says of that value: where
 * the deltas of its sample begin, and the last row and column from which it is met; 0 where there is no such
 * place. Needs `next_delta`.
 */
export function deltaValue(shape: ConvShape): string {
  const { width, kernelHeight, kernelWidth, stride, outHeight, outWidth } = shape;
  const { image, outputs, area } = convCounts(shape);
  const conditions = [
    ...[`(i < ${outHeight}u)`, `(j < ${outWidth}u)`],
    ...(stride > 1 ? [`(y % ${stride}u == 0u)`, `(x % ${stride}u == 0u)`] : []),
  ];
  return wgsl`fn delta_place(row: u32) -> vec3<u32> {
  let at = row % ${image}u;
  let y = at / ${width}u${plus(shape.paddingY)};
  let x = at % ${width}u${plus(shape.paddingX)};
  return vec3(row / ${image}u * ${outputs}u, y, x);
}

fn delta_value(place: vec3<u32>, k: u32) -> f32 {
  let y = place.y - k / ${kernelWidth}u % ${kernelHeight}u;
  let x = place.z - k % ${kernelWidth}u;
  let i = y${over(stride)};
  let j = x${over(stride)};
  let inside = ${conditions.join(' & ')};
  let source = place.x + (k / ${area}u * ${outHeight}u + i) * ${outWidth}u + j;
  return select(0.0, next_delta[select(0u, source, inside)], inside);
}`;
}

function times(constant: number): string {
  return constant === 1 ? '' : ` * ${constant}u`;
}

function over(constant: number): string {
  return constant === 1 ? '' : ` / ${constant}u`;
}

/** A constant that wraps around below 0, as differences do; not every compiler takes one that does so itself. */
function wrapped(constant: number): string {
  return `${constant >>> 0}u`;
}

function plus(constant: number): string {
  return constant === 0 ? '' : ` + ${constant}u`;
}

function minus(constant: number): string {
  return constant === 0 ? '' : ` - ${constant}u`;
}
