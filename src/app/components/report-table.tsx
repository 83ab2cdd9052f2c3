/** The classification report as a table. */

import type { ClassificationReport, ReportRow } from '../../evaluation/classification-report';
import { formatFixed } from '../../training/format-fixed';
import { integer } from '../state/format';
import { DataTable } from './data-table';

export function ReportTable({ report }: { readonly report: ClassificationReport }) {
  return (
    <DataTable
      label="Classification report"
      caption="Shares between 0 and 1; support is the number of samples."
      columns={['Class', 'precision', 'recall', 'f1-score', 'support']}
      rows={[
        ...report.classes.map(cellsOf),
        ['accuracy', '', '', formatFixed(report.accuracy, 2), integer(report.support)],
        cellsOf(report.macroAverage),
        cellsOf(report.weightedAverage),
      ]}
    />
  );
}

function cellsOf({ name, precision, recall, f1, support }: ReportRow): string[] {
  return [name, ...[precision, recall, f1].map((share) => formatFixed(share, 2)), integer(support)];
}
