/** Draw a sample, see what the network sees, and what it takes it for. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { imageOfDrawing, sheetOf } from '../../../../data/bitmap';
import { datasetOf } from '../../../../data/registry';
import { Segments } from '../../../components/segments';
import { FlowsThrough, ownAnswerTo } from '../../../stage/own-sample';
import type { Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';
import './draw.css';
import { NoSubject, OtherSettings, useSubject } from '../common/subject';
import { useReadback } from '../common/use-readback';
import { Answer, Glance } from './answer';
import { type Answers, answersOf } from './answers';
import { Counts } from './counts';
import { loadOwnDrawings, ownDrawings } from './own-test-set';
import { OwnTestSet } from './own-test-set-view';
import { Pad } from './pad';
import { PadTools } from './pad-tools';
import { bitmapOf, drawing, type Ink } from './pen';

/** Probabilities follow the pen and the training ten times a second. */
const READ_MILLISECONDS = 100;

export function DrawPanel() {
  const store = useStore();
  const [ink, setInk] = useState<Ink>(1);
  useEffect(loadOwnDrawings, []);
  const read = useCallback(
    (run: Run): Promise<Answers | undefined> =>
      answersOf(store, run, drawing.peek(), ownDrawings.peek()),
    [store],
  );
  const [ref, readback] = useReadback({ read, milliseconds: READ_MILLISECONDS, watch });
  const subject = useSubject();
  if (subject === undefined) {
    return (
      <div ref={ref} class="panel-content">
        <NoSubject />
      </div>
    );
  }
  const { dataset } = subject.run.configuration;
  const { noun } = datasetOf(dataset);
  const sheet = sheetOf(datasetOf(dataset));
  if (sheet === undefined) {
    const wanted = datasetOf(store.settings.configuration.value.dataset);
    return (
      <div ref={ref} class="panel-content">
        {wanted.drawing === undefined ? (
          <p class="source">
            The samples of this data set are not drawings. To draw, choose Handwritten digits or
            MNIST as the data set in the settings.
          </p>
        ) : (
          <OtherSettings />
        )}
      </div>
    );
  }
  const bitmap = bitmapOf(drawing.value, dataset, sheet);
  const image = imageOfDrawing(sheet, bitmap);
  const draw = (drawn: Uint8Array) => {
    drawing.value = { dataset, bitmap: drawn };
  };
  const answers = readback?.value;
  const onStage = image && ownAnswerTo(image);
  const shown =
    answers && onStage
      ? { ...answers, epoch: onStage.epoch, batch: onStage.batch, drawing: onStage }
      : answers;
  const ofDrawing = image === undefined ? undefined : shown;
  return (
    <div ref={ref} class="panel-content">
      <FlowsThrough dataset={dataset} {...(image !== undefined && { pixels: image })} />
      <div class="draw">
        <section aria-labelledby="draw-pad">
          <div class="draw-head">
            <h2 id="draw-pad">Draw a {noun}</h2>
            <Glance subject={subject} answers={ofDrawing} />
          </div>
          <Pad sheet={sheet} bitmap={bitmap} ink={ink} onDraw={draw} />
          <PadTools dataset={dataset} sheet={sheet} isEmpty={image === undefined}>
            <fieldset class="segments" aria-label="Tool">
              <Segments
                name="draw-tool"
                choices={[1, 0] as const}
                titleOf={(tool) => (tool === 1 ? 'Pen' : 'Eraser')}
                chosen={ink}
                onChoose={setInk}
              />
            </fieldset>
          </PadTools>
        </section>
        <section class="draw-seen" aria-labelledby="draw-seen">
          <h2 id="draw-seen">What the network sees</h2>
          <Counts dataset={dataset} sheet={sheet} image={image} />
        </section>
        <section aria-labelledby="draw-answer">
          <h2 id="draw-answer">What it says</h2>
          <Answer subject={subject} answers={ofDrawing} isOnStage={onStage !== undefined} />
        </section>
      </div>
      <OwnTestSet subject={subject} answers={answers} canAdd={image !== undefined} />
    </div>
  );
}

/** What another answer is needed for. */
function watch(): void {
  drawing.value;
  ownDrawings.value;
}
