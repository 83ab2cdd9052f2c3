/** The boundary: what the network answers all over the plane, live, and what each hidden unit makes of it. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isPlane } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { layersOf } from '../../../../model/network-spec';
import { networkOf } from '../../../../training/network-of';
import { themeVersion } from '../../../components/theme';
import { stageCost, useDrawCost } from '../../../stage/draw-cost';
import type { Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';
import type { BoundaryView, PlanePoints } from '../../../worker/boundary-view';
import { NoSubject, Source, type Subject, useSubject } from '../common/subject';
import { useReadback } from '../common/use-readback';
import { fixedNumber } from '../network/scale';
import './boundary.css';
import { answerColors, boundarySentence, cellAt, type PlanePoint, placeIn } from './colors';
import { Cells, Points, paletteOf } from './plane-canvas';
import { UnitMaps } from './unit-maps';

/** Four times a second. */
const READ_MILLISECONDS = 250;
/** While a run trains at full speed, the panel takes at most this share of its time. */
const MOST_SHARE = 0.08;

/** What was read, and the points, which stay the same for a run. */
interface Seen {
  readonly view: BoundaryView;
  readonly points: PlanePoints;
}

export function BoundaryPanel() {
  const store = useStore();
  const known = useRef<{ readonly run: Run; readonly points: PlanePoints } | undefined>(undefined);
  const drawing = useRef(0);
  const read = useCallback(
    async (run: Run): Promise<Seen | undefined> => {
      if (!isPlane(datasetOf(run.configuration.dataset))) return undefined;
      const view = await store.service.boundary(run.id);
      const before = known.current;
      const points = before?.run === run ? before.points : await store.service.planePoints(run.id);
      known.current = { run, points };
      return { view, points };
    },
    [store],
  );
  const costOf = useCallback(
    (seen: Seen | undefined) =>
      stageCost({
        computing: seen?.view.milliseconds ?? 0,
        drawing: drawing.current,
        cores: navigator.hardwareConcurrency,
        isSlowMotion: (store.pace.peek() ?? store.firstRun.pace.peek()) !== undefined,
      }),
    [store],
  );
  const [ref, readback] = useReadback({
    ...{ read, costOf },
    milliseconds: READ_MILLISECONDS,
    mostShare: MOST_SHARE,
  });
  const subject = useSubject();
  const seen = readback?.value;
  useDrawCost(seen, drawing);
  return (
    <div ref={ref} class="panel-content">
      <Content subject={subject} seen={seen} />
      {readback?.problem !== undefined && (
        <p class="source">The network could not be asked: {readback.problem}</p>
      )}
    </div>
  );
}

interface ContentProps {
  readonly subject: Subject | undefined;
  readonly seen: Seen | undefined;
}

function Content({ subject, seen }: ContentProps) {
  const { settings } = useStore();
  const { dataset } = subject?.run.configuration ?? settings.configuration.value;
  if (!isPlane(datasetOf(dataset))) {
    return (
      <p class="source">
        A boundary is seen in the plane, with data of two features: choose Circle, Exclusive or, Two
        clouds or Spiral as the data set.
      </p>
    );
  }
  if (subject === undefined || seen === undefined) {
    return <NoSubject subject={subject} doing="Asking the network…" />;
  }
  return <Boundary subject={subject} seen={seen} />;
}

function Boundary({ subject, seen }: { readonly subject: Subject; readonly seen: Seen }) {
  const { run, lesson } = subject;
  const { view, points } = seen;
  const places = layersOf(networkOf(run.configuration)).filter(({ isOutput }) => !isOutput);
  const sentence = boundarySentence(view, lesson.classNames);
  return (
    <>
      <Source run={run} epoch={view.epoch} />
      <div class="boundary">
        <section aria-labelledby="boundary-answer">
          <h2 id="boundary-answer">What the network answers</h2>
          <Plane subject={subject} view={view} points={points} sentence={sentence} />
        </section>
        <section aria-labelledby="boundary-units">
          <h2 id="boundary-units">What each hidden unit answers</h2>
          {places.length === 0 ? (
            <p class="source">There is no hidden layer: the output sees x and y alone.</p>
          ) : (
            <UnitMaps places={places} units={view.units} />
          )}
        </section>
      </div>
    </>
  );
}

interface PlaneProps extends Seen {
  readonly subject: Subject;
  /** The picture in words. */
  readonly sentence: string;
}

/** The picture, and a place in it that is asked about: by a pointer, or with the two sliders. */
function Plane({ subject: { lesson, run }, view, points, sentence }: PlaneProps) {
  const [at, setAt] = useState<PlanePoint>({ x: 0, y: 0 });
  const square = useRef<HTMLDivElement>(null);
  const size = useWidthOf(square);
  const theme = themeVersion.value;
  const { classNames } = lesson;
  const { extent, side } = view;
  const colors = useMemo(
    () => answerColors(view, classNames.length, paletteOf()),
    [view, classNames.length, theme],
  );
  const [nameX, nameY] = datasetOf(run.configuration.dataset).featureNames ?? ['x', 'y'];
  const place = placeIn(extent, at);
  const pointAt = (event: PointerEvent) => {
    const box = square.current?.getBoundingClientRect();
    if (box === undefined) return;
    setAt({
      x: extent.left + ((event.clientX - box.left) / box.width) * (extent.right - extent.left),
      y: extent.top - ((event.clientY - box.top) / box.height) * (extent.top - extent.bottom),
    });
  };
  return (
    <>
      <div
        ref={square}
        class="plane"
        role="img"
        aria-label={sentence}
        onPointerMove={pointAt}
        onPointerDown={pointAt}
      >
        <Cells colors={colors} side={side} />
        <Points points={points} extent={extent} size={size} />
        <svg class="plane-cross" viewBox="0 0 1 1" aria-hidden="true" focusable="false">
          <path d={`M${place.x} 0V1M0 ${place.y}H1`} />
        </svg>
      </div>
      <p class="plane-key">
        {classNames.map((name, k) => (
          <span key={name} class={`plane-class is-${k % 8}`}>
            {name}
          </span>
        ))}
        <span>● training</span>
        <span>◆ test</span>
      </p>
      <p>{sentence}</p>
      <div class="plane-probe">
        {(
          [
            ['x', nameX, extent.left, extent.right],
            ['y', nameY, extent.bottom, extent.top],
          ] as const
        ).map(([axis, name, min, max]) => (
          <label key={axis}>
            <span>
              {name} {fixedNumber(at[axis])}
            </span>
            <input
              type="range"
              {...{ min, max }}
              step={(max - min) / 100}
              value={at[axis]}
              aria-valuetext={fixedNumber(at[axis])}
              onInput={({ currentTarget: { valueAsNumber } }) =>
                setAt({ ...at, [axis]: valueAsNumber })
              }
            />
          </label>
        ))}
        <output>{answerAt(view, classNames, at)}</output>
      </div>
    </>
  );
}

/** `There: 1 with 93 %`. */
function answerAt(view: BoundaryView, classNames: readonly string[], at: PlanePoint): string {
  const cell = cellAt(view, at);
  return `There: ${classNames[view.winners[cell]]} with ${(100 * view.strengths[cell]).toFixed(0)} %`;
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
