import { DropsetError, messageOf } from '../model/errors.js';
import type { Match } from '../regex/match.js';
import { compilePattern, type Pattern } from '../regex/pattern.js';
import { DATE_GROUP, nameDateGroup } from './date-group.js';
import type { Setting } from './moment.js';

/** What a template is made of; `kinds.ts` makes them. */
export interface TemplateSource {
  /** As fail2ban-regex prints it: `{^LN-BEG}(?:DAY )?MON Day %k:Minute:Second(?:\.Microseconds)?(?: ExYear)?`. */
  readonly name: string;
  /** The text with tokens; absent for those that are made of none. */
  readonly pattern?: string;
  /** In Python's dialect. Its first group is what the date is cut out by. */
  readonly regex: string;
  /** Whether it can match at the line's begin or end alone. */
  readonly isAnchored: boolean;
  readonly read: Read;
  /** Whether `read` needs the spans of groups. */
  readonly hasSpans?: boolean;
}

/** Milliseconds since the epoch; undefined for a date that does not exist. */
export type Read = (found: Found, setting: Setting) => number | undefined;

/** A match, and what of the line is its first group. */
export interface Found {
  readonly match: Match;
  readonly line: string;
  readonly start: number;
  readonly end: number;
  readonly groupNames: readonly string[];
}

/** As many as fail2ban keeps: the detectors of all jails share them. */
const KEPT = 1000;
const patterns = new Map<string, Pattern>();

/** A template's pattern, with its first group named where that is all one needs to find it. */
function patternOf(regex: string, hasSpans: boolean): Pattern {
  const named = hasSpans ? undefined : nameDateGroup(regex);
  const python = withPlainSeparators(named ?? regex);
  let pattern = patterns.get(python);
  if (!pattern) {
    pattern = compilePattern(python, { indices: named === undefined });
    if (patterns.size >= KEPT) patterns.clear();
    patterns.set(python, pattern);
  }
  return pattern;
}

/** A separator that comes again has no case to ignore: V8 can follow references only where case matters. */
const withPlainSeparators = (regex: string): string =>
  /\(\?P<_sep>\[[-/.]+\]\)/.test(regex) ? regex.replaceAll('(?P=_sep)', '(?-i:(?P=_sep))') : regex;

/** Further right than any date has been found. */
const UNKNOWN = 0x7fff_ffff;

/** A way to find dates, and what the detector remembers of how it did. */
export class DateTemplate {
  readonly name: string;
  readonly pattern: string | undefined;
  readonly regex: string;
  readonly isAnchored: boolean;
  readonly read: Read;
  /** How much a hit counts. */
  weight = 1;
  /** Lines whose date was found by this template. */
  hits = 0;
  /** Lines that it matched, where another may have been preferred. */
  matches = 0;
  /** Milliseconds since the epoch; 0 for never. */
  lastUsed = 0;
  /** Where its last hit began, in characters. */
  distance = UNKNOWN;
  readonly #hasSpans: boolean;
  #compiled: Pattern | undefined;

  constructor(source: TemplateSource) {
    this.name = source.name;
    this.pattern = source.pattern;
    this.regex = source.regex;
    this.isAnchored = source.isAnchored;
    this.read = source.read;
    this.#hasSpans = source.hasSpans === true;
  }

  /** @throws DropsetError `filter`, for a regular expression that is none. */
  compile(): Pattern {
    this.#compiled ??= this.#translate();
    return this.#compiled;
  }

  /** The rank among the templates: many hits, far left. */
  get rank(): number {
    return (this.hits * this.weight) / Math.max(1, this.distance);
  }

  /** Where the first group is: what is to be cut out. Nowhere, at 0, if it took no part. */
  spanOf(match: Match): readonly [start: number, end: number] {
    if (match.spans) return match.spans[1] ?? [0, 0];
    const text = match.groups[DATE_GROUP];
    return text === undefined ? [0, 0] : [match.end - text.length, match.end];
  }

  search(line: string, isAscii: boolean, from = 0): Match | undefined {
    const match = this.compile().exec(line, isAscii, from);
    if (match) this.matches++;
    return match;
  }

  #translate(): Pattern {
    try {
      return patternOf(this.regex, this.#hasSpans);
    } catch (error) {
      throw new DropsetError('filter', `date pattern '${this.pattern ?? this.name}': ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
