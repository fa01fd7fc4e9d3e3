import { alternation, concatenation, type Expression, type Node } from './ast.js';
import { charSet, single } from './charset.js';
import { Cursor, refusal } from './cursor.js';
import type { Flags } from './flags.js';
import type { Grammar } from './grammar.js';
import { GroupTable } from './group-table.js';
import { parseClass } from './parse-class.js';
import { foldOf, parseEscape } from './parse-escape.js';
import { isGlobalFlags, parseGroup } from './parse-group.js';
import { parseCounts, repeated } from './parse-repeat.js';

/** Characters of a pattern: the longest of fail2ban's own have 4,000. */
const LONGEST = 65_536;

/** Groups within groups: the passes over the tree are recursive. */
const DEEPEST = 200;

/** Reads a pattern in the dialect of Python 3.11's `re`, for text (not bytes). @throws DropsetError `filter`. */
export function parse(pattern: string, options: Partial<Flags> = {}): Expression {
  if (pattern.length > LONGEST) throw refusal(pattern, `a pattern has at most ${LONGEST} characters`, pattern, 0);
  return new Parser(pattern).parse({
    ignoreCase: false,
    multiline: false,
    dotAll: false,
    verbose: false,
    ascii: false,
    ...options,
  });
}

/** What a quantifier may stand behind. */
interface Item {
  node: Node;
  isAnchor: boolean;
  isRepeated: boolean;
}

class Parser implements Grammar {
  readonly cursor: Cursor;
  readonly groups: GroupTable;
  #depth = 0;
  #flags: Flags | undefined;

  constructor(pattern: string) {
    this.cursor = new Cursor(pattern);
    this.groups = new GroupTable(this.cursor);
  }

  parse(flags: Flags): Expression {
    // Flags for the whole pattern may come at its very beginning only.
    this.#flags = flags;
    const first = this.#items(flags, true);
    const root = this.#branches(first, this.#flags);
    if (this.cursor.next !== undefined) this.cursor.refuse('no group is open here', this.cursor.offset);
    for (const { number, start, end } of this.groups.asked) {
      if (number > this.groups.count) this.cursor.refuse(`there is no group ${number}`, start, end);
    }
    return { root, groupCount: this.groups.count, names: this.groups.names };
  }

  alternation(flags: Flags): Node {
    if (++this.#depth > DEEPEST) this.cursor.refuse(`groups go ${DEEPEST} deep at most`, this.cursor.offset);
    const node = this.#branches(this.sequence(flags), flags);
    this.#depth--;
    return node;
  }

  sequence(flags: Flags): Node {
    return this.#items(flags, false);
  }

  #branches(first: Node, flags: Flags): Node {
    const branches = [first];
    while (this.cursor.match('|')) branches.push(this.sequence(flags));
    return alternation(branches);
  }

  #items(outer: Flags, isFirst: boolean): Node {
    let flags = outer;
    const items: Item[] = [];
    for (let token = this.cursor.next; token !== undefined && !'|)'.includes(token); token = this.cursor.next) {
      this.cursor.get();
      if (flags.verbose && this.#isBlank(token)) continue;
      if (this.#isRepeat(token, items)) continue;
      const node = this.#atom(token, flags, isFirst && items.length === 0);
      if (node) items.push({ node, isAnchor: node.kind === 'anchor' && token !== '(', isRepeated: false });
      if (isFirst) flags = this.#flags ?? flags;
    }
    return concatenation(items.map(({ node }) => node));
  }

  /** White space and comments of a verbose pattern. */
  #isBlank(token: string): boolean {
    if (token === '#') {
      let skipped: string | undefined;
      do skipped = this.cursor.get();
      while (skipped !== undefined && skipped !== '\n');
      return true;
    }
    return /^[ \t\n\r\v\f]$/.test(token);
  }

  /** Applies a quantifier to the last item. False if the token is none. */
  #isRepeat(token: string, items: Item[]): boolean {
    if (!'*+?{'.includes(token)) return false;
    const start = this.cursor.offset - 1;
    const counts = parseCounts(this.cursor, token);
    if (!counts) return false;
    const item = items.at(-1);
    if (!item || item.isAnchor) return this.cursor.refuse('there is nothing to repeat', start);
    if (item.isRepeated) this.cursor.refuse('a repetition is repeated: put it in a group (?:...)', start);
    items.splice(-1, 1, { node: repeated(this.cursor, item.node, counts), isAnchor: false, isRepeated: true });
    return true;
  }

  #atom(token: string, flags: Flags, mayBeGlobal: boolean): Node | undefined {
    if (token === '(') return this.#group(flags, mayBeGlobal);
    if (token === '[') return parseClass(this.cursor, flags);
    if (token.startsWith('\\')) return parseEscape(this.cursor, token, flags, this.groups);
    if (token === '^') return { kind: 'anchor', place: flags.multiline ? 'line-start' : 'start' };
    if (token === '$') return { kind: 'anchor', place: flags.multiline ? 'line-end' : 'final-end' };
    if (token === '.') return { kind: 'character', set: charSet(flags.dotAll ? [] : [[0x0a, 0x0a]], true) };
    const code = token.codePointAt(0) as number;
    return { kind: 'character', set: single(code, foldOf(flags)) };
  }

  #group(flags: Flags, mayBeGlobal: boolean): Node | undefined {
    const start = this.cursor.offset - 1;
    const found = parseGroup(this, flags);
    if (!isGlobalFlags(found)) return found;
    if (!mayBeGlobal) this.cursor.refuse('flags of the whole pattern stand at its very beginning', start);
    this.#flags = { ...(this.#flags ?? flags), ...found };
    return undefined;
  }
}
