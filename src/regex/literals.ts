/** Strings of which a text is one, or with one of which it begins or ends. */
export interface Literals {
  readonly strings: readonly string[];
  /** Whether ASCII letters of either case do. */
  readonly ignoreCase: boolean;
}

/** Strings that are kept together at most; beyond, they say too little to be worth a search. */
export const MOST_STRINGS = 32;

/** The text may be anything. */
export const ANY: Literals = { strings: [''], ignoreCase: false };

/** Each of some strings with each of others behind it; undefined if there are too many. */
export function product(a: Literals, b: Literals): Literals | undefined {
  if (a.strings.length * b.strings.length > MOST_STRINGS) return undefined;
  const strings = a.strings.flatMap((first) => b.strings.map((second) => first + second));
  return { strings: [...new Set(strings)], ignoreCase: a.ignoreCase || b.ignoreCase };
}

/** All of them; undefined if there are too many. */
export function union(all: readonly Literals[]): Literals | undefined {
  const strings = [...new Set(all.flatMap((literals) => literals.strings))];
  return strings.length > MOST_STRINGS ? undefined : { strings, ignoreCase: all.some(({ ignoreCase }) => ignoreCase) };
}

/** How much they tell: the length of the shortest. */
export const strength = ({ strings }: Literals): number => Math.min(...strings.map(({ length }) => length));

/** In lower case where case does not matter, and without strings that others of them are parts of. */
export function reduced({ strings, ignoreCase }: Literals): Literals {
  const folded = [...new Set(ignoreCase ? strings.map(lowerCase) : strings)];
  return {
    strings: folded.filter((string) => !folded.some((other) => other !== string && string.includes(other))),
    ignoreCase,
  };
}

/** Of ASCII letters alone; all of the strings are ASCII. */
const lowerCase = (text: string): string => text.toLowerCase();

/** Whether a text that contains one of some strings contains one of others in any case. */
export function implies(some: Literals, others: Literals): boolean {
  if (some.ignoreCase && !others.ignoreCase) return false;
  const fold = (text: string): string => (others.ignoreCase ? lowerCase(text) : text);
  return some.strings.every((string) => others.strings.some((other) => fold(string).includes(fold(other))));
}
