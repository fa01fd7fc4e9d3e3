import type { Character } from './ast.js';
import { charSet, type Term } from './charset.js';
import type { Cursor } from './cursor.js';
import type { Flags } from './flags.js';
import { foldOf, parseClassEscape } from './parse-escape.js';

/** A class `[...]`; the cursor stands behind its opening bracket. */
export function parseClass(cursor: Cursor, flags: Flags): Character {
  const start = cursor.offset - 1;
  const isNegated = cursor.match('^');
  const terms: Term[] = [];
  // A bracket that comes first is an ordinary member.
  while (terms.length === 0 || cursor.next !== ']') terms.push(...member(cursor, flags, start));
  cursor.get();
  return { kind: 'character', set: charSet(terms, isNegated, foldOf(flags)) };
}

/** One member, a range, or a member with a hyphen behind it that ends the class. */
function member(cursor: Cursor, flags: Flags, start: number): readonly Term[] {
  const offset = cursor.offset;
  const from = single(cursor, flags, start);
  if (!cursor.match('-')) return from;
  if (cursor.next === ']') return [...from, [0x2d, 0x2d]];
  const to = single(cursor, flags, start);
  const [[low], [high]] = [from[0] as Term, to[0] as Term];
  if (typeof low !== 'number' || typeof high !== 'number' || from.length > 1 || to.length > 1 || high < low) {
    return cursor.refuse('this is no range', offset);
  }
  return [[low, high]];
}

function single(cursor: Cursor, flags: Flags, start: number): readonly Term[] {
  const token = cursor.get() ?? cursor.refuse('the class has no end', start);
  if (token.startsWith('\\')) return parseClassEscape(cursor, token, flags);
  const code = token.codePointAt(0) as number;
  return [[code, code]];
}
