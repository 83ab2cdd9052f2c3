/**
 * The convolution: each of its filters looks at a patch of all channels, everywhere on the image alike.
 * As everywhere in the field it is a cross-correlation: the filter is not turned round.
 */
import { ACTIVATIONS, type LayerActivation } from '../activation';
import { asImage, noImage } from '../image';
import type { ImageWindow, LayerKind, Shape } from '../kind';

export interface ConvLayer {
  readonly kind: 'conv';
  readonly filters: number;
  /** Rows and columns of a filter. */
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Steps from one patch to the next, in both directions. */
  readonly stride: number;
  /** Zeros around the image, so that with stride 1 what comes out is as large as what goes in. */
  readonly same: boolean;
  readonly activation: LayerActivation;
  readonly dropout: number;
}

const MOST_FILTERS = 4096;
const MOST_KERNEL = 31;
const MOST_STRIDE = 31;

/** All sizes of a convolution at work: what its loops and its kernels are made of. */
export interface ConvShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly filters: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  /** Rows of zeros above and below, and columns left and right. */
  readonly paddingY: number;
  readonly paddingX: number;
  /** Of a feature map. */
  readonly outHeight: number;
  readonly outWidth: number;
}

function convWindow({ kernelHeight, kernelWidth, stride, same }: ConvLayer): ImageWindow {
  return {
    height: kernelHeight,
    width: kernelWidth,
    stride,
    paddingY: same ? Math.floor(kernelHeight / 2) : 0,
    paddingX: same ? Math.floor(kernelWidth / 2) : 0,
    seesAllChannels: true,
  };
}

/** The sizes of a convolution of images of shape `input`. */
export function convShape(layer: ConvLayer, input: Shape): ConvShape {
  const { filters, kernelHeight, kernelWidth, stride } = layer;
  const { channels, height, width } = asImage(input);
  const { paddingY, paddingX } = convWindow(layer);
  return {
    channels,
    height,
    width,
    filters,
    kernelHeight,
    kernelWidth,
    stride,
    paddingY,
    paddingX,
    outHeight: Math.floor((height + 2 * paddingY - kernelHeight) / stride) + 1,
    outWidth: Math.floor((width + 2 * paddingX - kernelWidth) / stride) + 1,
  };
}

/** Places that a filter is put to: values of a feature map. */
export function positionsOf({ outHeight, outWidth }: ConvShape): number {
  return outHeight * outWidth;
}

/** Values of a patch: weights of a filter. */
export function patchOf({ channels, kernelHeight, kernelWidth }: ConvShape): number {
  return channels * kernelHeight * kernelWidth;
}

export const conv: LayerKind<ConvLayer> = {
  title: 'Conv2D',
  about:
    'A filter of a convolution sees a patch of the image, all channels of it, and is put to every place alike: k filters on patches of n values have n × k weights and k biases, however large the image is, and give k feature maps.',
  usage: `conv FILTERS HEIGHTxWIDTH [same] [stride STEPS] ACTIVATION, with 1 to ${MOST_FILTERS} filters of up to ${MOST_KERNEL}x${MOST_KERNEL}, odd where "same" pads with zeros, and 1 to ${MOST_STRIDE} steps`,
  example: 'conv 3 3x3 same tanh',
  misfit: ({ kernelHeight, kernelWidth, same }, input) => {
    const refusal = noImage(input);
    if (refusal !== undefined || same) return refusal;
    const { height, width } = asImage(input);
    return kernelHeight <= height && kernelWidth <= width
      ? undefined
      : `a filter of ${kernelHeight}x${kernelWidth} does not fit on ${height}×${width}; a smaller one does, or same, which pads with zeros`;
  },
  imageWindow: convWindow,
  outputShape: (layer, input) => {
    const { filters, outHeight, outWidth } = convShape(layer, input);
    return [filters, outHeight, outWidth];
  },
  parameters: (layer, input) => {
    const { filters, kernelHeight, kernelWidth } = layer;
    const { channels } = asImage(input);
    const area = kernelHeight * kernelWidth;
    return [
      {
        letter: 'W',
        kind: 'weights',
        shape: [filters, channels, kernelHeight, kernelWidth],
        initial: { fanIn: channels * area, fanOut: filters * area },
      },
      { letter: 'b', kind: 'biases', shape: [filters], initial: { value: 0 } },
    ];
  },
  parse: (words, dropout) => {
    const match =
      /^(\d+) (\d+)x(\d+)(?<same> same)?(?: stride (?<stride>\d+))? (?<activation>\w+)$/.exec(
        words.join(' '),
      );
    if (match === null) return undefined;
    const [filters, kernelHeight, kernelWidth] = match.slice(1, 4).map(Number);
    const same = match.groups?.same !== undefined;
    const stride = Number(match.groups?.stride ?? 1);
    const activation = ACTIVATIONS.find((name) => name === match.groups?.activation);
    const isWithin = (value: number, most: number) => value >= 1 && value <= most;
    const fits =
      isWithin(filters, MOST_FILTERS) &&
      isWithin(kernelHeight, MOST_KERNEL) &&
      isWithin(kernelWidth, MOST_KERNEL) &&
      isWithin(stride, MOST_STRIDE) &&
      !(same && (kernelHeight % 2 === 0 || kernelWidth % 2 === 0));
    if (!fits || activation === undefined) return undefined;
    return { kind: 'conv', filters, kernelHeight, kernelWidth, stride, same, activation, dropout };
  },
  format: ({ filters, kernelHeight, kernelWidth, stride, same, activation }) => [
    `${filters}`,
    `${kernelHeight}x${kernelWidth}`,
    ...(same ? ['same'] : []),
    ...(stride === 1 ? [] : ['stride', `${stride}`]),
    activation,
  ],
};
