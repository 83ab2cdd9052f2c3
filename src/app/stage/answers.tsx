/** The ten test samples with what the network takes them for now; each can be sent through the picture. */
import { useId, useMemo } from 'preact/hooks';
import { classPhrase } from '../../data/dataset';
import { type DatasetName, datasetOf } from '../../data/registry';
import { SampleImage } from '../components/sample-image';
import { chooseSample } from '../lab/panels/common/sample-choice';
import { printedNumber } from '../state/format';
import { imageAt } from '../state/images';
import { hasBegun } from '../state/moment';
import type { NamedImages } from '../worker/lesson';
import type { StageAnswer, StageView } from '../worker/stage-view';
import { namesApart } from './words';

/** As many as Part 10 looks at. */
const PLACES = 10;

interface Props {
  readonly dataset: DatasetName;
  readonly classNames: readonly string[];
  readonly images: NamedImages | undefined;
  readonly view: StageView | undefined;
}

export function Answers({ dataset, classNames, images, view }: Props) {
  const id = useId();
  const { noun } = datasetOf(dataset);
  const answers = view?.answers ?? [];
  const right = answers.filter(({ label, predicted }) => label === predicted).length;
  // What a network of random weights answers is nobody's merit.
  const isTrained = view !== undefined && hasBegun(view);
  return (
    <fieldset class="stage-answers">
      <legend>
        <strong>
          {answers.length === 0 ? PLACES : answers.length} test {noun}s
        </strong>{' '}
        {isTrained ? `${right} right` : 'not trained yet'}
      </legend>
      <div class="stage-answers-row">
        {answers.map((answer) => (
          <Answer
            key={answer.sample}
            {...{ answer, dataset, classNames, isTrained }}
            name={id}
            images={images}
            isShown={view?.sample === answer.sample}
          />
        ))}
        {answers.length === 0 &&
          Array.from({ length: PLACES }, (_, place) => (
            <span key={`place-${place}`} class="stage-answer is-empty" aria-hidden="true">
              <span class="sample-image" />
              <span class="stage-verdict">–</span>
            </span>
          ))}
      </div>
    </fieldset>
  );
}

interface AnswerProps {
  readonly answer: StageAnswer;
  readonly name: string;
  readonly dataset: DatasetName;
  readonly classNames: readonly string[];
  readonly images: NamedImages | undefined;
  readonly isShown: boolean;
  readonly isTrained: boolean;
}

function Answer(props: AnswerProps) {
  const { answer, name, dataset, classNames, images, isShown, isTrained } = props;
  const { sample, label, predicted, probability } = answer;
  // The same at every render: an image is painted anew for other pixels.
  const pixels = useMemo(() => images && imageAt(images, sample), [images, sample]);
  const isRight = label === predicted;
  const title = `Test sample ${sample}, ${classPhrase(datasetOf(dataset), classNames[label])}`;
  const mark = isRight ? 'right' : 'wrong';
  // A word is below its mark: beside it, nothing of it would be seen.
  const names = namesApart(classNames);
  const nameClass = names.some(({ length }) => length > 2) ? 'stage-name' : undefined;
  const verdict = `${isTrained ? mark : 'not trained yet'}: taken for ${classNames[predicted]} with probability ${printedNumber(probability)}`;
  return (
    <label class="stage-answer" title={`${title}; ${verdict}`}>
      <input
        type="radio"
        name={name}
        checked={isShown}
        aria-label={`${title}, ${verdict}`}
        onChange={() => chooseSample(sample)}
      />
      {pixels !== undefined && <SampleImage dataset={dataset} pixels={pixels} label={title} />}
      {isTrained ? (
        <span class={`stage-verdict is-${mark}`} aria-hidden="true">
          {isRight ? '✓' : '✗'} <span class={nameClass}>{names[predicted]}</span>
        </span>
      ) : (
        <span class="stage-verdict is-untrained" aria-hidden="true">
          <span class={nameClass}>{names[predicted]}</span>
        </span>
      )}
    </label>
  );
}
