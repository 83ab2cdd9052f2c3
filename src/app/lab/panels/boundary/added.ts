/** Points that are put into the plane: they are a setting, and a run that trains begins again with them. */
import { type AddedPoint, formatPoints, parsePoints } from '../../../../data/added-points';
import { type Configuration, FIELDS } from '../../../../training/configuration/fields';
import { count } from '../../../state/format';
import type { Store } from '../../../state/store';
import type { Extent, PlaneSamples } from '../../../worker/boundary-view';
import type { PlanePoint } from './colors';

export const MOST_POINTS = FIELDS.points.mostCount;

/** Points that follow each other so soon begin one run and not several, in milliseconds. */
const TOGETHER_MS = 400;

let restart: ReturnType<typeof setTimeout> | undefined;

/** All points of the settings, as they were put. */
export function pointsOf({ points }: Pick<Configuration, 'points'>): readonly AddedPoint[] {
  return parsePoints(points) ?? [];
}

/** The points of the chosen classes, with the position of each among these. */
export function addedPointsOf(
  configuration: Pick<Configuration, 'points'>,
  classes: readonly number[],
): PlaneSamples {
  const points = pointsOf(configuration).filter(({ label }) => classes.includes(label));
  return {
    values: Float64Array.from(points.flatMap(({ x, y }) => [x, y])),
    labels: Uint8Array.from(points, ({ label }) => classes.indexOf(label)),
    of: points.length,
  };
}

/** A place without more digits than can be seen: thousands of what the picture spans. */
export function roundedTo({ left, right, bottom, top }: Extent, { x, y }: PlanePoint): PlanePoint {
  const rounded = (value: number, span: number) => {
    const digits = Math.min(100, Math.max(0, 3 - Math.floor(Math.log10(span))));
    return Number(value.toFixed(digits)) || 0;
  };
  return { x: rounded(x, right - left), y: rounded(y, top - bottom) };
}

/** The class that a key means, by its place: where classes are called by one digit, that digit, else 1 for the first. */
export function classOfKey(key: string, classNames: readonly string[]): number | undefined {
  if (!/^\d$/.test(key)) return undefined;
  const areDigits = classNames.every((name) => /^\d$/.test(name));
  const place = areDigits ? classNames.indexOf(key) : Number(key) - 1;
  return place >= 0 && place < classNames.length ? place : undefined;
}

/** Puts a point into the training set. */
export function addPoint(store: Store, point: AddedPoint, className: string): void {
  const before = pointsOf(store.settings.configuration.peek());
  if (before.length >= MOST_POINTS) {
    store.announcer.say(`There are ${MOST_POINTS} points, and no more can be added.`);
    return;
  }
  change(store, [...before, point]);
  const { x, y } = point;
  store.announcer.say(`A point of ${className} at ${x}, ${y}: ${said(before.length + 1)}.`);
}

/** Takes back the point that was added last. */
export function removeLastPoint(store: Store): void {
  const before = pointsOf(store.settings.configuration.peek());
  if (before.length === 0) return;
  change(store, before.slice(0, -1));
  store.announcer.say(`The last point is gone: ${said(before.length - 1)}.`);
}

export function removePoints(store: Store): void {
  change(store, []);
  store.announcer.say('All added points are gone.');
}

function said(points: number): string {
  return points === 0 ? 'none is added' : `${count(points, 'point')} added`;
}

/** A run that trains begins again with them; one that has stopped is left to whoever looks at it. */
function change(store: Store, points: readonly AddedPoint[]): void {
  const isBusy = store.run.peek()?.isBusy === true || restart !== undefined;
  store.settings.edit('points', formatPoints(points));
  store.settings.settle();
  if (!isBusy) {
    store.settingsChanged();
    return;
  }
  clearTimeout(restart);
  restart = setTimeout(() => {
    restart = undefined;
    // Whoever has paused it meanwhile wants it to stand.
    const status = store.run.peek()?.status.peek();
    if (status === 'pausing' || status === 'paused') store.settingsChanged();
    else store.applyAndRestart();
  }, TOGETHER_MS);
}
