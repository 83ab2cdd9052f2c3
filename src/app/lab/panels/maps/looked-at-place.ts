/** Which place of which map is looked at: the one under the pointer, else the one that was chosen. */
import { computed, signal } from '@preact/signals';
import type { MapPlace } from '../../../../model/receptive-field';

export const pointedPlace = signal<MapPlace | undefined>(undefined);
export const chosenPlace = signal<MapPlace | undefined>(undefined);

export const lookedAtPlace = computed(() => pointedPlace.value ?? chosenPlace.value);

export function isSamePlace(a: MapPlace | undefined, b: MapPlace | undefined): boolean {
  return (
    a?.layer === b?.layer &&
    a?.channel === b?.channel &&
    a?.row === b?.row &&
    a?.column === b?.column
  );
}

/** Sets the pointed place where it is another one. */
export function pointAt(place: MapPlace | undefined): void {
  if (!isSamePlace(pointedPlace.peek(), place)) pointedPlace.value = place;
}

interface MapSize {
  /** Of the maps that are shown of the layer. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The place that a key leads to: arrows within the map, Home to where it is strongest, Page Up and Page Down
 * to the map before and behind it. The first key goes to the strongest place, where the map has none yet.
 *
 * @param from - the chosen place, in this map or elsewhere
 * @param strongest - of the map that has the focus
 * @returns undefined for any other key
 */
export function placeByKey(
  key: string,
  from: MapPlace | undefined,
  strongest: MapPlace,
  { channels, height, width }: MapSize,
): MapPlace | undefined {
  const { layer, channel } = strongest;
  const isHere = from?.layer === layer && from.channel === channel;
  const here = isHere ? from : strongest;
  const moved = (rows: number, columns: number): MapPlace =>
    isHere
      ? {
          ...here,
          row: within(here.row + rows, height),
          column: within(here.column + columns, width),
        }
      : here;
  const moves: Readonly<Record<string, () => MapPlace>> = {
    ArrowUp: () => moved(-1, 0),
    ArrowDown: () => moved(1, 0),
    ArrowLeft: () => moved(0, -1),
    ArrowRight: () => moved(0, 1),
    Home: () => strongest,
    PageUp: () => ({ ...here, channel: within(channel - 1, channels) }),
    PageDown: () => ({ ...here, channel: within(channel + 1, channels) }),
  };
  return Object.hasOwn(moves, key) ? moves[key]() : undefined;
}

function within(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
