import type { Node } from './ast.js';
import type { Cursor } from './cursor.js';
import type { Flags } from './flags.js';
import type { GroupTable } from './group-table.js';

/** What the parsers of the single constructs know of the whole. */
export interface Grammar {
  readonly cursor: Cursor;
  readonly groups: GroupTable;
  /** `a|b`, up to a closing parenthesis or the end, which is left to the caller. */
  alternation(flags: Flags): Node;
  /** One branch of an alternation. */
  sequence(flags: Flags): Node;
}
