/** The shapes that a sample goes through, layer by layer, also of layers that are still being written. */
import type { Shape } from '../layers/kind';
import { kindOf, parseLayers } from '../layers/layer';

/** One layer on the way. */
export interface ShapeStep {
  /** As the layer is written: `conv 16 3x3 same relu`. */
  readonly text: string;
  /** What comes out of it; undefined from the first layer on that does not fit. */
  readonly shape: Shape | undefined;
}

/**
 * The shapes behind each of the layers, up to the first that is none or does not take what it gets.
 *
 * @param input - of a sample
 * @param texts - one layer each, as `parseLayers` reads them
 */
export function shapeSteps(input: Shape, texts: readonly string[]): readonly ShapeStep[] {
  let shape: Shape | undefined = input;
  return texts.map((text) => {
    shape = shape && shapeBehind(shape, text);
    return { text: text.trim(), shape };
  });
}

function shapeBehind(input: Shape, text: string): Shape | undefined {
  const [layer, ...others] = parseLayers(text) ?? [];
  if (layer === undefined || others.length > 0) return undefined;
  const kind = kindOf(layer);
  return kind.misfit?.(layer, input) === undefined ? kind.outputShape(layer, input) : undefined;
}
