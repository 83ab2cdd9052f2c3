/** An image as the network gets it before standardization: 8×8 counts of ink. */
import { BLOCK_SIDE } from '../../../../data/bitmap';
import { PIXELS } from '../../../../data/digits';

const SIDE = 8;
const EMPTY = new Uint8Array(PIXELS);

export function Counts({ image = EMPTY }: { readonly image: Uint8Array | undefined }) {
  return (
    <>
      <table class="counts" aria-label="Counts of ink, 0 to 16, in 8 rows and 8 columns">
        <tbody>
          {Array.from({ length: SIDE }, (_, row) => (
            <tr key={row}>
              {Array.from(image.subarray(row * SIDE, (row + 1) * SIDE), (count, column) => (
                <td key={column} style={{ '--share': count / (BLOCK_SIDE * BLOCK_SIDE) }}>
                  {count}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="field-help">
        As the data set was made: fitted to a frame of 20 × 32 pixels in 32 × 32, strokes as thick
        as the data’s, and the ink of every 4 × 4 block counted, 0 to 16.
      </p>
    </>
  );
}
