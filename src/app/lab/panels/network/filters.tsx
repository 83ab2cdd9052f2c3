/** The filters of a convolution that sees the sample itself, as pictures: its channels one under the other. */
import type { ConvLayer } from '../../../../layers/conv2d/layer';
import type { PlacedLayer } from '../../../../layers/layer';
import { Staged } from '../../../components/staged';
import { count, integer } from '../../../state/format';
import { exactNumber } from './scale';
import { Legend, WeightMap } from './weight-map';

/** Filters shown; the histograms have all. */
const MOST_FILTERS = 64;
/** Pictures made in one task. */
const AT_ONCE = 16;

interface Props {
  readonly layer: PlacedLayer<ConvLayer>;
  readonly parameters: Float64Array;
  /** The magnitude that has the full colour. */
  readonly limit: number;
}

export function Filters({ layer: { layer, slices }, parameters, limit }: Props) {
  const [{ name, offset, length }, biases] = slices;
  const each = length / layer.filters;
  const shown = Math.min(MOST_FILTERS, layer.filters);
  return (
    <>
      <Legend limit={limit} what={name} />
      <ul class="filter-maps" aria-label={`Filters of ${layer.kernelHeight}×${layer.kernelWidth}`}>
        <Staged atOnce={AT_ONCE}>
          {Array.from({ length: shown }, (_, filter) => {
            const from = offset + filter * each;
            const weights = parameters.subarray(from, from + each);
            const [least, most] = [Math.min(...weights), Math.max(...weights)].map(exactNumber);
            const bias = exactNumber(parameters[biases.offset + filter]);
            return (
              <li key={filter}>
                <div
                  role="img"
                  aria-label={`Filter ${filter + 1}: ${count(each, 'weight')} from ${least} to ${most}, bias ${bias}`}
                >
                  <WeightMap values={weights} width={layer.kernelWidth} limit={limit} />
                </div>
                <span aria-hidden="true">{filter + 1}</span>
              </li>
            );
          })}
        </Staged>
      </ul>
      {shown < layer.filters && (
        <p class="source">
          The first {integer(shown)} of {integer(layer.filters)} filters.
        </p>
      )}
    </>
  );
}
