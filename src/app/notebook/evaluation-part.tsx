/** Part 9: what the network does with the test set. */
import { datasetOf } from '../../data/registry';
import { ConfusionMatrix } from '../components/confusion-matrix';
import { ReportTable } from '../components/report-table';
import { ScrollRegion } from '../components/scroll-region';
import { useSubject } from '../lab/panels/common/subject';
import { count, printedNumber } from '../state/format';
import { backendTitle } from '../state/names';
import type { Run } from '../state/run';
import type { Lesson } from '../worker/lesson';
import { Part } from './part';

export function EvaluationPart({ lesson }: { readonly lesson: Lesson }) {
  // While another backend's data is on its way, its numbers would stand beside the wrong ones.
  const run = useSubject()?.run;
  const evaluation = run?.evaluation.value;
  return (
    <Part id="evaluation">
      <p>
        The test set, which the network has never trained on. Before any training this shows the
        untrained network; it is computed again whenever training stops.
      </p>
      {run !== undefined && evaluation !== undefined && (
        <>
          <EvaluationSource run={run} />
          <dl class="facts">
            <div>
              <dt>Test accuracy</dt>
              <dd>{printedNumber(evaluation.report.document.accuracy)}</dd>
            </div>
            <div>
              <dt>Test loss</dt>
              <dd>{printedNumber(evaluation.report.document.loss)}</dd>
            </div>
          </dl>
          <h3>Confusion matrix</h3>
          <ScrollRegion label="Confusion matrix">
            <ConfusionMatrix
              matrix={evaluation.report.document.confusion_matrix}
              classes={lesson.classNames}
              noun={datasetOf(lesson.configuration.dataset).noun}
            />
          </ScrollRegion>
          <h3>Classification report</h3>
          <ScrollRegion label="Classification report">
            <ReportTable report={evaluation.report.report} />
          </ScrollRegion>
        </>
      )}
    </Part>
  );
}

/** Which numbers these are: rule one of showing a number. */
export function EvaluationSource({ run }: { readonly run: Run }) {
  const epoch = run.evaluation.value?.epoch ?? 0;
  const when = epoch === 0 ? 'Before training' : `After ${count(epoch, 'epoch')}`;
  const { name, adapter, precision } = run.info;
  return (
    <p class="source">
      {when} · {backendTitle(name)}, {adapter}, {precision}
    </p>
  );
}
