/** The dense layer: `units` weighted sums of all inputs, plus a bias each, through an activation. */
import { ACTIVATIONS, type LayerActivation } from '../activation';
import { type LayerKind, sizeOf } from '../kind';

export interface DenseLayer {
  readonly kind: 'dense';
  readonly units: number;
  readonly activation: LayerActivation;
  readonly dropout: number;
}

/** The most units that a layer may have. */
const MOST_UNITS = 65_536;

export const dense: LayerKind<DenseLayer> = {
  title: 'Dense',
  about:
    'Every unit of a dense layer sees every value of the layer before it: with n inputs and k units it has n × k weights and k biases.',
  usage: `dense UNITS ACTIVATION, with 1 to ${MOST_UNITS} units`,
  example: 'dense 16 sigmoid',
  outputShape: ({ units }) => [units],
  parameters: ({ units }, input) => {
    const inputs = sizeOf(input);
    return [
      {
        letter: 'W',
        kind: 'weights',
        shape: [units, inputs],
        initial: { fanIn: inputs, fanOut: units },
      },
      { letter: 'b', kind: 'biases', shape: [units], initial: { value: 0 } },
    ];
  },
  parse: ([count, name, ...rest], dropout) => {
    const units = /^\d+$/.test(count ?? '') ? Number(count) : 0;
    const activation = ACTIVATIONS.find((candidate) => candidate === name);
    const isDense = units >= 1 && units <= MOST_UNITS && rest.length === 0;
    return isDense && activation !== undefined
      ? { kind: 'dense', units, activation, dropout }
      : undefined;
  },
  format: ({ units, activation }) => [String(units), activation],
};
