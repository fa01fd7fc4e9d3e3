import { asciiTable, type CharSet, type ClassLetter, complement, SPACES, type Term } from './charset.js';
import { unfold } from './fold.js';

/** Writes sets of characters in JavaScript: `text` knows ASCII alone, or all of Unicode. */
export type WriteSet = (set: CharSet) => string;

/** One character, good inside of a class and outside, with the flag `u` where it needs it. */
function literal(code: number): string {
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  if (code > 0x7f) return `\\u${code.toString(16).padStart(4, '0')}`;
  const character = String.fromCharCode(code);
  return /^[0-9A-Za-z _]$/.test(character) ? character : `\\x${code.toString(16).padStart(2, '0')}`;
}

function range([from, to]: readonly [number, number]): string {
  if (from === to) return literal(from);
  return to === from + 1 ? literal(from) + literal(to) : `${literal(from)}-${literal(to)}`;
}

/** The runs of a table that hold a value. */
function runs(table: Uint8Array, value: number): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let code = 0; code < table.length; code++) {
    if (table[code] !== value) continue;
    const last = found.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else found.push([code, code]);
  }
  return found;
}

/** For text that is known to be ASCII, without the flag `u`: what lies beyond is left out. */
export const asciiSet: WriteSet = (set) => {
  const table = asciiTable(unfold(set));
  const [inside, outside] = [runs(table, 1), runs(table, 0)];
  if (outside.length === 0) return '[^]';
  const [only] = inside;
  if (inside.length === 1 && only && only[0] === only[1]) return literal(only[0]);
  if (inside.length <= outside.length) return `[${inside.map(range).join('')}]`;
  return `[^${outside.map(range).join('')}]`;
};

const SPACE = SPACES.map(range).join('');

const NOT_SPACE = complement(SPACES).map(range).join('');

/** What `\w` holds: str.isalnum() and the underscore. */
export const WORD = '\\p{L}\\p{N}_';

/** What can stand in a class with the flag `u`; `\d` is str.isdecimal(). */
const CLASSES: Readonly<Record<Exclude<ClassLetter, 'W'>, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: WORD,
  s: SPACE,
  S: NOT_SPACE,
};

const member = (term: Term): string => (typeof term === 'string' ? (term === 'W' ? '' : CLASSES[term]) : range(term));

/** For any text, with the flag `u`. (The flag `v` has classes in classes, but `[^]{2}` matches one character in V8 11.) */
export const unicodeSet: WriteSet = (set) => {
  const { terms, negated } = unfold(set);
  const [term] = terms;
  if (terms.length === 1 && term && typeof term !== 'string' && term[0] === term[1] && !negated)
    return literal(term[0]);
  const others = terms.map(member).join('');
  if (!terms.includes('W')) return `[${negated ? '^' : ''}${others}]`;
  if (others === '') return `[${negated ? '' : '^'}${WORD}]`;
  return negated ? `(?:(?![${others}])[${WORD}])` : `(?:[${others}]|[^${WORD}])`;
};
