import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Chunk } from '../sources/chunk.js';
import { type DateFinder, partOf } from './date-finder.js';
import type { OpenLog } from './open-log.js';

/** Milliseconds that a date may be ahead: as far as one without a year, which is taken for last year's beyond. */
const AHEAD = 86_400_000;

/** Lines of one log that follow each other, and none of another log should come between. */
export interface Piece {
  readonly log: OpenLog;
  readonly chunk: Chunk;
  /** Dates of its first line, and of the latest that it may have: undefined where none of its lines say. */
  readonly first: number | undefined;
  readonly last: number | undefined;
}

export interface MergeOptions {
  /** Milliseconds that one log may be ahead of another one. */
  readonly slack: number;
  /** Lines before and behind are passed over. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Dates more than a day behind it are wrong: those of today may be of a zone further east. */
  readonly reference: Clock;
}

/** One log, as far as it has been read. */
class Cursor {
  readonly log: OpenLog;
  readonly #options: MergeOptions;
  readonly #dates: DateFinder;
  #chunks: AsyncIterator<Chunk> | undefined;
  #chunk: Chunk | undefined;
  #at = 0;
  #last: number | undefined;
  /** When what follows was written, as far as that is known. */
  head: number;

  constructor(log: OpenLog, dates: DateFinder, options: MergeOptions) {
    this.log = log;
    this.#dates = dates;
    this.#options = options;
    this.head = Number.NEGATIVE_INFINITY;
  }

  /** Finds out when the log begins. A log without dates comes last, when the others have said what time it is. */
  async open(): Promise<void> {
    if (!(await this.load())) return;
    if (this.#last === undefined) this.head = Number.POSITIVE_INFINITY;
    if (!this.log.canReopen) return;
    // A month of rotated files would be a month of open files, with a megabyte each.
    await this.close();
    [this.#chunk, this.#chunks] = [undefined, undefined];
  }

  /** Makes sure that there are lines to take; false at the end. */
  async load(): Promise<boolean> {
    this.#chunks ??= this.log.chunks()[Symbol.asyncIterator]();
    while (!this.#chunk || this.#at >= this.#chunk.bytes.length) {
      const { done, value } = await this.#read(this.#chunks);
      if (done) return false;
      this.#take(value);
    }
    const { until } = this.#options;
    return until === undefined || !Number.isFinite(this.head) || this.head <= until;
  }

  /** The lines up to `limit`, one at least. */
  piece(limit: number): Piece {
    const chunk = this.#chunk as Chunk;
    const [from, first, last] = [this.#at, this.head, this.#last];
    const { until = Number.POSITIVE_INFINITY } = this.#options;
    const bound = Math.min(limit, until);
    const isWhole = last === undefined || last <= bound;
    const to = isWhole
      ? chunk.bytes.length
      : Math.max(this.#dates.firstAfter(chunk, from, bound), this.#oneLine(chunk));
    this.#at = to;
    if (to < chunk.bytes.length) this.head = this.#dates.firstDate(chunk, to) ?? this.head;
    const begin = Number.isFinite(first) ? first : undefined;
    const end = isWhole ? last : Math.max(bound, first);
    return { log: this.log, chunk: partOf(chunk, from, to), first: begin, last: end };
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
  }

  #oneLine({ bytes }: Chunk): number {
    const end = bytes.indexOf(10, this.#at);
    return end < 0 ? bytes.length : end + 1;
  }

  #take(chunk: Chunk): void {
    const { since, reference } = this.#options;
    const last = this.#dates.lastDate(chunk);
    this.#chunk = chunk;
    this.#last = last === undefined ? undefined : Math.min(last, reference() + AHEAD);
    this.#at = 0;
    if (since !== undefined && this.#last !== undefined) {
      this.#at = this.#last < since ? chunk.bytes.length : this.#dates.firstAfter(chunk, 0, since - 1);
    }
    const first = this.#dates.firstDate(chunk, this.#at);
    if (first !== undefined) this.head = Math.min(first, this.#last ?? first);
  }

  async #read(chunks: AsyncIterator<Chunk>): Promise<IteratorResult<Chunk, unknown>> {
    try {
      return await chunks.next();
    } catch (error) {
      throw new DropsetError('source', `${this.log.name} cannot be read: ${messageOf(error)}`, { cause: error });
    }
  }
}

/**
 * The lines of several logs in the order of their dates, and of each log in its own order: rotated files one behind the other, logs of
 * the same days in turns.
 *
 * @param datesOf answers who knows a log's dates. @throws DropsetError `source`
 */
export async function* merge(
  logs: readonly OpenLog[],
  datesOf: (log: OpenLog) => DateFinder,
  options: MergeOptions,
): AsyncGenerator<Piece> {
  const cursors = new Set(logs.map((log) => new Cursor(log, datesOf(log), options)));
  try {
    for (const cursor of cursors) await cursor.open();
    while (cursors.size > 0) {
      const [next, other] = earliest(cursors);
      if (await next.load()) {
        // Opened once more, or read on: it may be another one's turn.
        if (next.head > other + options.slack) continue;
        yield next.piece(other + options.slack);
        await setImmediate();
      } else {
        cursors.delete(next);
        await next.close();
      }
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

/** The log whose next line is the earliest, and when that of the others is. */
function earliest(cursors: ReadonlySet<Cursor>): [Cursor, number] {
  const [first, ...others] = cursors;
  let next = first as Cursor;
  let second = Number.POSITIVE_INFINITY;
  for (const cursor of others) {
    if (cursor.head < next.head) [next, second] = [cursor, next.head];
    else second = Math.min(second, cursor.head);
  }
  return [next, second];
}
