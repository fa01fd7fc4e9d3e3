import { beginsLine } from './boundaries.js';
import { Catalogue } from './catalogue.js';
import { LocalZone } from './local-zone.js';
import { DateMatch } from './match.js';
import type { Setting } from './moment.js';
import { mayBeAgain, NOWHERE, placeOf } from './place.js';
import { Quick } from './quick.js';
import { Ranking } from './ranking.js';
import { type Subject, subjectOf } from './subject.js';
import type { DateTemplate } from './template.js';
import { type YearRange, yearsAround } from './years.js';
import { readLogTimeZone } from './zones.js';

export interface DateDetectorOptions {
  /** fail2ban's `datepattern`, one pattern a line; absent or empty for the default list. */
  readonly datepattern?: string;
  /** fail2ban's `logtimezone`: the fixed zone of dates that do not say theirs, such as `UTC+0200`. */
  readonly timezone?: string;
  /** Milliseconds since the epoch. Asked once a line: where lines come in chunks, let it answer the chunk's time. */
  readonly now: () => number;
  /** The zone of dates that do not say theirs, where there is no `timezone`; absent for the process's. */
  readonly zone?: LocalZone;
  /** The years that `%ExY` accepts; absent for 2000 to three years from now. */
  readonly years?: YearRange;
}

const NON_ASCII = /[^\0-\x7f]/;

/** A template's match, and where it stands in columns. */
interface Candidate {
  readonly template: DateTemplate;
  readonly index: number;
  readonly match: DateMatch;
  readonly column: number;
  readonly end: number;
}

/**
 * Finds the date in a log's lines, as fail2ban's DateDetector does (server/datedetector.py, matchTime). It remembers which
 * template found the last date, and where: a date further right may be part of a message, and so an attacker's.
 */
export class DateDetector {
  /** Whether a date can only stand at a line's begin, behind two characters at most and no word. */
  readonly anchoring: 'line-begin' | 'anywhere';
  readonly #setting: Setting;
  readonly #ranking: Ranking;
  readonly #years: YearRange;
  readonly #quicks = new Map<DateTemplate, Quick | null>();
  #last = -1;
  #quick: Quick | undefined;
  #place = NOWHERE;

  /**
   * @throws DropsetError `filter`, for a date pattern that is none, with what is wrong in it; `config`, for a time zone that is none.
   */
  constructor(options: DateDetectorOptions) {
    const { now, timezone, zone = new LocalZone() } = options;
    this.#setting = { now, zone, ...(timezone === undefined ? {} : { logMinutes: readLogTimeZone(timezone) }) };
    this.#years = options.years ?? yearsAround(new Date(zone.wallAt(now())).getUTCFullYear());
    this.#ranking = new Ranking(new Catalogue(this.#years).templates(options.datepattern));
    const isAtBegin = this.#ranking.templates.every(({ regex }) => beginsLine(regex));
    this.anchoring = isAtBegin ? 'line-begin' : 'anywhere';
  }

  /** In the order in which they are tried now, with their hits. */
  get templates(): readonly DateTemplate[] {
    return this.#ranking.templates;
  }

  /** Searches a text by every template, and remembers nothing: the first search of each is slow. */
  warmUp(text: string): void {
    for (const template of this.templates) template.search(text, !/[^\0-\x7f]/.test(text), 0);
  }

  /** The date of a line. `isAscii` says whether all of it is ASCII, where the caller knows. */
  match(line: string, isAscii?: boolean): DateMatch | undefined {
    return this.#matchQuickly(line) ?? this.#matchSlowly(line, isAscii ?? !NON_ASCII.test(line));
  }

  /** The last template again, if it is one that would win wherever it matches, and the date's form is one that can be scanned. */
  #matchQuickly(line: string): DateMatch | undefined {
    const match = this.#quick?.find(line);
    if (match) {
      match.template.matches++;
      this.#ranking.won(this.#last, match.template, 0, this.#setting.now());
    }
    return match;
  }

  #matchSlowly(line: string, isAscii: boolean): DateMatch | undefined {
    const subject = subjectOf(line, isAscii);
    const found = this.#find(subject);
    if (found) this.#won(found, subject);
    return found?.match;
  }

  /** The last template is asked first, an unanchored one at its place only; elsewhere it has to compete with the others. */
  #find(subject: Subject): Candidate | undefined {
    const last = this.#ranking.at(this.#last);
    if (!last) return this.#searchAll(subject);
    const isWhole = last.isAnchored || !mayBeAgain(this.#place, subject);
    const again = isWhole ? this.#try(this.#last, last, subject) : this.#tryPlace(this.#last, last, subject);
    if (again && (last.isAnchored || this.#ranking.size === 1 || this.#isAtPlace(again))) return again;
    return this.#searchAll(subject, isWhole ? this.#last : -1, again);
  }

  /** Tries every template but the one at `except`; `reserve` is a date that was found, at another place than the last. */
  #searchAll(subject: Subject, except = -1, reserve?: Candidate): Candidate | undefined {
    let best = reserve;
    for (const [index, template] of this.#ranking.templates.entries()) {
      const found = index === except ? undefined : this.#try(index, template, subject);
      if (!found) continue;
      if (this.#isFinal(found)) return found;
      if (!best || found.column < best.column) best = found;
    }
    return best;
  }

  /** Whether no other template needs to be asked: this date is where a date is to be expected. */
  #isFinal({ index, template, column }: Candidate): boolean {
    const next = this.#ranking.at(index + 1);
    if (!next || template.isAnchored) return true;
    if (column === 0 && template.hits > 0 && next.matches === 0) return true;
    return column <= template.distance && column <= this.#place.column;
  }

  #try(index: number, template: DateTemplate, subject: Subject, line = subject.line, from = 0): Candidate | undefined {
    const match = template.search(line, subject.isAscii, from);
    if (!match) return undefined;
    return {
      index,
      template,
      match: DateMatch.of(match, line, template, this.#setting),
      column: subject.columnOf(match.index),
      end: subject.columnOf(match.end),
    };
  }

  #tryPlace(index: number, template: DateTemplate, subject: Subject): Candidate | undefined {
    const part = subject.line.slice(0, subject.offsetOf(this.#place.end));
    return this.#try(index, template, subject, part, subject.offsetOf(this.#place.column));
  }

  #quickOf(template: DateTemplate): Quick | undefined {
    let quick = this.#quicks.get(template);
    if (quick === undefined) {
      quick = Quick.of(template, this.#setting, this.#years) ?? null;
      this.#quicks.set(template, quick);
    }
    return quick ?? undefined;
  }

  #isAtPlace({ column, end }: Candidate): boolean {
    return column === this.#place.column && end === this.#place.end;
  }

  #won({ index, template, column, end }: Candidate, subject: Subject): void {
    this.#ranking.won(index, template, column, this.#setting.now());
    this.#place = placeOf(subject, column, end);
    this.#last = index > 0 && index !== this.#last ? this.#ranking.promote(index) : index;
    this.#quick = this.#quickOf(template);
  }
}
