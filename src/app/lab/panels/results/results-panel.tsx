/** What the network makes of the test set: which samples it gets wrong, how, and how sure it is. */
import { useCallback } from 'preact/hooks';
import type { FinalReport } from '../../../../session/final-report';
import { Facts } from '../../../components/facts';
import { ReportTable } from '../../../components/report-table';
import { Staged } from '../../../components/staged';
import { integer, printedNumber } from '../../../state/format';
import { isLater } from '../../../state/moment';
import type { Evaluation, Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';
import './results.css';
import { Bars } from '../common/bars';
import { NoSubject, Source, type Subject, useSubject } from '../common/subject';
import { useReadback } from '../common/use-readback';
import { Confusion } from './confusion';
import { CopyButton } from './copy-button';
import { SampleDetail } from './sample-detail';
import { SampleGrid } from './sample-grid';

/** While a run trains, the test set is evaluated so often at most. */
const EVALUATION_MILLISECONDS = 1000;

export function ResultsPanel() {
  const subject = useSubject();
  const [ref, evaluation] = useEvaluation();
  return (
    <div ref={ref} class="panel-content">
      {subject === undefined || evaluation === undefined ? (
        <NoSubject subject={subject} doing="Evaluating…" />
      ) : (
        <Results subject={subject} evaluation={evaluation} />
      )}
    </div>
  );
}

/** The last evaluation of the selected run; while it trains, a recent one. */
function useEvaluation() {
  const store = useStore();
  const read = useCallback(
    async (run: Run): Promise<Evaluation | undefined> => {
      // When training stops, the store evaluates by itself.
      if (!run.isBusy) return undefined;
      const report = await store.service.report(run.id);
      return { report, ...run.moment };
    },
    [store],
  );
  const [ref, readback] = useReadback({ read, milliseconds: EVALUATION_MILLISECONDS });
  const last = store.run.value?.evaluation.value;
  const recent = readback?.value;
  const isNewer = recent !== undefined && isLater(recent, last ?? { epoch: 0, batch: 0 });
  const evaluation = isNewer ? recent : last;
  return [ref, evaluation] as const;
}

interface ResultsProps {
  readonly subject: Subject;
  readonly evaluation: Evaluation;
}

function Results({ subject, evaluation: { report, epoch, batch } }: ResultsProps) {
  const { document } = report;
  const misclassified = misclassifiedOf(report);
  const accuracies = subject.lesson.classNames.map((label, index) => {
    const row = document.confusion_matrix[index];
    const total = row.reduce((sum, value) => sum + value, 0);
    const note = `${integer(row[index])} of ${integer(total)}`;
    return { label, note, share: total === 0 ? 0 : row[index] / total };
  });
  return (
    <>
      <Source run={subject.run} {...{ epoch, batch }} isNear={subject.run.isBusy && epoch > 0} />
      <Facts
        facts={[
          ['Test accuracy', printedNumber(document.accuracy)],
          ['Test loss', printedNumber(document.loss)],
          ['Misclassified', integer(misclassified.length), `of ${integer(report.labels.length)}`],
        ]}
      />
      <div class="panel-columns">
        <div class="panel-main">
          <Staged after={1}>
            <Confusion subject={subject} report={report} />
            <section class="panel-section" aria-labelledby="misclassified">
              <h2 id="misclassified">Misclassified, the most confident first</h2>
              <SampleGrid
                name="misclassified"
                samples={misclassified}
                subject={subject}
                report={report}
                nothing="Every test sample is classified correctly."
              />
            </section>
            <section class="panel-section" aria-labelledby="ten-samples">
              <h2 id="ten-samples">Ten test samples, drawn by lot</h2>
              <SampleGrid
                name="ten"
                samples={document.sample_indices}
                subject={subject}
                report={report}
                nothing="There are no samples."
              />
            </section>
            <section class="panel-section" aria-labelledby="class-accuracy">
              <h2 id="class-accuracy">Accuracy of each class</h2>
              <Bars label="Accuracy of each class" rows={accuracies} />
            </section>
            <section class="panel-section">
              <div class="panel-heading">
                <h2 id="report">Classification report</h2>
                <CopyButton text={document.classification_report} what="Classification report" />
              </div>
              <ReportTable report={report.report} />
            </section>
          </Staged>
        </div>
        <Staged after={2}>
          <SampleDetail subject={subject} report={report} />
        </Staged>
      </div>
    </>
  );
}

/** Test samples that got another class than theirs, by the probability of the class that they got. */
function misclassifiedOf({ document: { predictions }, labels, probabilities }: FinalReport) {
  const classes = probabilities.length / labels.length;
  const confidence = (sample: number) => probabilities[sample * classes + predictions[sample]];
  return labels
    .flatMap((label, sample) => (predictions[sample] === label ? [] : [sample]))
    .sort((a, b) => confidence(b) - confidence(a));
}
