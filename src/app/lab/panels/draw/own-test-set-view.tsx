/** One's own drawings as a test set: add, see what the network makes of them, delete. */
import { useSignal } from '@preact/signals';
import { digitImageOf } from '../../../../data/bitmap';
import { PIXELS } from '../../../../data/digits';
import { Button } from '../../../components/button';
import { DigitImage } from '../../../components/digit-image';
import { count, integer, printedNumber } from '../../../state/format';
import type { Subject } from '../common/subject';
import type { Answers, Prediction } from './answers';
import type { OwnDrawing } from './drawings';
import {
  addDrawing,
  deleteAllDrawings,
  deleteDrawing,
  ownDrawings,
  ownProblem,
} from './own-test-set';
import { drawing } from './pen';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

interface Props {
  readonly subject: Subject;
  readonly answers: Answers | undefined;
  /** Whether anything is drawn. */
  readonly canAdd: boolean;
}

export function OwnTestSet({ subject, answers, canAdd }: Props) {
  const digit = useSignal(subject.lesson.classes[0]);
  const drawings = ownDrawings.value;
  return (
    <section class="panel-section" aria-labelledby="own-test-set">
      <div class="panel-heading">
        <h2 id="own-test-set">Your own test set</h2>
        {drawings.length > 0 && (
          <Button
            onPress={() => {
              if (confirm(`Delete ${count(drawings.length, 'drawing')}?`)) deleteAllDrawings();
            }}
          >
            Delete all
          </Button>
        )}
      </div>
      <div class="own-add">
        <label class="field">
          <span class="field-label">The drawing is a</span>
          <select
            value={digit.value}
            onChange={(event) => {
              digit.value = Number(event.currentTarget.value);
            }}
          >
            {DIGITS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <Button
          isDisabled={!canAdd}
          onPress={() => addDrawing({ digit: digit.value, bitmap: drawing.peek() })}
        >
          Add to the test set
        </Button>
      </div>
      {ownProblem.value !== undefined && <p class="field-problem">{ownProblem.value}</p>}
      <OwnAccuracy subject={subject} answers={answers} />
      <ul class="sample-grid">
        {drawings.map((own, index) => (
          <li key={index} class="own-card">
            <OwnCard
              own={own}
              prediction={answers?.own.get(own)}
              classes={subject.lesson.classes}
            />
            <button
              type="button"
              class="own-delete"
              aria-label={`Delete drawing ${index + 1}, a ${own.digit}`}
              onClick={() => deleteDrawing(index)}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnAccuracy({ subject: { lesson }, answers }: Pick<Props, 'subject' | 'answers'>) {
  const { classes } = lesson;
  const drawings = ownDrawings.value;
  if (drawings.length === 0) {
    return (
      <p class="source">
        Drawings that you add stay in this browser, and the network is tried on them as it trains.
      </p>
    );
  }
  const known = drawings.filter(({ digit }) => classes.includes(digit));
  const predictions = known.map((own) => answers?.own.get(own));
  const right = known.filter(
    ({ digit }, i) => classes[predictions[i]?.predicted ?? -1] === digit,
  ).length;
  const others = drawings.length - known.length;
  const isAnswered = known.length > 0 && predictions.every((each) => each !== undefined);
  return (
    <p class="own-accuracy">
      {known.length > 0 && (
        <>
          Accuracy <strong>{isAnswered ? printedNumber(right / known.length) : '…'}</strong>
          {isAnswered && `: ${integer(right)} of ${count(known.length, 'drawing')} right. `}
        </>
      )}
      {others > 0 &&
        `${count(others, 'drawing')} of digits that this network does not know ${others === 1 ? 'is' : 'are'} not counted.`}
    </p>
  );
}

interface CardProps {
  readonly own: OwnDrawing;
  readonly prediction: Prediction | undefined;
  readonly classes: readonly number[];
}

function OwnCard({ own: { digit, bitmap }, prediction, classes }: CardProps) {
  const image = digitImageOf(bitmap) ?? new Uint8Array(PIXELS);
  const predicted = prediction === undefined ? undefined : classes[prediction.predicted];
  return (
    <>
      <DigitImage pixels={image} label={`Your drawing of a ${digit}`} />
      <span class={predicted === digit ? 'is-right' : 'is-wrong'}>
        {predicted === undefined
          ? '…'
          : predicted === digit
            ? `✓ ${digit}`
            : `✗ ${digit} as ${predicted}`}
      </span>
      <span class="sample-card-number">
        {prediction === undefined
          ? '–'
          : printedNumber(prediction.probabilities[prediction.predicted])}
      </span>
    </>
  );
}
