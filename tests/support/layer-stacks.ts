/** Hidden layers around a layer kind's example, wherever it fits: kinds that need images stand on images. */
import type { Shape } from '../../src/layers/kind';
import { misfitOf, parseLayers } from '../../src/layers/layer';

/**
 * Networks as text with a layer in them: first, between others, twice, last.
 *
 * @param example - the layer as it is written
 * @param input - the shape of a sample
 * @returns the first three in which all layers fit, at least one
 */
export function stacksOf(example: string, input: Shape): readonly string[] {
  const stacks = [
    [example, 'dense 4 tanh'],
    ['dense 4 tanh', example, 'dense 3 sigmoid'],
    ['dense 4 sigmoid', example, example],
    ['conv 2 2x2 tanh', example, 'dense 3 sigmoid'],
    ['conv 2 3x3 same sigmoid', example, example],
    [example, example],
  ];
  const fitting = stacks
    .map((layers) => layers.join('; '))
    .filter((text) => {
      const layers = parseLayers(text);
      return layers !== undefined && misfitOf(input, layers) === undefined;
    });
  if (fitting.length === 0) throw new RangeError(`${example} fits nowhere`);
  return fitting.slice(0, 3);
}
