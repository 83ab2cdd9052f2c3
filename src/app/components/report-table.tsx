/** The classification report as a table. */
import type { ClassificationReport, ReportRow } from '../../evaluation/classification-report';
import { formatFixed } from '../../training/format-fixed';
import { integer } from '../state/format';

export function ReportTable({ report }: { readonly report: ClassificationReport }) {
  return (
    <table class="data-table">
      <caption>Shares between 0 and 1; support is the number of samples.</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col">precision</th>
          <th scope="col">recall</th>
          <th scope="col">f1-score</th>
          <th scope="col">support</th>
        </tr>
      </thead>
      <tbody>
        {report.classes.map((row) => (
          <ReportLine key={row.name} row={row} />
        ))}
        <tr>
          <th scope="row">accuracy</th>
          <td />
          <td />
          <td>{formatFixed(report.accuracy, 2)}</td>
          <td>{integer(report.support)}</td>
        </tr>
        <ReportLine row={report.macroAverage} />
        <ReportLine row={report.weightedAverage} />
      </tbody>
    </table>
  );
}

function ReportLine({ row }: { readonly row: ReportRow }) {
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>{formatFixed(row.precision, 2)}</td>
      <td>{formatFixed(row.recall, 2)}</td>
      <td>{formatFixed(row.f1, 2)}</td>
      <td>{integer(row.support)}</td>
    </tr>
  );
}
