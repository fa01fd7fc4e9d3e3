import { type CharSet, charSet, type Term } from './charset.js';

/**
 * What two characters have in common that Python's `re` takes for equal when it ignores case: the upper case of the simple lower
 * case. (It compares lower cases, and adds the other lower cases of the same upper case: U+017F is an s, U+0131 an i.)
 */
function keyOf(character: string): string {
  // The only character whose lower case JavaScript gives in two characters; Python takes the first, an i.
  const lower = character === '\u0130' ? 'i' : character.toLowerCase();
  return lower.toUpperCase();
}

/** Beyond this there is no letter with two cases. */
const LAST_CASED = 0x1ffff;

let equals: Map<number, readonly number[]> | undefined;

/** All characters that equal others, each with all of its equals, itself too. Made once, when a pattern first needs it. */
function equalCharacters(): Map<number, readonly number[]> {
  if (equals) return equals;
  const classes = new Map<string, number[]>();
  let all = '';
  for (let code = 0; code <= LAST_CASED; code++) if (code < 0xd800 || code > 0xdfff) all += String.fromCodePoint(code);
  for (const [character] of all.matchAll(/\p{Changes_When_Casemapped}/gu)) {
    const key = keyOf(character);
    classes.set(key, [...(classes.get(key) ?? []), character.codePointAt(0) as number]);
  }
  equals = new Map();
  for (const members of classes.values()) for (const member of members) equals.set(member, members);
  return equals;
}

const isLetter = (code: number): boolean => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);

/** What an ASCII letter equals beyond its other case: the long s, the Kelvin sign, the i without and the I with a dot. */
const BEYOND: Readonly<Record<string, readonly number[]>> = { i: [0x130, 0x131], k: [0x212a], s: [0x17f] };

function equalsOfAscii(from: number, to: number, isUnicode: boolean): number[] {
  const found: number[] = [];
  for (let code = Math.max(from, 0x41); code <= Math.min(to, 0x7a); code++) {
    if (!isLetter(code)) continue;
    found.push(code ^ 0x20);
    if (isUnicode) found.push(...(BEYOND[String.fromCharCode(code | 0x20)] ?? []));
  }
  return found;
}

function equalsOfRange([from, to]: readonly [number, number], isUnicode: boolean): number[] {
  if (!isUnicode || to < 0x80) return equalsOfAscii(from, to, isUnicode);
  const found: number[] = [];
  for (const [code, members] of equalCharacters()) if (code >= from && code <= to) found.push(...members);
  return found;
}

const folded = new WeakMap<CharSet, CharSet>();

/** The same set with the other cases written out, so that nothing that reads it need ignore case. */
export function unfold(set: CharSet): CharSet {
  if (set.fold === 'none') return set;
  const known = folded.get(set);
  if (known) return known;
  const added = new Set<number>();
  for (const term of set.terms) {
    // A class holds both cases of its letters, or neither.
    if (typeof term !== 'string') for (const code of equalsOfRange(term, set.fold === 'unicode')) added.add(code);
  }
  const unfolded = charSet([...set.terms, ...Array.from(added, (code): Term => [code, code])], set.negated);
  folded.set(set, unfolded);
  return unfolded;
}
