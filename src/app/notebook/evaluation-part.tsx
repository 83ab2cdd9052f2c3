/** Part 9: what the network does with the test set. */
import { classNoun } from '../../data/dataset';
import { datasetOf } from '../../data/registry';
import { ConfusionMatrix } from '../components/confusion-matrix';
import { Facts } from '../components/facts';
import { ReportTable } from '../components/report-table';
import { ScrollRegion } from '../components/scroll-region';
import { Source, useSubject } from '../lab/panels/common/subject';
import { printedNumber } from '../state/format';
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
          <Source run={run} epoch={evaluation.epoch} batch={evaluation.batch} />
          <Facts
            facts={[
              ['Test accuracy', printedNumber(evaluation.report.document.accuracy)],
              ['Test loss', printedNumber(evaluation.report.document.loss)],
            ]}
          />
          <h3>Confusion matrix</h3>
          <ScrollRegion label="Confusion matrix">
            <ConfusionMatrix
              matrix={evaluation.report.document.confusion_matrix}
              classes={lesson.classNames}
              noun={classNoun(datasetOf(lesson.configuration.dataset))}
            />
          </ScrollRegion>
          <h3>Classification report</h3>
          <ReportTable report={evaluation.report.report} />
        </>
      )}
    </Part>
  );
}
