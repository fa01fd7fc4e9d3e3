import { type Node, repetition } from './ast.js';
import type { Cursor } from './cursor.js';

/** Python's MAXREPEAT: counts are below. */
const MAXREPEAT = 2 ** 32 - 1;

const SIGNS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['?', [0, 1]],
  ['*', [0, Number.POSITIVE_INFINITY]],
  ['+', [1, Number.POSITIVE_INFINITY]],
]);

/**
 * The counts of `?`, `*`, `+` or `{m,n}`; the cursor stands behind the first token. Undefined, and the cursor where it was, if a brace
 * is an ordinary character.
 */
export function parseCounts(cursor: Cursor, token: string): readonly [number, number] | undefined {
  const start = cursor.offset - token.length;
  return SIGNS.get(token) ?? braces(cursor, start);
}

function braces(cursor: Cursor, start: number): readonly [number, number] | undefined {
  const behind = cursor.offset;
  if (cursor.next === '}') return undefined;
  const least = cursor.getWhile(/^\d$/);
  const most = cursor.match(',') ? cursor.getWhile(/^\d$/) : least;
  if (!cursor.match('}')) {
    cursor.seek(behind);
    return undefined;
  }
  const counts = [Number(least || 0), most ? Number(most) : Number.POSITIVE_INFINITY] as const;
  if (counts[0] >= MAXREPEAT || (most && counts[1] >= MAXREPEAT)) cursor.refuse('the count is too high', start);
  if (counts[1] < counts[0]) cursor.refuse('the lower count is above the upper', start);
  return counts;
}

/** A node, repeated; the cursor stands behind the counts, perhaps at `?` (lazy) or `+` (possessive). */
export function repeated(cursor: Cursor, body: Node, [least, most]: readonly [number, number]): Node {
  if (cursor.match('?')) return repetition(body, least, most, true);
  if (!cursor.match('+')) return repetition(body, least, most);
  // Every single time is atomic in Python, not only all of them together.
  const single: Node = body.kind === 'character' ? body : { kind: 'atomic', body };
  return { kind: 'atomic', body: repetition(single, least, most) };
}
