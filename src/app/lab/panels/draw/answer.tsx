/** The probabilities of the drawing. */
import { capitalized, classNoun, classPhrase } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { printedNumber } from '../../../state/format';
import type { Moment } from '../../../state/moment';
import { Bars } from '../common/bars';
import { afterEpochs, Source, type Subject } from '../common/subject';
import type { Answers } from './answers';

interface Props {
  readonly subject: Subject;
  /** None where nothing is drawn. */
  readonly answers: Answers | undefined;
}

interface AnswerProps extends Props {
  /** Whether it is the stage that answers, which stands beside it. */
  readonly isOnStage: boolean;
}

export function Answer({ subject: { run, lesson }, answers, isOnStage }: AnswerProps) {
  const drawing = answers?.drawing;
  const dataset = datasetOf(lesson.configuration.dataset);
  return (
    <>
      <p class="draw-verdict">
        {drawing === undefined
          ? 'Nothing drawn yet.'
          : capitalized(classPhrase(dataset, lesson.classNames[drawing.predicted]))}
      </p>
      {answers?.distance !== undefined && (
        <p class="notice">
          This drawing is unlike every training image: the nearest one is{' '}
          {answers.distance.toFixed(0)} away, and each of them has another within{' '}
          {lesson.likeness.usual.toFixed(0)}. The answer says little.
        </p>
      )}
      <Bars
        label={`Probability of each ${classNoun(dataset)} for the drawing`}
        rows={lesson.classNames.map((name, index) => ({
          label: name,
          share: drawing?.probabilities[index] ?? 0,
          isStrong: index === drawing?.predicted,
        }))}
      />
      {isOnStage ? (
        <p class="source">
          {afterEpochs(answers ?? { epoch: 0, batch: 0 })} · as on the stage: a forward pass in
          float64 with the run’s parameters
        </p>
      ) : (
        <Source run={run} {...momentOf(answers ?? run.moment)} isNear={run.isBusy} />
      )}
      <p class="source">
        This network knows {lesson.classNames.join(', ')} and nothing else: whatever you draw, it
        answers with one of them.
      </p>
    </>
  );
}

function momentOf({ epoch, batch }: Moment): Moment {
  return { epoch, batch };
}

/** The answer in a word beside the pad, where what it says at length stands below the window. */
export function Glance({ subject: { lesson }, answers }: Props) {
  const drawing = answers?.drawing;
  if (drawing === undefined) return null;
  const { predicted, probabilities } = drawing;
  const dataset = datasetOf(lesson.configuration.dataset);
  const what = classPhrase(dataset, lesson.classNames[predicted]);
  return (
    <p class="draw-glance" aria-hidden="true">
      {answers?.distance === undefined ? capitalized(what) : `Unlike the data: ${what}`},{' '}
      {printedNumber(probabilities[predicted])}
    </p>
  );
}
