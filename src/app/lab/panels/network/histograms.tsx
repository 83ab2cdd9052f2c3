/** How the weights of each layer are distributed about zero. */

import type { NetworkSpec } from '../../../../model/network-spec';
import { parameterLayout } from '../../../../model/parameter-layout';
import { count } from '../../../state/format';
import { exactNumber, largestMagnitude } from './scale';

/** Odd, so that one bin is about zero. */
const BINS = 31;
const HEIGHT = 60;

interface Props {
  readonly spec: NetworkSpec;
  readonly parameters: Float64Array;
}

export function Histograms({ spec, parameters }: Props) {
  return (
    <section class="panel-section" aria-labelledby="histograms">
      <h2 id="histograms">Histograms of the weights</h2>
      <div class="histograms">
        {parameterLayout(spec)
          .slices.filter(({ kind }) => kind === 'weights')
          .map(({ name, offset, length }) => (
            <Histogram
              key={name}
              name={name}
              values={parameters.subarray(offset, offset + length)}
            />
          ))}
      </div>
    </section>
  );
}

function Histogram({ name, values }: { readonly name: string; readonly values: Float64Array }) {
  const limit = largestMagnitude(values);
  const bins = binsOf(values, limit);
  const most = Math.max(...bins);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
  );
  const numbers = `mean ${exactNumber(mean)}, standard deviation ${exactNumber(deviation)}`;
  return (
    <figure class="histogram">
      <figcaption>
        <strong>{name}</strong> {count(values.length, 'weight')}
      </figcaption>
      <svg
        viewBox={`0 0 ${BINS} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${name} from ${exactNumber(-limit)} to ${exactNumber(limit)}: ${numbers}`}
      >
        {bins.map((size, bin) => (
          <rect
            key={bin}
            class={bin * 2 + 1 < BINS ? 'is-negative' : undefined}
            x={bin + 0.08}
            width={0.84}
            y={HEIGHT - (HEIGHT * size) / most}
            height={(HEIGHT * size) / most}
          />
        ))}
      </svg>
      <div class="histogram-axis" aria-hidden="true">
        <span>{exactNumber(-limit)}</span>
        <span>0</span>
        <span>{exactNumber(limit)}</span>
      </div>
      <p class="source">{numbers}</p>
    </figure>
  );
}

/** Number of values in each of the bins between -limit and limit. */
function binsOf(values: Float64Array, limit: number): readonly number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value / limit + 1) / 2) * BINS);
    bins[Math.min(bin, BINS - 1)] += 1;
  }
  return bins;
}
