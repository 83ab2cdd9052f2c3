/** Tables in plain text. */

/**
 * Columns with two spaces between; all but the first and the last are aligned to the right.
 *
 * @param rows - cells, the heading first; all rows are as long as it
 */
export function textTable(rows: readonly (readonly string[])[]): string {
  const last = rows[0].length - 1;
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => {
      if (column === last) return cell;
      return column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
    }),
  );
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n');
}
