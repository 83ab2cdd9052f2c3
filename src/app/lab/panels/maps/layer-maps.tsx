/** The maps of one layer as pictures; a place in any of them can be looked at, by pointer or by keys. */
import { useMemo, useRef } from 'preact/hooks';
import type { PlacedLayer } from '../../../../layers/layer';
import { type MapPlace, patchesOf } from '../../../../model/receptive-field';
import { Button } from '../../../components/button';
import { Staged } from '../../../components/staged';
import { count, integer } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import {
  CHANNELS_FOLDED,
  CHANNELS_UNFOLDED,
  type FirstFilters,
  type LayerMaps as Maps,
} from '../../../worker/feature-maps';
import { activationLimit, exactNumber } from '../network/scale';
import { Legend, WeightMap } from '../network/weight-map';
import { chosenPlace, placeByKey, pointAt } from './looked-at-place';
import { type Patches, PatchOutline } from './patch-outline';
import { fieldText, isNeverNegative, layerName, mapName, strongestOf } from './words';

/** Maps made in one task: all at once would be felt. */
const AT_ONCE = 8;

interface Props {
  readonly place: PlacedLayer;
  readonly places: readonly PlacedLayer[];
  readonly maps: Maps;
  /** Of the first layer, where it is a convolution. */
  readonly filters: FirstFilters | undefined;
  readonly patches: Patches;
  readonly isUnfolded: boolean;
  readonly onFold: () => void;
}

export function LayerMaps(props: Props) {
  const { place, places, maps, filters, patches, isUnfolded, onFold } = props;
  const store = useStore();
  const list = useRef<HTMLUListElement>(null);
  const [all, height, width] = place.output;
  const size = height * width;
  const { values, channels, largest } = maps;
  // The same at every render: a picture is painted anew for other values.
  const pictures = useMemo(
    () => split(values, channels, (channel) => mapName(place, channel, pictureAt(channel))),
    [values, channels, place],
  );
  const kernels = useMemo(() => filters && split(filters.weights, channels), [filters, channels]);
  const limit = activationLimit(place, Float64Array.of(largest));
  const chosen = chosenPlace.value;
  const stop = chosen?.layer === place.index ? Math.min(chosen.channel, channels - 1) : 0;
  const heading = `maps-${place.index}`;

  function pictureAt(channel: number): Float32Array {
    return values.subarray(channel * size, (channel + 1) * size);
  }
  const placeUnder = (event: MouseEvent, channel: number): MapPlace | undefined => {
    if (!(event.currentTarget instanceof Element)) return undefined;
    const box = event.currentTarget.getBoundingClientRect();
    const share = (from: number, at: number, length: number, cells: number) =>
      Math.min(cells - 1, Math.max(0, Math.floor(((at - from) / length) * cells)));
    return {
      ...{ layer: place.index, channel },
      row: share(box.top, event.clientY, box.height, height),
      column: share(box.left, event.clientX, box.width, width),
    };
  };
  const onKeyDown = (event: KeyboardEvent, channel: number) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') chosenPlace.value = undefined;
    const strongest = strongestOf(pictureAt(channel)) ?? 0;
    const best = {
      ...{ layer: place.index, channel },
      ...{ row: Math.floor(strongest / width), column: strongest % width },
    };
    const next = placeByKey(event.key, chosenPlace.peek(), best, { channels, height, width });
    if (next === undefined) return;
    event.preventDefault();
    pointAt(undefined);
    chosenPlace.value = next;
    if (next.channel !== channel) {
      list.current?.querySelectorAll<HTMLElement>('.feature-map')[next.channel]?.focus();
    }
    const value = pictureAt(next.channel)[next.row * width + next.column];
    store.announcer.say(
      `Row ${next.row + 1}, column ${next.column + 1}: ${exactNumber(value)}. It sees ${fieldText(places, patchesOf(places, next))}.`,
    );
  };
  return (
    <section class="panel-section" aria-labelledby={heading}>
      <div class="panel-heading maps-heading">
        <h2 id={heading}>
          {layerName(place)}:{' '}
          {channels < all ? `${channels} of ${integer(all)} channels` : count(all, 'channel')} of{' '}
          {height}×{width}
        </h2>
        {all > CHANNELS_FOLDED && (
          <Button isExpanded={isUnfolded} onPress={onFold}>
            Show {isUnfolded ? CHANNELS_FOLDED : Math.min(all, CHANNELS_UNFOLDED)}
            <span class="visually-hidden"> channels of {layerName(place)}</span>
          </Button>
        )}
        <Legend limit={limit} what="activation" isPositive={isNeverNegative(places, place)} />
      </div>
      <ul ref={list} class="feature-maps" style={{ '--ratio': `${width} / ${height}` }}>
        <Staged atOnce={AT_ONCE}>
          {pictures.map(({ values: picture, name }, channel) => (
            <li key={channel}>
              <div
                class="feature-map"
                role="application"
                aria-roledescription="feature map"
                aria-label={name}
                aria-describedby="maps-help"
                tabIndex={channel === stop ? 0 : -1}
                onKeyDown={(event) => onKeyDown(event, channel)}
                onPointerMove={(event) => {
                  if (event.pointerType === 'mouse') pointAt(placeUnder(event, channel));
                }}
                onPointerLeave={() => pointAt(undefined)}
                onClick={(event) => {
                  chosenPlace.value = placeUnder(event, channel);
                }}
              >
                <WeightMap values={picture} width={width} limit={limit} />
                <PatchOutline
                  {...{ patches, channel }}
                  level={place.index}
                  rows={height}
                  columns={width}
                />
              </div>
              <div class="feature-map-caption">
                <span aria-hidden="true">{channel + 1}</span>
                {kernels !== undefined && filters !== undefined && (
                  <Kernel weights={kernels[channel].values} limit={filters.largest} place={place} />
                )}
              </div>
            </li>
          ))}
        </Staged>
      </ul>
    </section>
  );
}

interface KernelProps {
  readonly weights: Float64Array;
  readonly limit: number;
  readonly place: PlacedLayer;
}

/** The filter that a map of the first layer comes from, its channels one under the other. */
function Kernel({ weights, limit, place: { slices } }: KernelProps) {
  const width = slices[0].shape[3];
  const [least, most] = [Math.min(...weights), Math.max(...weights)].map(exactNumber);
  return (
    <div
      class="feature-map-filter"
      role="img"
      aria-label={`Its filter: ${count(weights.length, 'weight')} from ${least} to ${most}`}
    >
      <WeightMap values={weights} width={width} limit={limit} />
    </div>
  );
}

/** Values in as many parts of one length, with a name for each where there are names. */
function split<Kind extends Float32Array | Float64Array>(
  values: Kind,
  parts: number,
  nameOf: (part: number) => string = String,
): readonly { readonly values: Kind; readonly name: string }[] {
  const length = values.length / parts;
  return Array.from({ length: parts }, (_, part) => ({
    values: values.subarray(part * length, (part + 1) * length) as Kind,
    name: nameOf(part),
  }));
}
