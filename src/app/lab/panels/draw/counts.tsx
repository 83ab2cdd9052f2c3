/** An image as the network gets it before scaling: the ink of each block. */
import type { Sheet } from '../../../../data/bitmap';
import type { DatasetName } from '../../../../data/registry';
import { SampleImage } from '../../../components/sample-image';
import { ScrollRegion } from '../../../components/scroll-region';

interface Props {
  readonly dataset: DatasetName;
  readonly sheet: Sheet;
  readonly image: Uint8Array | undefined;
}

/** Columns whose counts can be read beside each other where the pad is as wide. */
const MOST_COLUMNS = 12;

export function Counts({ dataset, sheet, image }: Props) {
  const { input, range, help } = sheet;
  const shown = image ?? new Uint8Array(input.width * input.height).fill(range[0]);
  return (
    <>
      {input.width <= MOST_COLUMNS ? (
        <CountTable sheet={sheet} shown={shown} />
      ) : (
        <>
          <div class="counts-image">
            <SampleImage dataset={dataset} pixels={shown} label="The drawing as an image" />
          </div>
          <details class="disclosure">
            <summary>As numbers</summary>
            <ScrollRegion class="counts-large" label="Counts of ink">
              <CountTable sheet={sheet} shown={shown} />
            </ScrollRegion>
          </details>
        </>
      )}
      <p class="field-help">{help}</p>
    </>
  );
}

function CountTable({ sheet, shown }: { readonly sheet: Sheet; readonly shown: Uint8Array }) {
  const { width, height } = sheet.input;
  const [least, most] = sheet.range;
  return (
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
  );
}
