/**
 * What a layer kind says about itself before anything is computed. How it is computed is told in its
 * folder's other files, one a backend, which never see each other: they judge each other.
 */
import type { LayerActivation } from './activation';
import type { MathMl } from './tex';

/** Sizes of one sample's values: `[64]`, or `[channels, height, width]`. */
export type Shape = readonly number[];

/** Number of values of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** What every layer has, whatever its kind. */
interface LayerBase {
  readonly kind: string;
  /** `identity` where the layer has none. */
  readonly activation: LayerActivation;
  /** Share of the layer's values dropped in training, from 0 to below 1. */
  readonly dropout: number;
}

/** How a slice of parameters starts: drawn by the initializer for so many inputs and outputs, or constant. */
type InitialValues =
  | { readonly fanIn: number; readonly fanOut: number }
  | { readonly value: number };

/** Parameters that a layer has under one name. */
interface SliceSpec {
  /** `W`, `b`: the layer's number follows it. */
  readonly letter: string;
  /** Weight decay applies to weights, not to biases. */
  readonly kind: 'weights' | 'biases';
  readonly shape: Shape;
  readonly initial: InitialValues;
}

/** TeX of what a kind computes, by the tag of src/layers/tex.ts. */
export interface LayerFormulas {
  readonly forward: readonly MathMl[];
  /** The delta of the layer before it. */
  readonly delta: readonly MathMl[];
  /** The gradients of its parameters. */
  readonly gradient: readonly MathMl[];
}

/** How a layer's windows move over an image: what one place of what comes out sees of what goes in. */
export interface ImageWindow {
  /** Rows and columns of a window. */
  readonly height: number;
  readonly width: number;
  /** Steps from one window to the next, in both directions. */
  readonly stride: number;
  /** Rows of zeros above the image, and columns left of it. */
  readonly paddingY: number;
  readonly paddingX: number;
  /** Whether it sees all channels, or of channel k of what comes out channel k alone. */
  readonly seesAllChannels: boolean;
}

export interface LayerKind<L extends LayerBase> {
  /** Its name in the summary: `Dense`. */
  readonly title: string;
  /** A sentence on what it does and how many parameters that takes, as the notebook says it. */
  readonly about: string;
  /** How it is written, for people: `dense UNITS ACTIVATION`. */
  readonly usage: string;
  /** A layer of the kind as it is written, which tests put into networks. */
  readonly example: string;
  /** Why a layer does not take samples of shape `input`, in words; undefined where it does. Left out: it takes any. */
  misfit?(layer: L, input: Shape): string | undefined;
  /** How its windows move, of kinds that have any; left out where every unit sees all values. */
  imageWindow?(layer: L): ImageWindow;
  /** The shape of what it gives for one sample of shape `input`, which has to fit. */
  outputShape(layer: L, input: Shape): Shape;
  /** Its parameters, in the order in which they lie and are drawn; none for some kinds. */
  parameters(layer: L, input: Shape): readonly SliceSpec[];
  /**
   * The layer from the words behind the kind's name; undefined where they are none.
   *
   * @param dropout - the network's, for kinds that have any
   */
  parse(words: readonly string[], dropout: number): L | undefined;
  /** The words that `parse` reads back. */
  format(layer: L): readonly string[];
}
