/** Part 2: the sigmoid and its derivative, as a table and as curves. */

import { sigmoid, sigmoidDerivative } from '../../reference/network';
import { Formula, SigmoidDerivativeFormula, SigmoidFormula } from '../components/formulas';
import { type Drawing, LineChart } from '../components/line-chart';
import { ScrollRegion } from '../components/scroll-region';
import { printedNumber } from '../state/format';
import { Part } from './part';

const TABLE = [-2, -1, 0, 1, 2];

/** From -6 to 6 in steps of 0.1. */
const CURVE = Array.from({ length: 121 }, (_, index) => (index - 60) / 10);

const derivativeAt = (z: number) => sigmoidDerivative(sigmoid(z));

const DRAWING: Drawing = {
  x: { title: 'z', minimum: -6, maximum: 6 },
  y: { title: 'value', minimum: 0, maximum: 1 },
  series: [
    {
      label: 'σ(z)',
      color: '--series-train',
      points: CURVE.map((z) => ({ x: z, y: sigmoid(z) })),
    },
    {
      label: 'σ′(z)',
      color: '--series-test',
      isDashed: true,
      points: CURVE.map((z) => ({ x: z, y: derivativeAt(z) })),
    },
  ],
};

const draw = () => DRAWING;

export function ActivationPart() {
  return (
    <Part id="activation">
      <p>
        Each unit adds up its weighted inputs and sends the sum through the sigmoid, which squeezes
        any number into the range from 0 to 1. Its slope is largest at zero, where it is a quarter,
        and fades on both sides; that slope is what a gradient is multiplied with on its way back.
      </p>
      <Formula label="Formulas of the sigmoid">
        <SigmoidFormula />
        <SigmoidDerivativeFormula />
      </Formula>
      <div class="pair pair-narrow-first">
        <ScrollRegion label="Values of the sigmoid">
          <table class="data-table">
            <thead>
              <tr>
                <th scope="col">z</th>
                <th scope="col">σ(z)</th>
                <th scope="col">σ′(z)</th>
              </tr>
            </thead>
            <tbody>
              {TABLE.map((z) => (
                <tr key={z}>
                  <th scope="row">{String(z).replace('-', '−')}</th>
                  <td>{printedNumber(sigmoid(z))}</td>
                  <td>{printedNumber(derivativeAt(z))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
        <LineChart
          title="The sigmoid and its derivative"
          description="The sigmoid climbs from 0 to 1 and is a half at zero; its derivative is a bell with its top, a quarter, at zero."
          draw={draw}
          isSmall
        >
          <p class="source">The table beside the curve has the values from −2 to 2.</p>
        </LineChart>
      </div>
    </Part>
  );
}
