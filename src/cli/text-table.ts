/** Tables in plain text. */

/**
 * Columns with two spaces between; the first is aligned to the left, figures to the right.
 *
 * @param rows - cells, the heading first; all rows are as long as it
 * @param last - what the last column holds
 */
export function textTable(
  rows: readonly (readonly string[])[],
  last: 'words' | 'figures' = 'words',
): string {
  const words = [0, ...(last === 'words' ? [rows[0].length - 1] : [])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      words.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    ),
  );
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n');
}
