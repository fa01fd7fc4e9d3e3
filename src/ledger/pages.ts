/**
 * Walks a table in pages of `size` rows, each selected behind the last key of the one before: nothing stays open between
 * pages, so that writes and other readers go on meanwhile.
 */
export function* pages<Row, Key>(
  first: Key,
  size: number,
  select: (behind: Key) => readonly Row[],
  keyOf: (row: Row) => Key,
): Generator<readonly Row[]> {
  for (let last = first; ; ) {
    const rows = select(last);
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < size) return;
    last = keyOf(end);
  }
}
