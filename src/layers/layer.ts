/** The layer kinds: the union of them, and what each says about itself. */
import { ACTIVATIONS } from './activation';
import { type ConvLayer, conv } from './conv2d/layer';
import { type DenseLayer, dense } from './dense/layer';
import type { LayerFormulas, LayerKind, Shape } from './kind';
import { type MaxPoolLayer, maxPool } from './max-pool2d/layer';

/** A layer: a kind with its sizes and its activation. */
export type Layer = DenseLayer | ConvLayer | MaxPoolLayer;

export type LayerKindName = Layer['kind'];

/** A formula of a layer kind, as kernels name it. */
export type LayerFormulaName = `${LayerKindName}-${keyof LayerFormulas}`;

/** The layer type of a kind. */
export type LayerOf<K extends LayerKindName> = Extract<Layer, { readonly kind: K }>;

const KINDS = {
  dense,
  conv,
  max_pool: maxPool,
} satisfies { readonly [K in LayerKindName]: LayerKind<LayerOf<K>> };

/** What a layer's kind says about it. */
export function kindOf(layer: Layer): LayerKind<Layer> {
  return KINDS[layer.kind];
}

/** A named part of the flat parameter array. */
export interface ParameterSlice {
  /** `W1`, `b1`, `W2`, … */
  readonly name: string;
  readonly kind: 'weights' | 'biases';
  /** The layer, counted from 1. */
  readonly layer: number;
  /** Index of the first value in the flat array. */
  readonly offset: number;
  readonly length: number;
  /** `[outputs, inputs]` for a dense layer's weights, `[filters, channels, rows, columns]` for a convolution's, `[outputs]` or `[filters]` for biases. */
  readonly shape: Shape;
}

/** A layer in its network. Layers count from 1, as the notebook's W1. */
export interface PlacedLayer<L extends Layer = Layer> {
  readonly index: number;
  readonly layer: L;
  /** Shapes of one sample before and behind the layer, and how many values those are. */
  readonly input: Shape;
  readonly output: Shape;
  readonly inputs: number;
  readonly outputs: number;
  /** True for the last layer, which gives the logits. */
  readonly isOutput: boolean;
  /** Where its parameters lie in the flat array, in the kind's order. */
  readonly slices: readonly ParameterSlice[];
}

/**
 * Layers from text: `dense 16 sigmoid; dense 8 tanh`.
 *
 * @param dropout - of the layers whose kind has any
 * @returns undefined where the text is none
 */
export function parseLayers(text: string, dropout = 0): readonly Layer[] | undefined {
  if (text.trim() === '') return [];
  const layers = text.split(';').map((part) => {
    const [name, ...words] = part.trim().split(/\s+/);
    return Object.hasOwn(KINDS, name)
      ? KINDS[name as LayerKindName].parse(words, dropout)
      : undefined;
  });
  return layers.every((layer) => layer !== undefined) ? layers : undefined;
}

/** Layers as text that `parseLayers` reads back. */
export function formatLayers(layers: readonly Layer[]): string {
  return layers.map((layer) => [layer.kind, ...kindOf(layer).format(layer)].join(' ')).join('; ');
}

/**
 * Why layers do not fit on each other, in words that name the first that does not and what it gets; undefined
 * where they fit.
 *
 * @param input - the shape of a sample
 */
export function misfitOf(input: Shape, layers: readonly Layer[]): string | undefined {
  let shape = input;
  for (const [position, layer] of layers.entries()) {
    const kind = kindOf(layer);
    const misfit = kind.misfit?.(layer, shape);
    if (misfit !== undefined) {
      return `layer ${position + 1}, ${formatLayers([layer])}, gets ${formatShape(shape)}: ${misfit}`;
    }
    shape = kind.outputShape(layer, shape);
  }
  return undefined;
}

/** For people `28×28×3`: rows, columns and channels, though values lie channel by channel; `16 values`. */
export function formatShape(shape: Shape): string {
  if (shape.length === 1) return `${shape[0]} value${shape[0] === 1 ? '' : 's'}`;
  const [channels, ...size] = shape;
  return [...size, channels].join('×');
}

/** A layer of each kind, as text. */
export const LAYER_EXAMPLES: readonly string[] = Object.values(KINDS).map(({ example }) => example);

/** A sentence on each kind that is among `layers`, in the order in which they come. */
export function aboutKinds(layers: readonly Layer[]): readonly string[] {
  return [...new Set(layers.map((layer) => kindOf(layer).about))];
}

const ACTIVATIONS_USAGE = `; ACTIVATION is one of ${ACTIVATIONS.join(', ')}`;

/** How each kind is written, for people. */
export function layersUsage(): string {
  const usages = Object.values(KINDS).map(({ usage }) => usage);
  return usages.join(', or ') + ACTIVATIONS_USAGE;
}

/** How a layer is written that is none, by the kind that it begins with; or which kinds there are. */
export function layerUsage(wrong: string): string {
  const [name] = wrong.split(/\s/);
  const found = Object.entries(KINDS).find(([kind]) => kind === name);
  if (found === undefined) return `one of ${Object.keys(KINDS).join(', ')}, and its sizes`;
  const [, { usage }] = found;
  return usage.includes('ACTIVATION') ? usage + ACTIVATIONS_USAGE : usage;
}
