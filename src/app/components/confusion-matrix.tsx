/** How often each digit was taken for each, as a table. */
import { integer } from '../state/format';

interface Props {
  /** Rows are true classes, columns predicted ones. */
  readonly matrix: readonly (readonly number[])[];
  /** The digit of each class. */
  readonly classes: readonly number[];
}

export function ConfusionMatrix({ matrix, classes }: Props) {
  return (
    <table class="data-table confusion">
      <caption>Samples by true digit (rows) and predicted digit (columns).</caption>
      <thead>
        <tr>
          <td />
          {classes.map((digit) => (
            <th scope="col" key={digit}>
              <span class="axis">predicted</span> {digit}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {matrix.map((row, index) => {
          const total = row.reduce((sum, value) => sum + value, 0);
          return (
            <tr key={classes[index]}>
              <th scope="row">
                <span class="axis">true</span> {classes[index]}
              </th>
              {row.map((value, column) => (
                <td key={classes[column]} style={{ '--share': total === 0 ? 0 : value / total }}>
                  {integer(value)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
