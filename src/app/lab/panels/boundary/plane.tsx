/**
 * The picture of the plane, and a place in it that is asked about: by a pointer, with the two sliders, or
 * with the arrow keys. A click or a key puts a point there.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { classPhrase } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import type { PlacedLayer } from '../../../../layers/layer';
import { themeVersion } from '../../../components/theme';
import { lookedAtUnit } from '../../../stage/chosen-unit';
import { count, integer } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import type { BoundaryView, PlanePoints } from '../../../worker/boundary-view';
import type { Subject } from '../common/subject';
import { exactNumber } from '../network/scale';
import { AddPoints } from './add-points';
import { addedPointsOf, addPoint, classOfKey, removeLastPoint, roundedTo } from './added';
import {
  answerColors,
  answerLines,
  boundarySentence,
  cellAt,
  type PlanePoint,
  placeIn,
  ticksOf,
  unitColors,
  unitLines,
  unitSentence,
  unitTitle,
} from './colors';
import type { Line } from './contour';
import { Cells, Lines, Points, paletteOf } from './plane-canvas';
import { isUnit } from './unit-maps';

interface Props {
  readonly subject: Subject;
  readonly view: BoundaryView;
  readonly points: PlanePoints;
  /** The hidden layers. */
  readonly places: readonly PlacedLayer[];
  /** The pictures that one of is large: between it and its controls, so that on a phone both are in sight. */
  readonly children: ComponentChildren;
}

/** Of the picture, what an arrow key moves the place by, and with Shift. */
const STEP = 1 / 50;
const LONG_STEP = 1 / 10;

const MOVES: Readonly<Record<string, PlanePoint>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

export function Plane({ subject: { lesson, run }, view, points, places, children }: Props) {
  const store = useStore();
  const [at, setAt] = useState<PlanePoint>({ x: 0, y: 0 });
  // A position among the chosen classes.
  const [chosen, setChosen] = useState(0);
  const square = useRef<HTMLDivElement>(null);
  const size = useWidthOf(square);
  const { classNames } = lesson;
  const { classes, dataset } = run.configuration;
  const { extent } = view;
  const phrases = useMemo(
    () => classNames.map((name) => classPhrase(datasetOf(dataset), name)),
    [classNames, dataset],
  );
  const picture = usePicture({ view, places, classNames, phrases });
  const [nameX, nameY] = datasetOf(dataset).featureNames ?? ['x', 'y'];
  const [width, height] = [extent.right - extent.left, extent.top - extent.bottom];
  const place = placeIn(extent, at);
  const { points: text } = store.settings.configuration.value;
  const added = useMemo(() => addedPointsOf({ points: text }, classes), [text, classes]);
  const shown = roundedTo(extent, at);
  const position = Math.min(chosen, classNames.length - 1);
  const pointAt = (event: MouseEvent): PlanePoint => {
    const box = square.current?.getBoundingClientRect();
    if (box === undefined) return at;
    const x = extent.left + ((event.clientX - box.left) / box.width) * width;
    const y = extent.top - ((event.clientY - box.top) / box.height) * height;
    setAt({ x, y });
    return { x, y };
  };
  const add = (there: PlanePoint, k = position) =>
    addPoint(store, { ...roundedTo(extent, there), label: classes[k] }, classNames[k]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const move = MOVES[event.key];
    const k = classOfKey(event.key, classNames);
    if (move !== undefined) {
      const step = event.shiftKey ? LONG_STEP : STEP;
      setAt({
        x: within(at.x + step * move.x * width, extent.left, extent.right),
        y: within(at.y + step * move.y * height, extent.bottom, extent.top),
      });
    } else if (event.key === 'Enter' || event.key === ' ') add(at);
    else if (k !== undefined) add(at, k);
    else if (event.key === 'Backspace' || event.key === 'Delete') removeLastPoint(store);
    else return;
    event.preventDefault();
  };
  const isCapped = points.train.of > points.train.labels.length;
  return (
    <>
      <section class="boundary-answer" aria-labelledby="boundary-answer">
        <h2 id="boundary-answer">{picture.title}</h2>
        <p class="plane-key">
          {classNames.map((name, k) => (
            <span key={name} class={`plane-class is-${k % 8}`}>
              {phrases[k]}
            </span>
          ))}
          <span>● training</span>
          <span>◆ test</span>
          {added.of > 0 && <span>◎ added</span>}
        </p>
        <div class="plane-frame">
          <Axis axis="y" name={nameY} from={extent.bottom} to={extent.top} />
          <div
            ref={square}
            class="plane"
            role="application"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the place
            tabIndex={0}
            aria-label="A place in the plane"
            aria-describedby="plane-keys"
            onPointerMove={pointAt}
            onClick={(event) => add(pointAt(event))}
            onKeyDown={onKeyDown}
          >
            <div role="img" aria-label={picture.sentence}>
              <Cells colors={picture.colors} side={picture.side} />
            </div>
            <Lines lines={picture.lines} size={size} />
            <Points points={points} added={added} extent={extent} size={size} />
            <svg class="plane-cross" viewBox="0 0 1 1" aria-hidden="true" focusable="false">
              <path d={`M${place.x} 0V1M0 ${place.y}H1`} />
            </svg>
          </div>
          <Axis axis="x" name={nameX} from={extent.left} to={extent.right} />
        </div>
        <output class="plane-there">
          {nameX} {signed(shown.x)}, {nameY} {signed(shown.y)}:{' '}
          {picture.wordsAt(cellAt({ extent, side: picture.side }, at))}
        </output>
        {isCapped && (
          <p class="source">
            {integer(points.train.labels.length)} of {count(points.train.of, 'training sample')} and{' '}
            {integer(points.test.labels.length)} of {count(points.test.of, 'test sample')} are
            drawn.
          </p>
        )}
      </section>
      {children}
      <div class="boundary-tools">
        <AddPoints
          classNames={classNames}
          chosen={position}
          onChoose={setChosen}
          onAdd={() => add(at)}
        />
        <div class="plane-probe">
          {(
            [
              ['x', nameX, extent.left, extent.right],
              ['y', nameY, extent.bottom, extent.top],
            ] as const
          ).map(([axis, name, min, max]) => (
            <label key={axis}>
              <span>
                {name} {signed(shown[axis])}
              </span>
              <input
                type="range"
                {...{ min, max }}
                step={(max - min) / 100}
                value={at[axis]}
                aria-valuetext={signed(shown[axis])}
                onInput={({ currentTarget: { valueAsNumber } }) =>
                  setAt({ ...at, [axis]: valueAsNumber })
                }
              />
            </label>
          ))}
        </div>
      </div>
    </>
  );
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function signed(value: number): string {
  return String(value).replace('-', '−');
}

/** What the large picture shows. */
interface Picture {
  readonly title: string;
  /** The whole of it in words. */
  readonly sentence: string;
  readonly side: number;
  readonly colors: Uint8ClampedArray<ArrayBuffer>;
  readonly lines: readonly Line[];
  /** What is in one of its cells. */
  readonly wordsAt: (cell: number) => string;
}

interface PictureProps extends Pick<Props, 'view' | 'places'> {
  readonly classNames: readonly string[];
  /** `class 0` */
  readonly phrases: readonly string[];
}

/** The network's answer, or what the unit makes of the plane that is looked at, here or on the stage. */
function usePicture({ view, places, classNames, phrases }: PictureProps): Picture {
  const looked = lookedAtUnit.value;
  const theme = themeVersion.value;
  return useMemo(() => {
    const isLookedAt = looked && isUnit(looked);
    const small = isLookedAt && view.units.find(isLookedAt);
    // The fine picture comes with the next answer.
    const unit = view.lookedAt && isLookedAt?.(view.lookedAt) ? view.lookedAt : small;
    if (unit === undefined) {
      return {
        title: 'What the network answers',
        sentence: boundarySentence(view, classNames),
        side: view.side,
        colors: answerColors(view, classNames.length, paletteOf()),
        lines: answerLines(view, classNames.length),
        wordsAt: (cell) =>
          `${phrases[view.winners[cell]]} with ${(100 * view.strengths[cell]).toFixed(0)} %`,
      };
    }
    const { values } = unit;
    const { activation } = places[unit.layer - 1].layer;
    return {
      title: `${unitTitle(unit)}, ${activation}`,
      sentence: unitSentence(unit, activation),
      side: Math.sqrt(values.length),
      colors: unitColors(values, activation, paletteOf()),
      lines: unitLines(values, activation),
      wordsAt: (cell) => `activation ${exactNumber(values[cell])}`,
    };
  }, [view, places, classNames, phrases, looked, theme]);
}

interface AxisProps {
  readonly axis: 'x' | 'y';
  /** Of the feature. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** In the feature's units. Whoever does not see it has the sliders. */
function Axis({ axis, name, from, to }: AxisProps) {
  return (
    <div class={`plane-axis is-${axis}`} aria-hidden="true">
      {ticksOf(from, to).map(({ value, text }) => (
        <span key={text} style={{ '--at': (value - from) / (to - from) }}>
          {text}
        </span>
      ))}
      <b class={name.length > 2 ? 'is-long' : undefined}>{name}</b>
    </div>
  );
}

/** The width of an element in pixels, as long as it is there. */
function useWidthOf(ref: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
