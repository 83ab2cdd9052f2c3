/** The probabilities of the drawing. */
import { Bars } from '../common/bars';
import { Source, type Subject } from '../common/subject';
import type { Answers } from './answers';

interface Props {
  readonly subject: Subject;
  /** None where nothing is drawn. */
  readonly answers: Answers | undefined;
}

export function Answer({ subject: { run, lesson }, answers }: Props) {
  const drawing = answers?.drawing;
  return (
    <>
      <p class="draw-verdict">
        {drawing === undefined ? 'Nothing drawn yet.' : `A ${lesson.classes[drawing.predicted]}`}
      </p>
      <Bars
        label="Probability of each digit for the drawing"
        rows={lesson.classes.map((digit, index) => ({
          label: `${digit}`,
          share: drawing?.probabilities[index] ?? 0,
          isStrong: index === drawing?.predicted,
        }))}
      />
      <Source run={run} epoch={answers?.epoch ?? run.epochs.value} isNear={run.isBusy} />
      <p class="source">
        This network knows {lesson.classes.join(', ')} and nothing else: whatever you draw, it
        answers with one of them.
      </p>
    </>
  );
}
