/** Python's `\d`, `\w`, `\s` over Unicode, and what they leave. */
export type ClassLetter = 'd' | 'D' | 'w' | 'W' | 's' | 'S';

/** Code points from the first to the second, both included. */
export type Range = readonly [from: number, to: number];

export type Term = Range | ClassLetter;

/** Which letters count as equal: each only itself, those of ASCII in both cases, or all that Python folds. */
export type Fold = 'none' | 'ascii' | 'unicode';

/** A set of characters as a pattern states it: what one character of the text is tested for. */
export interface CharSet {
  readonly terms: readonly Term[];
  readonly negated: boolean;
  readonly fold: Fold;
}

export const HIGHEST = 0x10ffff;

const DIGITS: readonly Range[] = [[0x30, 0x39]];

const WORD: readonly Range[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];

/** str.isspace(): JavaScript's `\s` lacks U+001C to U+001F and U+0085, and has U+FEFF. */
export const SPACES: readonly Range[] = [
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];

/** What `\s` is under the flag `a`. */
const ASCII_SPACES: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
];

export function charSet(terms: readonly Term[], negated = false, fold: Fold = 'none'): CharSet {
  return { terms, negated, fold };
}

/** The ranges of a class under the flag `a`, where it knows ASCII alone. */
export function asciiClassTerms(letter: ClassLetter): readonly Range[] {
  const terms = { d: DIGITS, w: WORD, s: ASCII_SPACES }[letter.toLowerCase() as 'd' | 'w' | 's'];
  return letter === letter.toLowerCase() ? terms : complement(terms);
}

/** The code points that sorted, separate ranges leave. */
export function complement(ranges: readonly Range[]): Range[] {
  const starts = [0, ...ranges.map(([, to]) => to + 1)];
  const ends = [...ranges.map(([from]) => from - 1), HIGHEST];
  return starts.map((from, index): Range => [from, ends[index] as number]);
}

const CLASSES = { d: DIGITS, w: WORD, s: SPACES };

/** Whether an ASCII character is in what a term stands for. */
function isIn(code: number, term: Term): boolean {
  if (typeof term !== 'string') return code >= term[0] && code <= term[1];
  const lower = term.toLowerCase() as keyof typeof CLASSES;
  return CLASSES[lower].some(([from, to]) => code >= from && code <= to) === (term === lower);
}

const tables = new WeakMap<CharSet, Uint8Array>();

/** Which of the 128 characters of ASCII are in a set (1) and which are not (0). The set ignores no case: `unfold` it. */
export function asciiTable(set: CharSet): Uint8Array {
  const known = tables.get(set);
  if (known) return known;
  const table = Uint8Array.from({ length: 128 }, (_, code) =>
    Number(set.terms.some((term) => isIn(code, term)) !== set.negated),
  );
  tables.set(set, table);
  return table;
}
