/** Images as layers see them: (channels, height, width), and windows that move over them. */
import type { Shape } from './kind';

/** An image of one sample; values lie channel by channel, row by row. */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The shape as an image; undefined where it is none. */
export function imageOf(shape: Shape): ImageShape | undefined {
  if (shape.length !== 3) return undefined;
  const [channels, height, width] = shape;
  return { channels, height, width };
}

/**
 * The shape as an image.
 *
 * @throws RangeError where it is none: layers that do not fit are refused before (`misfitOf`)
 */
export function asImage(shape: Shape): ImageShape {
  const image = imageOf(shape);
  if (image === undefined) throw new RangeError(`${shape.join('×')} is no image`);
  return image;
}

/** Why a layer that needs images does not take inputs of this shape, where that is so. */
export function noImage(shape: Shape): string | undefined {
  return imageOf(shape) === undefined ? 'it takes images, rows × columns × channels' : undefined;
}
