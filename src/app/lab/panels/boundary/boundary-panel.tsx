/** The boundary: what the network answers all over the plane, live, and what each hidden unit makes of it. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isPlane } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { layersOf } from '../../../../model/network-spec';
import { checkConfiguration } from '../../../../training/configuration/check';
import { networkOf } from '../../../../training/network-of';
import { findPreset } from '../../../../training/presets';
import { Button } from '../../../components/button';
import { lookedAtUnit } from '../../../stage/chosen-unit';
import { useLook } from '../../../stage/use-look';
import type { Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';
import type { BoundaryView, PlanePoints } from '../../../worker/boundary-view';
import { NoSubject, OtherSettings, Source, type Subject, useSubject } from '../common/subject';
import './boundary.css';
import { Plane } from './plane';
import { UnitMaps } from './unit-maps';
import { WatchSlowly } from './watch-slowly';

/** While a run trains at full speed, the panel takes at most this share of its time. */
const MOST_SHARE = 0.08;

/** What was seen, and the points, which stay the same for a run. */
interface Seen {
  readonly view: BoundaryView;
  readonly points: PlanePoints;
}

export function BoundaryPanel() {
  const [ref, readback] = useLook({ ask, watch, mostShare: MOST_SHARE });
  const subject = useSubject();
  const view = readback?.value?.look.boundary;
  const points = usePoints();
  return (
    <div ref={ref} class="panel-content">
      <Content subject={subject} seen={view && points && { view, points }} />
      {readback?.problem !== undefined && (
        <p class="source">The network could not be asked: {readback.problem}</p>
      )}
    </div>
  );
}

function ask({ configuration }: Run) {
  if (!isPlane(datasetOf(configuration.dataset))) return undefined;
  return { boundary: { unit: lookedAtUnit.peek() } };
}

/** What another look is needed for. */
function watch(): void {
  lookedAtUnit.value;
}

/** The points of the selected run, once they have come. */
function usePoints(): PlanePoints | undefined {
  const store = useStore();
  const run = store.run.value;
  const [known, setKnown] = useState<{ readonly run: Run; readonly points: PlanePoints }>();
  useEffect(() => {
    if (run === undefined || ask(run) === undefined) return undefined;
    let isWanted = true;
    store.service.planePoints(run.id).then(
      (points) => isWanted && setKnown({ run, points }),
      // A run that is gone has no points, and another takes its place.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [run, store]);
  return known?.run === run ? known?.points : undefined;
}

interface ContentProps {
  readonly subject: Subject | undefined;
  readonly seen: Seen | undefined;
}

function Content({ subject, seen }: ContentProps) {
  const store = useStore();
  const { settings } = store;
  // While a run is opened again, as with every point that is added, the last picture stays, and the focus in it.
  const last = useRef<ShownProps | undefined>(undefined);
  if (subject !== undefined && seen !== undefined) last.current = { subject, seen };
  const wanted = settings.configuration.value.dataset;
  const dataset = subject?.run.configuration.dataset ?? wanted;
  if (!isPlane(datasetOf(dataset))) {
    if (isPlane(datasetOf(wanted))) return <OtherSettings />;
    return (
      <div class="panel-offer">
        <p>
          A boundary is seen in the plane, with data of two features: choose Circle, Exclusive or,
          Two clouds or Spiral as the data set.
        </p>
        <Button
          onPress={() =>
            store.beginWith(checkConfiguration(findPreset('plane-spiral').configuration))
          }
        >
          Set a spiral
        </Button>
      </div>
    );
  }
  const shown = last.current;
  if (shown?.subject.run.configuration.dataset !== dataset) {
    return <NoSubject subject={subject} doing="Asking the network…" />;
  }
  return <Boundary {...shown} />;
}

interface ShownProps {
  readonly subject: Subject;
  readonly seen: Seen;
}

function Boundary({ subject, seen: { view, points } }: ShownProps) {
  const { run, lesson } = subject;
  const places = useMemo(
    () => layersOf(networkOf(run.configuration)).filter(({ isOutput }) => !isOutput),
    [run],
  );
  return (
    <>
      <div class="boundary-head">
        <Source run={run} epoch={view.epoch} batch={view.batch} />
        <WatchSlowly run={run} />
      </div>
      <div class="boundary">
        <Plane subject={subject} view={view} points={points} places={places}>
          <section class="boundary-units" aria-labelledby="boundary-units">
            <h2 id="boundary-units">What each unit makes of it</h2>
            {places.length === 0 ? (
              <p class="source">There is no hidden layer: the output sees x and y alone.</p>
            ) : (
              <>
                <p class="source">
                  Point at one, or choose it, to see it large. Blue where a unit is above its
                  middle, orange below.
                </p>
                <UnitMaps places={places} view={view} classes={lesson.classNames.length} />
              </>
            )}
          </section>
        </Plane>
      </div>
    </>
  );
}
