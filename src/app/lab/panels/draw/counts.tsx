/** An image as the network gets it before scaling: the ink of each block. */
import type { Sheet } from '../../../../data/bitmap';

interface Props {
  readonly sheet: Sheet;
  readonly image: Uint8Array | undefined;
}

export function Counts({ sheet, image }: Props) {
  const { input, range, help } = sheet;
  const { width, height } = input;
  const [least, most] = range;
  const shown = image ?? new Uint8Array(width * height).fill(least);
  return (
    <>
      <table
        class="counts"
        style={{ '--rows': height, '--columns': width }}
        aria-label={`Counts of ink, ${least} to ${most}, in ${height} rows and ${width} columns`}
      >
        <tbody>
          {Array.from({ length: height }, (_, row) => (
            <tr key={row}>
              {Array.from(shown.subarray(row * width, (row + 1) * width), (value, column) => (
                <td key={column} style={{ '--share': (value - least) / (most - least) }}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="field-help">{help}</p>
    </>
  );
}
