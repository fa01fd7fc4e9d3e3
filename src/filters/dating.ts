import type { DateDetector } from '../dates/detector.js';
import type { Clock } from '../model/clock.js';

/** A line, split by its date. */
export interface Dated {
  /** The line without its date, which is what expressions are searched in. */
  readonly text: string;
  /** Milliseconds since the epoch; undefined if neither the line nor those before it say. */
  readonly time: number | undefined;
}

/** A line without a date has that of the last one, if that is not older than this. */
const RECENT = 60_000;

export interface DatingOptions {
  readonly detector: DateDetector;
  readonly now: Clock;
  /** Milliseconds; lines that were there before and are older are of no use. Absent: every line is, whatever its date. */
  readonly findtime?: number;
  /** Told each date before it is compared with `now`: who reads a log long after it was written has no other clock. */
  readonly onDate?: (time: number) => void;
}

/** Counts of dates that an operator should know of. */
export interface DatingCounts {
  /** Lines that were older than findtime when the log was first read. */
  outdated: number;
  /** Lines that came now, with a date that is ahead, or further back than findtime. */
  skewed: number;
}

/**
 * When a line was written.
 *
 * A line that has just been written happened now, whatever its date says: a date that is ahead, or more than findtime
 * back, is a clock or a time zone that differs, and the line counts as now. fail2ban draws that limit at 60 seconds,
 * which moves lines that a relay delayed by some minutes; here they keep their own time.
 */
export class Dating {
  readonly #options: DatingOptions;
  readonly counts: DatingCounts = { outdated: 0, skewed: 0 };
  /** Whether lines are read as they are written, and not caught up with. */
  isLive = false;
  /** No date is looked for before this time, which is what a pattern that takes too long has earned. */
  blindUntil = 0;
  #last: number | undefined;

  constructor(options: DatingOptions) {
    this.#options = options;
  }

  /**
   * @param given the line's time, where its source knows it; the text has no date then.
   * @returns undefined for a line that is too old to matter.
   */
  date(line: string, isAscii: boolean, given: number | undefined): Dated | undefined {
    const dated = given === undefined ? this.#found(line, isAscii) : { text: line, time: given };
    if (given !== undefined) {
      this.#last = given;
      this.#options.onDate?.(given);
    }
    const { findtime, now } = this.#options;
    if (findtime === undefined || dated.time === undefined) return dated;
    return this.isLive
      ? this.#live(dated, dated.time, findtime, now())
      : this.#caughtUp(dated, dated.time, findtime, now());
  }

  #found(line: string, isAscii: boolean): Dated {
    const isBlind = this.blindUntil > 0 && this.blindUntil > this.#options.now();
    const match = isBlind ? undefined : this.#options.detector.match(line, isAscii);
    if (!match) return { text: line, time: this.#assumed() };
    // An empty date: the pattern says that there is none.
    if (match.end === match.start) return { text: line, time: this.#recent() ?? this.#options.now() };
    const text = match.start === 0 ? line.slice(match.end) : line.slice(0, match.start) + line.slice(match.end);
    const time = match.time();
    // A date that does not exist, as February 30, is cut all the same.
    if (time === undefined) return { text, time: this.#assumed() };
    this.#last = time;
    this.#options.onDate?.(time);
    return { text, time };
  }

  #assumed(): number | undefined {
    const { findtime, now } = this.#options;
    return this.#recent() ?? (findtime !== undefined && this.isLive ? now() : undefined);
  }

  #recent(): number | undefined {
    return this.#last !== undefined && this.#last > this.#options.now() - RECENT ? this.#last : undefined;
  }

  #live(dated: Dated, time: number, findtime: number, now: number): Dated {
    if (time <= now && time >= now - findtime) return dated;
    // A second or two ahead is a log that rounds, or another machine's clock.
    if (time < now || time > now + RECENT) this.counts.skewed++;
    this.#last = now;
    return { ...dated, time: now };
  }

  #caughtUp(dated: Dated, time: number, findtime: number, now: number): Dated | undefined {
    if (time >= now - findtime) return time > now ? { ...dated, time: now } : dated;
    this.counts.outdated++;
    return undefined;
  }
}
