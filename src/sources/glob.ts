/** One place of a name that a glob wants: a character, any character, any run of characters, or one of a set. */
type Wanted = string | 'any' | 'run' | CharacterSet;

interface CharacterSet {
  readonly isNegated: boolean;
  /** First and last character of each range, by code point. */
  readonly ranges: readonly (readonly [number, number])[];
}

/** Names are compared by code point, as Python does. */
const pointOf = (character: string): number => character.codePointAt(0) as number;

/** Whether a path, or a part of one, has characters that a glob gives a meaning. */
export const isGlob = (text: string): boolean => /[*?[]/.test(text);

/**
 * One component of a path as Python's glob and fnmatch read it: `*`, `?`, `[a-z]`, `[!a-z]`; a backslash is no escape, `**`
 * is `*`, and a name that begins with a dot is matched only by a component that does too. Case matters.
 */
export class Glob {
  readonly text: string;
  readonly #wanted: readonly Wanted[];

  constructor(text: string) {
    this.text = text;
    this.#wanted = isGlob(text) ? wantedBy(Array.from(text)) : [];
  }

  /** In time proportional to the product of both lengths at worst: others may choose the names. */
  matches(name: string): boolean {
    if (this.#wanted.length === 0) return name === this.text;
    if (name.startsWith('.') && !this.text.startsWith('.')) return false;
    return matches(Array.from(name), this.#wanted);
  }
}

/** Walks both at once; after a mismatch, the last run takes one character more. Earlier runs need not be tried again. */
function matches(name: readonly string[], wanted: readonly Wanted[]): boolean {
  let [at, place, run, behindRun] = [0, 0, -1, 0];
  while (at < name.length) {
    if (wanted[place] === 'run') {
      run = place++;
      behindRun = at;
    } else if (place < wanted.length && accepts(wanted[place] as Wanted, name[at] as string)) {
      place++;
      at++;
    } else if (run >= 0) {
      place = run + 1;
      at = ++behindRun;
    } else return false;
  }
  return wanted.slice(place).every((one) => one === 'run');
}

function accepts(wanted: Wanted, character: string): boolean {
  if (wanted === 'any') return true;
  if (typeof wanted === 'string') return wanted === character;
  const point = pointOf(character);
  return wanted.ranges.some(([first, last]) => first <= point && point <= last) !== wanted.isNegated;
}

function wantedBy(text: readonly string[]): Wanted[] {
  const wanted: Wanted[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    const close = character === '[' ? endOfSet(text, at) : -1;
    if (close > 0) {
      wanted.push(setOf(text.slice(at + 1, close)));
      at = close;
    } else wanted.push(character === '*' ? 'run' : character === '?' ? 'any' : character);
  }
  return wanted;
}

/** The bracket that closes the set, or -1: then the opening one stands for itself. The first character may be a bracket. */
function endOfSet(text: readonly string[], open: number): number {
  const first = text[open + 1] === '!' ? open + 2 : open + 1;
  return text.indexOf(']', first + 1);
}

function setOf(text: readonly string[]): CharacterSet {
  const isNegated = text[0] === '!';
  const members = isNegated ? text.slice(1) : text;
  const ranges: [number, number][] = [];
  for (let at = 0; at < members.length; at++) {
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    const first = pointOf(members[at] as string);
    ranges.push([first, isRange ? pointOf(members[at + 2] as string) : first]);
    if (isRange) at += 2;
  }
  return { isNegated, ranges };
}
