/** Few rows of a data set, so that tests are quick. */
import { type Rows, takeRows } from '../../src/data/dataset';

/** The first `count` rows of each class. */
export function firstOfEach(rows: Rows, count: number): Rows {
  const seen = new Map<number, number>();
  const chosen = Array.from(rows.labels.keys()).filter((row) => {
    const before = seen.get(rows.labels[row]) ?? 0;
    seen.set(rows.labels[row], before + 1);
    return before < count;
  });
  return takeRows(rows, Uint32Array.from(chosen));
}
