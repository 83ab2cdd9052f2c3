/**
 * Initial parameters. Draws go row-major per layer, W of shape (out, in); biases are zero.
 * Formulas: He et al. 2015 and Glorot & Bengio 2010, as the project's NumPy fixtures use them.
 */
import type { RandomState } from '../numpy/random-state';
import { layersOf, type NetworkSpec } from './network-spec';
import { layerOffsets, parameterLayout } from './parameter-layout';

export const INITIALIZERS = [
  'normal',
  'he_normal',
  'he_uniform',
  'glorot_normal',
  'glorot_uniform',
] as const;
export type Initializer = (typeof INITIALIZERS)[number];

/** One weight of a layer with `inputs` and `outputs`, drawn from `random`. */
function drawWeight(
  initializer: Initializer,
  scale: number,
  inputs: number,
  outputs: number,
  random: RandomState,
): number {
  switch (initializer) {
    case 'normal':
      return random.randn() * scale;
    case 'he_normal':
      return random.randn() * Math.sqrt(2 / inputs);
    case 'glorot_normal':
      return random.randn() * Math.sqrt(2 / (inputs + outputs));
    case 'he_uniform':
      return random.uniform(-1, 1) * Math.sqrt(6 / inputs);
    case 'glorot_uniform':
      return random.uniform(-1, 1) * Math.sqrt(6 / (inputs + outputs));
    default:
      return initializer satisfies never;
  }
}

/**
 * Draws a network's initial parameters.
 *
 * @param scale - factor on the draws of `normal`; the others have their own
 * @returns the flat parameters in the layout of `parameterLayout(spec)`
 */
export function drawParameters(
  spec: NetworkSpec,
  initializer: Initializer,
  scale: number,
  random: RandomState,
): Float64Array {
  const layout = parameterLayout(spec);
  const parameters = new Float64Array(layout.length);
  for (const { index, inputs, outputs } of layersOf(spec)) {
    const { weights } = layerOffsets(layout, index);
    for (let i = 0; i < outputs * inputs; i++) {
      parameters[weights + i] = drawWeight(initializer, scale, inputs, outputs, random);
    }
  }
  return parameters;
}
