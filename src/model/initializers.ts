/**
 * Initial parameters. Draws go row-major, layer by layer, W of shape (out, in); biases are zero.
 * Formulas: He et al. 2015 and Glorot & Bengio 2010, as the project's NumPy fixtures use them.
 */
import { kindOf } from '../layers/layer';
import type { RandomState } from '../numpy/random-state';
import { layersOf, type NetworkSpec } from './network-spec';
import { parameterLayout } from './parameter-layout';

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
  const parameters = new Float64Array(parameterLayout(spec).length);
  for (const { layer, input, slices } of layersOf(spec)) {
    for (const [position, { initial }] of kindOf(layer).parameters(layer, input).entries()) {
      const { offset, length } = slices[position];
      for (let i = offset; i < offset + length; i++) {
        parameters[i] =
          'value' in initial
            ? initial.value
            : drawWeight(initializer, scale, initial.fanIn, initial.fanOut, random);
      }
    }
  }
  return parameters;
}
