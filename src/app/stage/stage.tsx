/**
 * The stage: the network at work, live. A picture of it with a sample on its way, its curves, and ten test
 * samples with what it takes them for.
 */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { classPhrase, pictureShape } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import { networkOf } from '../../training/network-of';
import { useSubject } from '../lab/panels/common/subject';
import { imageAt } from '../state/images';
import { hasBegun, momentWords } from '../state/moment';
import type { Run } from '../state/run';
import { useStore } from '../state/store-context';
import type { Lesson } from '../worker/lesson';
import type { StageView } from '../worker/stage-view';
import { Answers } from './answers';
import { lookedAtUnit } from './chosen-unit';
import { ownAnswer } from './own-sample';
import { Picture } from './picture';
import { Sparks } from './sparks';
import './stage.css';
import { UnitBox } from './unit-box';
import { useLook } from './use-look';

/** While a run trains at full speed, the stage takes at most this share of its time. */
const MOST_SHARE = 0.04;

interface Props {
  /** Below the picture, beside the unit that is looked at. */
  readonly children?: ComponentChildren;
}

export function Stage({ children }: Props) {
  const store = useStore();
  const last = useRef<{ readonly run: Run; readonly view: StageView } | undefined>(undefined);
  const ask = useCallback((run: Run) => {
    const before = last.current?.run === run ? last.current.view.layers : [];
    return {
      stage: { before: before.map(({ shown }) => shown), unit: lookedAtUnit.peek() },
    };
  }, []);
  const [ref, readback, isSeen] = useLook({ ask, watch, mostShare: MOST_SHARE });
  const seen = readback?.value;
  if (readback && seen?.look.stage) last.current = { run: readback.run, view: seen.look.stage };
  const subject = useSubject();
  const run = store.run.value;
  // While the first backend is opened and measured there is something to see already.
  const lesson = subject?.lesson ?? (run === undefined ? store.lesson.value : undefined);
  // Its length alone would have the whole stage made anew with every report of progress.
  const isUntrained = useComputed(() => !store.run.value?.history.length).value;
  const isRead = subject !== undefined && seen !== undefined;
  const view = isRead ? seen.look.stage : isUntrained ? lesson?.stage : undefined;
  const own = isRead ? seen.own : undefined;
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

function sampleOf(lesson: Lesson | undefined, view: StageView | undefined) {
  const sample = view?.sample;
  return lesson && sample !== undefined ? imageAt(lesson.testImages, sample) : undefined;
}

/** What another answer is needed for. */
function watch(): void {
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
