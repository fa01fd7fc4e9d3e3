import type { Match } from '../regex/match.js';
import type { Setting } from './moment.js';
import type { DateTemplate } from './template.js';

/** A date in a line: which characters it takes, and when it is. */
export class DateMatch {
  /** Offsets in UTF-16 units of what is to be cut out of the line: the first group. Equal where there is nothing to cut. */
  readonly start: number;
  readonly end: number;
  readonly template: DateTemplate;
  readonly #read: () => number | undefined;

  constructor(start: number, end: number, template: DateTemplate, read: () => number | undefined) {
    this.start = start;
    this.end = end;
    this.template = template;
    this.#read = read;
  }

  static of(match: Match, line: string, template: DateTemplate, setting: Setting): DateMatch {
    const [start, end] = template.spanOf(match);
    const { groupNames } = template.compile();
    const read = (): number | undefined =>
      start === end ? undefined : template.read({ match, line, start, end, groupNames }, setting);
    return new DateMatch(start, end, template, read);
  }

  /** The same date at another place, of another line. */
  movedTo(start: number): DateMatch {
    return new DateMatch(start, start + this.end - this.start, this.template, this.#read);
  }

  /**
   * Milliseconds since the epoch. Undefined for a date that does not exist (February 30), for a zone that nobody knows, and where
   * nothing was cut out: the pattern says that the date may be missing.
   */
  time(): number | undefined {
    return this.#read();
  }
}
