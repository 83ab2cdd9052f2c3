/**
 * The stage: the network at work, live. A picture of it with a sample on its way, its curves, and ten test
 * samples with what it takes them for. It asks the worker ten times a second at most, less often where that
 * would slow training down, one question at a time, and only while it is in sight.
 */
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { classPhrase, pictureShape } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import { scaleRows } from '../../data/scaler';
import { networkOf } from '../../training/network-of';
import { chosenSample } from '../lab/panels/common/sample-choice';
import { useSubject } from '../lab/panels/common/subject';
import { useReadback } from '../lab/panels/common/use-readback';
import { imageAt } from '../state/images';
import { hasBegun, momentWords } from '../state/moment';
import type { Run } from '../state/run';
import { useStore } from '../state/store-context';
import type { Lesson } from '../worker/lesson';
import type { StageView } from '../worker/stage-view';
import { Answers } from './answers';
import { lookedAtUnit } from './chosen-unit';
import { stageCost, useDrawCost } from './draw-cost';
import { ownAnswer, ownSample } from './own-sample';
import { Picture } from './picture';
import { Sparks } from './sparks';
import './stage.css';
import { UnitBox } from './unit-box';

/** Ten times a second. */
const READ_MILLISECONDS = 100;
/** While a run trains at full speed, the stage takes at most this share of its time. */
const MOST_SHARE = 0.04;

interface Props {
  /** Below the picture, beside the unit that is looked at. */
  readonly children?: ComponentChildren;
}

export function Stage({ children }: Props) {
  const store = useStore();
  const last = useRef<{ readonly run: Run; readonly view: StageView } | undefined>(undefined);
  const read = useCallback(
    async (run: Run): Promise<Seen> => {
      const before = last.current?.run === run ? last.current.view.layers : [];
      const lesson = store.lesson.peek();
      const own = ownSample.peek();
      const isOwn = lesson !== undefined && own?.dataset === run.configuration.dataset;
      const view = await store.service.stage(run.id, {
        sample: isOwn ? scaleRows(lesson.scaler, own.pixels) : chosenSample.peek(),
        before: before.map(({ shown }) => shown),
        unit: lookedAtUnit.peek(),
      });
      last.current = { run, view };
      return { view, own: isOwn ? own.pixels : undefined };
    },
    [store],
  );
  const drawing = useRef(0);
  const costOf = useCallback(
    ({ view }: Seen) =>
      stageCost({
        computing: view.milliseconds,
        drawing: drawing.current,
        cores: navigator.hardwareConcurrency,
        isSlowMotion: (store.pace.peek() ?? store.firstRun.pace.peek()) !== undefined,
      }),
    [store],
  );
  const [ref, readback, isSeen] = useReadback({
    read,
    milliseconds: READ_MILLISECONDS,
    mostShare: MOST_SHARE,
    watch,
    costOf,
  });
  const subject = useSubject();
  const run = store.run.value;
  // While the first backend is opened and measured there is something to see already.
  const lesson = subject?.lesson ?? (run === undefined ? store.lesson.value : undefined);
  const isUntrained = run === undefined || run.history.length === 0;
  const { view, own } = (subject && readback?.value) ?? {
    view: isUntrained ? lesson?.stage : undefined,
  };
  useDrawCost(view, drawing);
  const sees = isSeen.value;
  useEffect(() => {
    ownAnswer.value = sees && view && own ? { ...answerOf(view), pixels: own } : undefined;
  }, [sees, view, own]);
  const configuration =
    (subject?.run ?? lesson)?.configuration ?? store.settings.configuration.value;
  const spec = networkOf(configuration);
  const { dataset } = configuration;
  const shape = pictureShape(datasetOf(dataset));
  const isLookedAt = lookedAtUnit.value !== undefined;
  return (
    <section ref={ref} class="stage" aria-labelledby="stage-heading">
      <h2 id="stage-heading" class="visually-hidden">
        The network at work
      </h2>
      <div class="stage-grid">
        <div class="stage-main">
          <Says lesson={lesson} view={view} problem={readback?.problem} />
          <Picture
            dataset={dataset}
            spec={spec}
            classNames={lesson?.classNames ?? configuration.classes.map(String)}
            pixels={own ?? sampleOf(lesson, view)}
            view={view}
          />
        </div>
        <Answers
          dataset={dataset}
          classNames={lesson?.classNames ?? []}
          images={lesson?.testImages}
          view={view}
        />
        <Sparks isSeen={isSeen} />
        <UnitBox
          unit={isLookedAt ? view?.unit : undefined}
          layers={spec.layers.length}
          imageWidth={shape.width}
        />
        {children}
      </div>
    </section>
  );
}

/** Of the sample that flows through. */
function answerOf({ epoch, batch, predicted, probabilities }: StageView) {
  return { epoch, batch, predicted, probabilities };
}

/** What was asked for last, and the pixels of the user's own sample where that is what flows through. */
interface Seen {
  readonly view: StageView;
  readonly own: Uint8Array | undefined;
}

function sampleOf(lesson: Lesson | undefined, view: StageView | undefined) {
  const sample = view?.sample;
  return lesson && sample !== undefined ? imageAt(lesson.testImages, sample) : undefined;
}

/** What another answer is needed for. */
function watch(): void {
  ownSample.value;
  chosenSample.value;
  lookedAtUnit.value;
}

function titleOf({ testImages, configuration }: Lesson, { sample }: StageView): string {
  if (sample === undefined) return 'Your drawing';
  const truth = classPhrase(datasetOf(configuration.dataset), testImages.names[sample]);
  return `Test sample ${sample}, ${truth},`;
}

interface SaysProps {
  readonly lesson: Lesson | undefined;
  readonly view: StageView | undefined;
  readonly problem: string | undefined;
}

/** What goes in, and what the network makes of it. */
function Says({ lesson, view, problem }: SaysProps) {
  const { isOpening } = useStore();
  if (lesson === undefined || view === undefined) {
    const why = problem === undefined ? '' : `The network could not be read: ${problem}`;
    return <p class="stage-says">{isOpening.value ? 'Opening the backend…' : why}</p>;
  }
  const { sample, predicted, probabilities } = view;
  const answer = lesson.classNames[predicted];
  const isRight = sample === undefined || lesson.testImages.names[sample] === answer;
  return (
    <p class="stage-says">
      <span>
        {titleOf(lesson, view)} is taken for{' '}
        <strong>
          {answer} {sample !== undefined && hasBegun(view) && <Mark isRight={isRight} />}
        </strong>{' '}
        with {(100 * probabilities[predicted]).toFixed(0)} %
      </span>
      <span class="stage-epoch">{momentWords(view)}</span>
    </p>
  );
}

function Mark({ isRight }: { readonly isRight: boolean }) {
  return <span class={isRight ? 'is-right' : 'is-wrong'}>{isRight ? '✓' : '✗'}</span>;
}
