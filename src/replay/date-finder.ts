import type { JailConfig } from '../config/types.js';
import { DateDetector } from '../dates/detector.js';
import { type Decode, decoderOf } from '../detection/decode.js';
import type { Clock } from '../model/clock.js';
import type { Chunk } from '../sources/chunk.js';

const NEWLINE = 10;

/** Bytes of a line that a date is looked for in, and lines that are asked in one place: messages of several have it in their first. */
const LOOKED_AT = 1_000;
const ASKED = 100;

/** Dates of a chunk's last lines, of which the latest counts: one alone may be wrong. */
const LAST = 16;

/** Says when lines of one log were written, without judging them. */
export class DateFinder {
  readonly #detector: DateDetector;
  readonly #decode: Decode;

  /** @param jail that reads the log. @param reference what dates without a year are completed by. @throws DropsetError `filter` */
  constructor({ filter: { datepattern }, timezone, encoding }: JailConfig, reference: Clock) {
    this.#detector = new DateDetector({
      now: reference,
      ...(datepattern !== undefined && { datepattern }),
      ...(timezone !== undefined && { timezone }),
    });
    this.#decode = decoderOf(encoding);
  }

  /** The date of the first line that has one, at `from` or behind; undefined where the next hundred lines have none. */
  firstDate(chunk: Chunk, from = 0): number | undefined {
    if (chunk.times) return chunk.times[lineAt(chunk, from)];
    let start = from;
    for (let asked = 0; asked < ASKED && start < chunk.bytes.length; asked++) {
      const end = endOf(chunk, start);
      const date = this.#dateOf(chunk, start, end);
      if (date !== undefined) return date;
      start = end + 1;
    }
    return undefined;
  }

  /** The latest date of a chunk's last lines. */
  lastDate(chunk: Chunk): number | undefined {
    if (chunk.times) return chunk.times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
    const dates: number[] = [];
    let end = chunk.bytes.length - 1;
    for (let asked = 0; asked < ASKED && dates.length < LAST && end >= 0; asked++) {
      const start = beginOf(chunk, end);
      const date = this.#dateOf(chunk, start, end);
      if (date !== undefined) dates.push(date);
      end = start - 1;
    }
    return dates.length === 0 ? undefined : Math.max(...dates);
  }

  /**
   * Where the first line begins that is later than `limit`, at `from` or behind: half-interval search, which takes the lines for sorted.
   *
   * @returns the offset of a line's beginning; the chunk's length where no line is later.
   */
  firstAfter(chunk: Chunk, from: number, limit: number): number {
    if (chunk.times) return this.#firstOfTimes(chunk, chunk.times, from, limit);
    // All lines before `low` are not later; what begins at `high` is later, or the end.
    let [low, high] = [from, chunk.bytes.length];
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      const start = Math.max(low, beginOf(chunk, middle));
      const date = this.firstDate(chunk, start);
      if (date !== undefined && date > limit) high = start;
      else low = endOf(chunk, start) + 1;
    }
    return low;
  }

  #firstOfTimes(chunk: Chunk, times: readonly number[], from: number, limit: number): number {
    let start = from;
    for (let line = lineAt(chunk, from); line < times.length; line++) {
      if ((times[line] as number) > limit) return start;
      start = endOf(chunk, start) + 1;
    }
    return start;
  }

  #dateOf(chunk: Chunk, start: number, end: number): number | undefined {
    const text = this.#decode(chunk, { start, end: Math.min(end, start + LOOKED_AT), isAscii: false });
    return this.#detector.match(text)?.time();
  }
}

/** A part of a chunk, from the beginning of one line to that of another. */
export function partOf(chunk: Chunk, from: number, to: number): Chunk {
  if (from === 0 && to === chunk.bytes.length) return chunk;
  const times = chunk.times?.slice(lineAt(chunk, from), lineAt(chunk, to));
  return {
    source: chunk.source,
    bytes: chunk.bytes.subarray(from, to),
    offset: chunk.offset + from,
    ...(times && { times }),
  };
}

/** Where the line begins that a place is in. (An offset of -1 would be counted from the end.) */
const beginOf = ({ bytes }: Chunk, at: number): number => (at === 0 ? 0 : bytes.lastIndexOf(NEWLINE, at - 1) + 1);

const endOf = ({ bytes }: Chunk, start: number): number => {
  const end = bytes.indexOf(NEWLINE, start);
  return end < 0 ? bytes.length : end;
};

/** The number of the line that begins at an offset, from 0. */
function lineAt({ bytes }: Chunk, offset: number): number {
  let line = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < offset; at = bytes.indexOf(NEWLINE, at + 1)) line++;
  return line;
}
