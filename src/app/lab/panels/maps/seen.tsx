/** The sample, with what the place that is looked at sees of it framed, and that place's numbers. */
import { useMemo } from 'preact/hooks';
import { pictureShape, type Values } from '../../../../data/dataset';
import { type DatasetName, datasetOf } from '../../../../data/registry';
import type { PlacedLayer } from '../../../../layers/layer';
import { hasPlace, patchesOf } from '../../../../model/receptive-field';
import { SampleImage } from '../../../components/sample-image';
import { count } from '../../../state/format';
import type { FeatureMaps } from '../../../worker/feature-maps';
import { exactNumber, largestMagnitude } from '../network/scale';
import { WeightMap } from '../network/weight-map';
import { isSamePlace, lookedAtPlace } from './looked-at-place';
import { type Patches, PatchOutline } from './patch-outline';
import { fieldText, layerName } from './words';

/** Slices of a filter that are shown. */
const MOST_SLICES = 16;

interface Props {
  readonly dataset: DatasetName;
  /** Before scaling. */
  readonly pixels: Values;
  /** What it is, for those who do not see it. */
  readonly label: string;
  readonly places: readonly PlacedLayer[];
  readonly view: FeatureMaps;
  readonly patches: Patches;
}

export function Seen({ dataset, pixels, label, places, view, patches }: Props) {
  const { width, height } = pictureShape(datasetOf(dataset));
  return (
    <section class="panel-aside maps-seen" aria-labelledby="maps-seen">
      <h2 id="maps-seen" class="visually-hidden">
        What a place sees
      </h2>
      <div class="maps-sample" style={{ '--ratio': `${width} / ${height}` }}>
        <SampleImage dataset={dataset} pixels={pixels} label={label} />
        <PatchOutline patches={patches} level={0} rows={height} columns={width} />
      </div>
      <PlaceNumbers places={places} view={view} />
    </section>
  );
}

/** As high with a place as without, so that nothing moves. */
function PlaceNumbers({ places, view }: Pick<Props, 'places' | 'view'>) {
  const at = lookedAtPlace.value;
  const maps = view.layers.find(({ layer }) => layer === at?.layer);
  if (at === undefined || maps === undefined || !hasPlace(places, at)) {
    return (
      <p class="maps-place is-empty">
        Point at a map, tap it, or go to it with the Tab key: what that place sees is framed here
        and in the maps before it.
      </p>
    );
  }
  const place = places[at.layer - 1];
  const [, height, width] = place.output;
  const value = maps.values.at((at.channel * height + at.row) * width + at.column);
  const closely = isSamePlace(view.place, at) ? view.place : undefined;
  const numbers = [
    ['activation', at.channel < maps.channels ? value : undefined],
    ['sum before it', closely?.sum],
    ['bias', closely?.bias],
  ] as const;
  return (
    <div class="maps-place">
      <strong>
        {layerName(place)}, channel {at.channel + 1}, row {at.row + 1}, column {at.column + 1}
      </strong>
      <p>sees {fieldText(places, patchesOf(places, at))}</p>
      <dl class="unit-numbers">
        {numbers.map(([name, number]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{number === undefined ? '–' : exactNumber(number)}</dd>
          </div>
        ))}
      </dl>
      <Filter place={place} weights={closely?.filter} />
    </div>
  );
}

interface FilterProps {
  readonly place: PlacedLayer;
  /** Undefined before they have come. */
  readonly weights: Float64Array | undefined;
}

/** A picture of the filter for each channel that it sees. */
function Filter({ place: { slices }, weights }: FilterProps) {
  const [rows, columns] = slices.length === 0 ? [1, 1] : slices[0].shape.slice(2);
  const parts = useMemo(() => {
    const each = rows * columns;
    const length = Math.min(MOST_SLICES, (weights?.length ?? 0) / each);
    return Array.from({ length }, (_, part) => weights?.subarray(part * each, (part + 1) * each));
  }, [weights, rows, columns]);
  if (weights === undefined || weights.length === 0) return null;
  const channels = weights.length / (rows * columns);
  const [least, most] = [Math.min(...weights), Math.max(...weights)].map(exactNumber);
  const limit = largestMagnitude(weights);
  return (
    <>
      <p>
        filter of {count(weights.length, 'weight')}, {least} to {most}
        {parts.length < channels && `; its first ${parts.length} of ${channels} channels`}
      </p>
      <div class="place-filter" aria-hidden="true">
        {parts.map(
          (part, channel) =>
            part && (
              <span key={channel}>
                <WeightMap values={part} width={columns} limit={limit} />
              </span>
            ),
        )}
      </div>
    </>
  );
}
