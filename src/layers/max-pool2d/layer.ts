/**
 * Max pooling: of each window of an image its largest value. Windows do not overlap, and what is left at the
 * right and the lower edge is dropped.
 */
import { asImage, noImage } from '../image';
import type { LayerKind, Shape } from '../kind';

export interface MaxPoolLayer {
  readonly kind: 'max_pool';
  /** Rows and columns of a window, and steps from one to the next. */
  readonly size: number;
  readonly activation: 'identity';
  /** Always 0: it hands on what it is given. */
  readonly dropout: number;
}

const MOST_SIZE = 31;

/** All sizes of a pooling at work. */
export interface PoolShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly size: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** The sizes of a pooling of images of shape `input`. */
export function poolShape({ size }: MaxPoolLayer, input: Shape): PoolShape {
  const { channels, height, width } = asImage(input);
  const [outHeight, outWidth] = [Math.floor(height / size), Math.floor(width / size)];
  return { channels, height, width, size, outHeight, outWidth };
}

export const maxPool: LayerKind<MaxPoolLayer> = {
  title: 'MaxPool2D',
  about:
    'Max pooling keeps the largest value of each window of a feature map, and has no parameters.',
  usage: `max_pool SIZE, of windows of 1 to ${MOST_SIZE} rows and columns`,
  example: 'max_pool 2',
  misfit: ({ size }, input) => {
    const refusal = noImage(input);
    if (refusal !== undefined) return refusal;
    const { height, width } = asImage(input);
    return size <= height && size <= width
      ? undefined
      : `a window of ${size}×${size} does not fit on ${height}×${width}`;
  },
  imageWindow: ({ size }) => ({
    ...{ height: size, width: size, stride: size },
    ...{ paddingY: 0, paddingX: 0, seesAllChannels: false },
  }),
  outputShape: (layer, input) => {
    const { channels, outHeight, outWidth } = poolShape(layer, input);
    return [channels, outHeight, outWidth];
  },
  parameters: () => [],
  parse: ([text, ...rest]) => {
    const size = /^\d+$/.test(text ?? '') ? Number(text) : 0;
    if (size < 1 || size > MOST_SIZE || rest.length > 0) return undefined;
    return { kind: 'max_pool', size, activation: 'identity', dropout: 0 };
  },
  format: ({ size }) => [`${size}`],
};
