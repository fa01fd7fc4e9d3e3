const NEWLINE = 10;

/**
 * How many bytes from the beginning are whole lines, newlines included, that have at most `maxLine` bytes each, without the
 * newline. It stops before the first line that is longer or not complete.
 *
 * Looks at one newline in `maxLine` bytes only, from behind: lines are short, and most of them are never looked at again.
 */
export function wholeLines(bytes: Buffer, maxLine: number): number {
  let end = 0;
  while (end < bytes.length) {
    const last = bytes.lastIndexOf(NEWLINE, end + maxLine);
    if (last < end) break;
    end = last + 1;
  }
  return end;
}

/** What came of reading: whole lines and where they begin, or the beginning of one line that was longer than the limit. */
export interface Piece {
  /** Lines with their newlines; empty when bytes were passed over and there may be more. Borrowed. */
  readonly bytes: Buffer;
  /** Offset of the first of them. */
  readonly offset: number;
  /** See `Chunk`. */
  readonly isBacklog?: true;
}

/**
 * The beginning of a line that is too long, as a line of its own: the byte behind it becomes a newline, in place.
 *
 * @param bytes more than `maxLine`.
 */
export function cutLine(bytes: Buffer, maxLine: number): Buffer {
  bytes[maxLine] = NEWLINE;
  return bytes.subarray(0, maxLine + 1);
}

/** Where the first line of `bytes` ends, at `from` or later: the index of its newline, or -1. */
export const endOfLine = (bytes: Buffer, from = 0): number => bytes.indexOf(NEWLINE, from);
