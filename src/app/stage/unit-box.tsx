/** The unit that is looked at: its weights as a picture, and its numbers. Its place is there before a unit is. */
import { exactNumber, largestMagnitude } from '../lab/panels/network/scale';
import { WeightMap } from '../lab/panels/network/weight-map';
import { count } from '../state/format';
import type { StageUnit } from '../worker/stage-view';
import { unitTitle } from './words';

interface Props {
  /** None where no unit is looked at. */
  readonly unit: StageUnit | undefined;
  readonly layers: number;
  /** Columns of a sample, for the weights that see it. */
  readonly imageWidth: number;
}

export function UnitBox({ unit, layers, imageWidth }: Props) {
  if (unit === undefined) {
    return (
      <p class="stage-unit is-empty">
        Blue is positive, orange negative, and the paler the nearer to 0. Point at a unit, tap it or
        go to it with the arrow keys: here is what it looks for.
      </p>
    );
  }
  const { layer, weights, bias, sum, activation } = unit;
  const isOutput = layer === layers;
  const title = unitTitle(unit, layers);
  const seesImage = layer === 1 && weights.length % imageWidth === 0;
  const [least, most] = [Math.min(...weights), Math.max(...weights)].map(exactNumber);
  return (
    <section class="stage-unit" aria-label={title}>
      {weights.length > 0 && (
        <div
          class={seesImage ? 'stage-unit-map' : 'stage-unit-map is-strip'}
          role="img"
          aria-label={`Its ${count(weights.length, 'weight')}, from ${least} to ${most}`}
        >
          <WeightMap
            values={weights}
            width={seesImage ? imageWidth : weights.length}
            limit={largestMagnitude(weights)}
          />
        </div>
      )}
      <strong>{title}</strong>
      <dl>
        <div>
          <dt>{isOutput ? 'probability' : 'activation'}</dt>
          <dd>{exactNumber(activation)}</dd>
        </div>
        <div>
          <dt>sum before it</dt>
          <dd>{exactNumber(sum)}</dd>
        </div>
        {bias !== undefined && (
          <div>
            <dt>bias</dt>
            <dd>{exactNumber(bias)}</dd>
          </div>
        )}
        {weights.length > 0 && (
          <div>
            <dt>{count(weights.length, 'weight')}</dt>
            <dd>
              {least} to {most}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
