import { readSync } from 'node:fs';
import { endOfLine } from './lines.js';

/**
 * Whether a line is too old to matter; undefined if it does not say, and the next one is asked. `line` is borrowed and without
 * its newline.
 */
export type IsOld = (line: Buffer) => boolean | undefined;

/** Bytes that are looked at in one place, and the distance at which halving ends. */
const BLOCK = 65_536;

/** Lines that are asked in one place: messages of several lines have their date in the first one. */
const ASKED = 100;

/** What the lines from one place on say: where the last old one ends, and whether one was found that is not old. */
interface Answer {
  readonly oldUntil: number | undefined;
}

/**
 * Where to begin to read a log in order to miss nothing that is not old: half-interval search for the first such line, which
 * takes the lines for sorted by time. Where they do not tell their time, more is read rather than less.
 *
 * @returns the offset of a line's beginning, at most `size`.
 */
export function firstSince(descriptor: number, size: number, isOld: IsOld): number {
  const block = Buffer.allocUnsafeSlow(BLOCK);
  const read = (from: number): Buffer => block.subarray(0, readSync(descriptor, block, 0, BLOCK, from));
  // All before `low`, which begins a line, is old; what begins at `high` or later need not be.
  let [low, high] = [0, size];
  while (high - low > BLOCK) {
    const middle = low + Math.floor((high - low) / 2);
    const bytes = read(middle);
    const start = endOfLine(bytes) + 1;
    const { oldUntil } = start > 0 ? ask(bytes.subarray(start), isOld, true) : { oldUntil: undefined };
    if (oldUntil === undefined) high = middle;
    else low = middle + start + oldUntil;
  }
  return low + (ask(read(low), isOld, false).oldUntil ?? 0);
}

/** @param isFirst whether the first line that tells its time decides; else all old lines are passed over. */
function ask(bytes: Buffer, isOld: IsOld, isFirst: boolean): Answer {
  let oldUntil: number | undefined;
  let start = 0;
  for (let count = 0; !isFirst || count < ASKED; count++) {
    const end = endOfLine(bytes, start);
    if (end < 0) break;
    const answer = isOld(bytes.subarray(start, end));
    if (answer === false) break;
    start = end + 1;
    if (answer) oldUntil = start;
    if (answer && isFirst) break;
  }
  return { oldUntil };
}
