/** How often each class was taken for each, as a table. */
import { integer } from '../state/format';

interface Props {
  /** Rows are true classes, columns predicted ones. */
  readonly matrix: readonly (readonly number[])[];
  /** The name of each class. */
  readonly classes: readonly string[];
  /** What a class is, in the singular. */
  readonly noun: string;
}

export function ConfusionMatrix({ matrix, classes, noun }: Props) {
  return (
    <table class="data-table confusion">
      <caption>
        Samples by true {noun} (rows) and predicted {noun} (columns).
      </caption>
      <thead>
        <tr>
          <td />
          {classes.map((name) => (
            <th scope="col" key={name}>
              <span class="axis">predicted</span> {name}
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
