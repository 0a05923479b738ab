/** Columns of text for spreadsheets. */
export type CsvRow = readonly (string | bigint | number | null)[];

/**
 * RFC 4180 text with CRLF. Numbers are written as they are; any other text that a spreadsheet would take for a
 * formula (= + - @, tab, carriage return, also after blanks) gets an apostrophe in front, and control characters go.
 */
export function csvText(rows: readonly CsvRow[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | bigint | number | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return value.toString();
  const plain = value.replace(/(?![\t\n\r])\p{Cc}/gu, '');
  const isNumber = /^-?\d+(\.\d+)?$/.test(plain);
  const guarded =
    !isNumber && /^[\s\u00a0\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n;]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
