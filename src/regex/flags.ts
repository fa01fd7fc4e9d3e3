import type { Cursor } from './cursor.js';

/** Python's flags where they matter to a piece of a pattern. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

type Change = Partial<Flags>;

const LETTERS: ReadonlyMap<string, Change> = new Map([
  ['i', { ignoreCase: true }],
  ['m', { multiline: true }],
  ['s', { dotAll: true }],
  ['x', { verbose: true }],
  ['a', { ascii: true }],
  ['u', { ascii: false }],
]);

/** What `(?i)` or `(?i-s:` says, read up to and with the parenthesis or colon. */
export interface FlagGroup {
  readonly isGlobal: boolean;
  readonly change: Change;
}

export const isFlag = (token: string): boolean => token === '-' || LETTERS.has(token) || token === 'L' || token === 't';

/**
 * @param cursor behind the first token, which is a letter or `-`.
 * @param start of the group, for the error.
 */
export function parseFlags(cursor: Cursor, first: string, start: number): FlagGroup {
  const [on, end] = letters(cursor, first, start);
  if (end === ')') return { isGlobal: true, change: on };
  if (end === ':') return { isGlobal: false, change: on };
  const [off, close] = letters(cursor, cursor.get() ?? '', start);
  if (close !== ':' || Object.keys(off).length === 0)
    cursor.refuse('flags that are turned off end with a colon', start);
  if ('ascii' in off) cursor.refuse("the flags 'a' and 'u' cannot be turned off", start);
  if (Object.keys(off).some((name) => name in on)) cursor.refuse('a flag is turned on and off', start);
  return { isGlobal: false, change: { ...on, ...Object.fromEntries(Object.keys(off).map((name) => [name, false])) } };
}

/** Letters up to one of `-`, `:`, `)`, and which of them it was. */
function letters(cursor: Cursor, first: string, start: number): [Change, string] {
  let change: Change = {};
  let token: string | undefined = first;
  for (; token !== undefined && !'-:)'.includes(token); token = cursor.get()) {
    const letter = LETTERS.get(token);
    if (!letter) return cursor.refuse(`the flag '${token}' is not known here`, start);
    if ('ascii' in letter && 'ascii' in change && letter.ascii !== change.ascii) {
      cursor.refuse("the flags 'a' and 'u' exclude each other", start);
    }
    change = { ...change, ...letter };
  }
  return token === undefined ? cursor.refuse('the flags have no end', start) : [change, token];
}
