/** How many samples of each class are classified correctly. */
import type { FinalReport } from '../../../../session/final-report';
import { integer } from '../../../state/format';
import { Bars } from '../common/bars';
import type { Subject } from '../common/subject';

interface Props {
  readonly subject: Subject;
  readonly report: FinalReport;
}

export function ClassAccuracy({ subject: { lesson }, report: { document } }: Props) {
  return (
    <Bars
      label="Accuracy of each class"
      rows={lesson.classNames.map((name, index) => {
        const row = document.confusion_matrix[index];
        const total = row.reduce((sum, value) => sum + value, 0);
        return {
          label: name,
          share: total === 0 ? 0 : row[index] / total,
          note: `${integer(row[index])} of ${integer(total)}`,
        };
      })}
    />
  );
}
