/** Tables as text for other programs. */

/** Rows as CSV (RFC 4180, lines ended by \n); null and undefined are empty fields. */
export function toCsv(rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  return `${rows.map((row) => row.map(field).join(',')).join('\n')}\n`;
}

/** A text that a spreadsheet would take for a formula is kept as text. */
function field(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
