/** Which side a column's text is on. */
export type Side = 'left' | 'right';

/**
 * Rows as lines, each column as wide as its widest text. The last column is not padded.
 *
 * @param sides of the columns; left where absent.
 */
export function table(rows: readonly (readonly string[])[], sides: readonly Side[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        if (sides[column] === 'right') return text.padStart(width);
        return column === row.length - 1 ? text : text.padEnd(width);
      })
      .join('  '),
  );
}
