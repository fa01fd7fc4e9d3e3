import { asciiTable, type CharSet, HIGHEST, type Term } from './charset.js';
import { unfold } from './fold.js';

/**
 * A set of characters as bits: one for each of ASCII, and four for what lies beyond: digits, other letters, white space, the rest. It
 * never lacks what the set holds, and may hold more.
 */
export type Mask = readonly number[];

const [DIGIT, LETTER, SPACE, REST] = [1, 2, 4, 8];

const BEYOND = {
  d: DIGIT,
  w: DIGIT | LETTER,
  s: SPACE,
  D: LETTER | SPACE | REST,
  W: SPACE | REST,
  S: DIGIT | LETTER | REST,
};

const ALL = DIGIT | LETTER | SPACE | REST;

export const FULL: Mask = [-1, -1, -1, -1, ALL];

export const NONE: Mask = [0, 0, 0, 0, 0];

export function maskOf(set: CharSet): Mask {
  const unfolded = unfold(set);
  const table = asciiTable(unfolded);
  const mask = [0, 0, 0, 0, beyond(unfolded)];
  for (let code = 0; code < 128; code++) {
    if (table[code]) mask[code >> 5] = (mask[code >> 5] as number) | (1 << (code & 31));
  }
  return mask;
}

function beyond({ terms, negated }: CharSet): number {
  const bits = terms.map(negated ? whole : touched).reduce((all, some) => all | some, 0);
  return negated ? ALL & ~bits : bits;
}

/** The kinds of which a term holds all. */
function whole(term: Term): number {
  if (typeof term === 'string') return BEYOND[term];
  return term[0] <= 0x80 && term[1] === HIGHEST ? ALL : 0;
}

/** The kinds of which a term may hold some. */
function touched(term: Term): number {
  if (typeof term === 'string') return BEYOND[term];
  return term[1] >= 0x80 ? ALL : 0;
}

export const both = (a: Mask, b: Mask): Mask => a.map((bits, index) => bits & (b[index] as number));

export const either = (a: Mask, b: Mask): Mask => a.map((bits, index) => bits | (b[index] as number));

export const overlap = (a: Mask, b: Mask): boolean => a.some((bits, index) => (bits & (b[index] as number)) !== 0);
