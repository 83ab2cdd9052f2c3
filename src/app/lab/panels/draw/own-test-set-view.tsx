/** One's own drawings as a test set: add, see what the network makes of them, delete. */
import { imageOfDrawing, sheetOf } from '../../../../data/bitmap';
import { capitalized, classNoun, classPhrase } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { Button } from '../../../components/button';
import { SampleImage } from '../../../components/sample-image';
import { Select } from '../../../components/select';
import { count, integer, printedNumber } from '../../../state/format';
import { useStore } from '../../../state/store-context';
import type { Subject } from '../common/subject';
import type { Answers, Prediction } from './answers';
import type { OwnDrawing } from './drawings';
import {
  addDrawing,
  deleteAllDrawings,
  deleteDrawing,
  ownDrawings,
  ownLabel,
  ownProblem,
} from './own-test-set';
import { drawing } from './pen';

interface Props {
  readonly subject: Subject;
  readonly answers: Answers | undefined;
  /** Whether anything is drawn. */
  readonly canAdd: boolean;
}

/** Nobody has said yet what a drawing is. */
const NO_LABEL = -1;

export function OwnTestSet({ subject, answers, canAdd }: Props) {
  const { announcer } = useStore();
  const { dataset } = subject.run.configuration;
  const { classNames, input } = datasetOf(dataset);
  const noun = classNoun(datasetOf(dataset));
  // Another data set may have fewer classes than the one that was chosen.
  const label = classNames[ownLabel.value ?? -1] === undefined ? undefined : ownLabel.value;
  const drawings = ownDrawings.value;
  return (
    <section class="panel-section" aria-labelledby="own-test-set">
      <div class="panel-heading">
        <h2 id="own-test-set">Your own test set</h2>
        {drawings.length > 0 && (
          <Button
            onPress={() => {
              const text = `${count(drawings.length, 'drawing')}.`;
              const restore = deleteAllDrawings();
              announcer.offerUndo('Your own test set was deleted', text, async () => restore());
            }}
          >
            Delete all
          </Button>
        )}
      </div>
      <div class="own-add">
        <label class="field">
          <span class="field-label">The drawing is</span>
          <Select
            choices={[...(label === undefined ? [NO_LABEL] : []), ...classNames.keys()]}
            titleOf={(index) => classNames[index] ?? `which ${noun}?`}
            chosen={label ?? NO_LABEL}
            onChoose={(index) => {
              ownLabel.value = index;
            }}
          />
        </label>
        <Button
          isDisabled={!canAdd || label === undefined}
          onPress={() => {
            const drawn = drawing.peek();
            if (drawn !== undefined && label !== undefined) addDrawing({ ...drawn, label });
          }}
        >
          Add to the test set
        </Button>
      </div>
      {ownProblem.value !== undefined && <p class="field-problem">{ownProblem.value}</p>}
      <OwnAccuracy subject={subject} answers={answers} />
      <ul class="sample-grid" style={{ '--columns': input.width }}>
        {drawings.map((own, index) => (
          <li key={index} class="own-card">
            <OwnCard
              own={own}
              prediction={answers?.own.get(own)}
              classNames={subject.lesson.classNames}
            />
            <button
              type="button"
              class="own-delete"
              aria-label={`Delete drawing ${index + 1}, ${phraseOf(own)}`}
              onClick={() => {
                deleteDrawing(own);
                const undo = async () => addDrawing(own);
                announcer.offerUndo(
                  'A drawing was deleted',
                  `${capitalized(phraseOf(own))}.`,
                  undo,
                );
              }}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnAccuracy({ subject: { run }, answers }: Pick<Props, 'subject' | 'answers'>) {
  const { dataset, classes } = run.configuration;
  const drawings = ownDrawings.value;
  if (drawings.length === 0) {
    return (
      <p class="source">
        Drawings that you add stay in this browser, and the network is tried on them as it trains.
      </p>
    );
  }
  const known = drawings.filter((own) => own.dataset === dataset && classes.includes(own.label));
  const predictions = known.map((own) => answers?.own.get(own));
  const right = known.filter(
    ({ label }, i) => classes[predictions[i]?.predicted ?? -1] === label,
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
        `${count(others, 'drawing')} of classes that this network does not know ${others === 1 ? 'is' : 'are'} not counted.`}
    </p>
  );
}

interface CardProps {
  readonly own: OwnDrawing;
  readonly prediction: Prediction | undefined;
  readonly classNames: readonly string[];
}

function nameOf({ dataset, label }: OwnDrawing): string {
  return datasetOf(dataset).classNames[label];
}

function phraseOf(own: OwnDrawing): string {
  return classPhrase(datasetOf(own.dataset), nameOf(own));
}

function OwnCard({ own, prediction, classNames }: CardProps) {
  const { dataset, bitmap } = own;
  const truth = nameOf(own);
  const sheet = sheetOf(datasetOf(dataset));
  const image = sheet === undefined ? undefined : imageOfDrawing(sheet, bitmap);
  const predicted = prediction === undefined ? undefined : classNames[prediction.predicted];
  return (
    <>
      {image !== undefined && (
        <SampleImage dataset={dataset} pixels={image} label={`Your drawing, ${phraseOf(own)}`} />
      )}
      <span class={predicted === truth ? 'is-right' : 'is-wrong'}>
        {predicted === undefined
          ? '…'
          : predicted === truth
            ? `✓ ${truth}`
            : `✗ ${truth} as ${predicted}`}
      </span>
      <span class="sample-card-number">
        {prediction === undefined
          ? '–'
          : printedNumber(prediction.probabilities[prediction.predicted])}
      </span>
    </>
  );
}
