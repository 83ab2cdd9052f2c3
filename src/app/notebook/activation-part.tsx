/** Part 2: the hidden units' activation and its derivative, as a table and as curves. */

import { useMemo } from 'preact/hooks';
import type { Activation } from '../../layers/activation';
import { activate, activationDerivative } from '../../reference/activations';
import { hiddenLayers } from '../../training/network-of';
import { DataTable } from '../components/data-table';
import type { Drawing } from '../components/drawing';
import { Formula } from '../components/formula';
import { ACTIVATIONS } from '../components/formulas';
import { LineChart } from '../components/line-chart';
import { printedNumber } from '../state/format';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

const TABLE = [-2, -1, 0, 1, 2];

/** From -6 to 6 in steps of 0.1. */
const CURVE = Array.from({ length: 121 }, (_, index) => (index - 60) / 10);

interface Words {
  /** With its article, in the middle of a sentence. */
  readonly name: string;
  /** What it does, as the rest of a sentence about the sum that it is given. */
  readonly text: string;
  /** The curves in words. */
  readonly curves: string;
  /** f and f′ as they are written. */
  readonly symbols: readonly [string, string];
  readonly axis: readonly [number, number];
}

const WORDS: Readonly<Record<Activation, Words>> = {
  sigmoid: {
    name: 'the sigmoid',
    text: 'which squeezes any number into the range from 0 to 1. Its slope is largest at zero, where it is a quarter, and fades on both sides',
    curves:
      'The sigmoid climbs from 0 to 1 and is a half at zero; its derivative is a bell with its top, a quarter, at zero.',
    symbols: ['σ(z)', 'σ′(z)'],
    axis: [0, 1],
  },
  tanh: {
    name: 'the hyperbolic tangent',
    text: 'which squeezes any number into the range from −1 to 1. Its slope is largest at zero, where it is 1, and fades on both sides',
    curves:
      'The hyperbolic tangent climbs from −1 to 1 and is 0 at zero; its derivative is a bell with its top, 1, at zero.',
    symbols: ['f(z)', 'f′(z)'],
    axis: [-1, 1],
  },
  relu: {
    name: 'the ReLU',
    text: 'which lets positive numbers through and makes 0 of all others. Its slope is 1 above zero and 0 below',
    curves:
      'The ReLU is 0 up to zero and climbs by 1 from there; its derivative jumps from 0 to 1.',
    symbols: ['f(z)', 'f′(z)'],
    axis: [0, 6],
  },
  leaky_relu: {
    name: 'the leaky ReLU',
    text: 'which lets positive numbers through and a small share of all others. Its slope is 1 above zero, and small but never 0 below',
    curves:
      'The leaky ReLU climbs by 1 above zero and very slowly below; its derivative jumps from nearly 0 to 1.',
    symbols: ['f(z)', 'f′(z)'],
    axis: [-1, 6],
  },
};

function drawingOf(activation: Activation): Drawing {
  const { symbols, axis } = WORDS[activation];
  const derivativeAt = (z: number) => activationDerivative(activation, activate(activation, z));
  return {
    x: { title: 'z', minimum: -6, maximum: 6 },
    y: { title: 'value', minimum: axis[0], maximum: axis[1] },
    series: [
      {
        label: symbols[0],
        color: '--series-train',
        points: CURVE.map((z) => ({ x: z, y: activate(activation, z) })),
      },
      {
        label: symbols[1],
        color: '--series-test',
        isDashed: true,
        points: CURVE.map((z) => ({ x: z, y: derivativeAt(z) })),
      },
    ],
  };
}

/** Each activation of the hidden layers, in the order of the layers. */
export function ActivationPart({ lesson }: { readonly lesson: Lesson }) {
  const { configuration } = lesson;
  const own = hiddenLayers(configuration).map(({ activation }) => activation);
  const activations = own.length === 0 ? [configuration.activation] : [...new Set(own)];
  return (
    <Part id="activation">
      {activations.map((activation) =>
        activation === 'identity' ? null : <OneActivation key={activation} {...{ activation }} />,
      )}
    </Part>
  );
}

function OneActivation({ activation }: { readonly activation: Activation }) {
  const { name, text, curves, symbols } = WORDS[activation];
  const draw = useMemo(() => {
    const drawing = drawingOf(activation);
    return () => drawing;
  }, [activation]);
  return (
    <>
      <p>
        Each unit adds up its weighted inputs and sends the sum through {name}, {text}; that slope
        is what a gradient is multiplied with on its way back.
      </p>
      <Formula label={`Formulas of ${name}`} formulas={ACTIVATIONS[activation]} />
      <div class="pair pair-narrow-first">
        <DataTable
          label={`Values of ${name}`}
          columns={['z', ...symbols]}
          rows={TABLE.map((z) => {
            const a = activate(activation, z);
            return [
              String(z).replace('-', '−'),
              ...[a, activationDerivative(activation, a)].map(printedNumber),
            ];
          })}
        />
        <LineChart
          key={activation}
          title={`${name.replace('the', 'The')} and its derivative`}
          description={curves}
          draw={draw}
          isSmall
        >
          <p class="source">The table beside the curve has the values from −2 to 2.</p>
        </LineChart>
      </div>
    </>
  );
}
