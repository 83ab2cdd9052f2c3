/** The layer kinds: the union of them, and what each says about itself. */
import { type DenseLayer, dense } from './dense/layer';
import type { LayerFormulas, LayerKind, Shape } from './kind';

/** A layer: a kind with its sizes and its activation. */
export type Layer = DenseLayer;

export type LayerKindName = Layer['kind'];

/** A formula of a layer kind, as kernels name it. */
export type LayerFormulaName = `${LayerKindName}-${keyof LayerFormulas}`;

/** The layer type of a kind. */
export type LayerOf<K extends LayerKindName> = Extract<Layer, { readonly kind: K }>;

const KINDS = {
  dense,
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
  /** `[outputs, inputs]` for a dense layer's weights, `[outputs]` for its biases. */
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

/** A layer of each kind, as text. */
export const LAYER_EXAMPLES: readonly string[] = Object.values(KINDS).map(({ example }) => example);

/** How each kind is written, for people. */
export function layersUsage(): string {
  return Object.values(KINDS)
    .map(({ usage }) => usage)
    .join(', or ');
}
