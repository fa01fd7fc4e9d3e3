/** Where a template's own boundary stands: at the beginning of a word, or of the line, or nowhere. */
export type Start = 'word' | 'line' | 'unbound';

export interface Bounded {
  readonly regex: string;
  /** Whether it can match at one place of a line only: its begin, or its end. */
  readonly isAnchored: boolean;
  /** Whether the boundary that was asked for was put there; the pattern may bring its own. */
  readonly isStartAdded: boolean;
}

/** A pattern that says itself where it begins (`^`, `**`) or ends (`$`, `\b`, `\s`, `**`). */
const OWN_START = /^\(*(?:\(\?\w+\))?(?:\^|\(*\*\*|\((?:\?:)?\^)/;
const OWN_END = /(?<!\\)(?:\$\)?|\\b|\\s|\*\*\)*)$/;
const STARS = /^\(*(?:\(\?\w+\))?\(*\*\*|(?<!\\)\*\*\)*$/g;

const LINE_BEGIN = /^(?:\(\?\w+\))?(?:\^|\((?:\?:)?\^(?!\|))/;
const LINE_END = /(?<![\\|])\$\)?$/;

const CAPTURE = /(?<!\(\?)(?<!\\)\((?!\?)/;
const UNCAPTURED = /^((?:\(\?\w+\))?\^?(?:\(\?\w+\))?)(.*?)(\$?)$/;
const GLOBAL_FLAGS = /\(\?[a-z]+\)/;

const START = { word: '(?=^|\\b|\\W)', line: '^(?:\\W{0,2})?', unbound: '' } as const;
/** The boundary behind a date. */
export const END = '(?=\\b|\\W|$)';

/**
 * Gives a template's regular expression what fail2ban gives it (server/datetemplate.py, setRegex): a first group, word
 * boundaries where it has none of its own, and its global flags back at the front.
 */
export function bound(pattern: string, start: Start, hasEnd: boolean): Bounded {
  const flags = GLOBAL_FLAGS.exec(pattern)?.[0] ?? '';
  let regex = pattern.trim().replace(flags, '');
  const isStartAdded = start !== 'unbound' && !OWN_START.test(regex);
  const isEndAdded = hasEnd && !OWN_END.test(regex);
  if (!CAPTURE.test(regex)) regex = regex.replace(UNCAPTURED, '$1($2)$3');
  regex = `${isStartAdded ? START[start] : ''}${regex}${isEndAdded ? END : ''}`;
  const isAnchored = (isStartAdded && start === 'line') || LINE_BEGIN.test(regex) || LINE_END.test(regex);
  return { regex: flags + regex.replace(STARS, (stars) => stars.replaceAll('**', '')), isAnchored, isStartAdded };
}

const BEFORE_GROUP = /^(?:\(\?[a-z]+\))?\^(?:\(\?:\\W\{0,2\}\)\?)?\((?!\?(?!P<))/;

/** Whether at most two characters, and none of a word, can stand between the line's begin and the first group. */
export const beginsLine = (regex: string): boolean => BEFORE_GROUP.test(regex);
