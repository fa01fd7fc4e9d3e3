import type { Match } from '../../src/regex/match.js';
import type { Pattern } from '../../src/regex/pattern.js';
import type { Answer, Spans } from './cpython.js';

/** What Python found, as a match that tells no spans. */
export function expected(text: string, spans: Spans, names: Answer['names']): Match {
  const [index, end] = spans[0] as [number, number];
  const part = (span: Spans[number] | undefined): string | undefined =>
    span ? text.slice(span[0], span[1]) : undefined;
  return { index, end, groups: Object.fromEntries(names.map(([name, number]) => [name, part(spans[number])])) };
}

/** A match in words, to be compared and read. */
export function shown(match: Match | undefined): string {
  if (!match) return 'no match';
  const groups = Object.entries(match.groups).map(([name, text]) => ` ${name}=${JSON.stringify(text) ?? 'unset'}`);
  return `${match.index}-${match.end}${groups.join('')}`;
}

export const shownSpans = (spans: readonly (readonly [number, number] | null | undefined)[]): string =>
  spans.map((span) => (span ? span.join('-') : 'unset')).join(' ');

const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The clauses that a text breaks. */
export function broken({ requirement }: Pattern, text: string): string[] {
  return requirement
    .filter(({ literals, ignoreCase }) => {
      if (ignoreCase && /[^\0-\x7f]/.test(text)) return false;
      const searched = ignoreCase ? folded(text) : text;
      return !literals.some((literal) => searched.includes(literal));
    })
    .map(({ literals }) => literals.join(' or '));
}
