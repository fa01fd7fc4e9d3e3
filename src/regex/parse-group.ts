import { EMPTY, type Node } from './ast.js';
import { type Flags, isFlag, parseFlags } from './flags.js';
import type { Grammar } from './grammar.js';
import { foldOf } from './parse-escape.js';
import { widthOf } from './width.js';

/** What a pair of parentheses is: a node, nothing (a comment), or flags for the whole pattern. */
export type Parenthesis = Node | undefined | Partial<Flags>;

/** Whether the parentheses were `(?i)` or the like. */
export const isGlobalFlags = (found: Parenthesis): found is Partial<Flags> => found !== undefined && !('kind' in found);

/** A pair of parentheses; the cursor stands behind the opening one. */
export function parseGroup(grammar: Grammar, flags: Flags): Parenthesis {
  const { cursor } = grammar;
  const start = cursor.offset - 1;
  if (!cursor.match('?')) return capture(grammar, flags, undefined, start);
  const token = cursor.get() ?? cursor.refuse('the group has no end', start);
  if (token === 'P') return named(grammar, flags, start);
  if (token === ':') return closed(grammar, grammar.alternation(flags), start);
  if (token === '#') return comment(grammar, start);
  if (token === '=' || token === '!') return lookAhead(grammar, flags, token === '!', start);
  if (token === '<') return lookBehind(grammar, flags, start);
  if (token === '(') return conditional(grammar, flags, start);
  if (token === '>') return { kind: 'atomic', body: closed(grammar, grammar.alternation(flags), start) };
  if (!isFlag(token)) cursor.refuse(`'(?${token}' has no meaning`, start);
  const { isGlobal, change } = parseFlags(cursor, token, start);
  return isGlobal ? change : closed(grammar, grammar.alternation({ ...flags, ...change }), start);
}

/** Takes the closing parenthesis. */
function closed(grammar: Grammar, node: Node, start: number): Node {
  if (!grammar.cursor.match(')')) grammar.cursor.refuse('the group has no end', start);
  return node;
}

function capture(grammar: Grammar, flags: Flags, name: string | undefined, start: number): Node {
  const number = grammar.groups.open(name, start);
  const body = closed(grammar, grammar.alternation(flags), start);
  grammar.groups.widths.set(number, widthOf(body, grammar.groups.widths));
  return { kind: 'group', number, body };
}

/** `(?P<name>...)` and `(?P=name)`. */
function named(grammar: Grammar, flags: Flags, start: number): Node {
  const { cursor, groups } = grammar;
  if (cursor.match('<')) return capture(grammar, flags, cursor.getUntil('>', start), start);
  if (!cursor.match('=')) cursor.refuse("'(?P' is followed by '<' or '='", start);
  const group = groups.named(cursor.getUntil(')', start), start);
  groups.refer(group, start);
  return { kind: 'reference', group, fold: foldOf(flags) };
}

function comment({ cursor }: Grammar, start: number): undefined {
  while (cursor.next !== undefined) if (cursor.get() === ')') return;
  cursor.refuse('the comment has no end', start);
}

function lookAhead(grammar: Grammar, flags: Flags, isNegative: boolean, start: number): Node {
  const body = closed(grammar, grammar.alternation(flags), start);
  return { kind: 'look', isAhead: true, isNegative, width: 0, body };
}

function lookBehind(grammar: Grammar, flags: Flags, start: number): Node {
  const { cursor, groups } = grammar;
  const token = cursor.get();
  if (token !== '=' && token !== '!')
    cursor.refuse("'(?<' is followed by '=' or '!'; a named group is (?P<name>...)", start);
  const outer = groups.firstInLookBehind;
  groups.firstInLookBehind ??= groups.count + 1;
  const body = closed(grammar, grammar.alternation(flags), start);
  groups.firstInLookBehind = outer;
  const [least, most] = widthOf(body, groups.widths);
  if (least !== most) cursor.refuse('a look behind has a fixed width', start);
  return { kind: 'look', isAhead: false, isNegative: token === '!', width: least, body };
}

/** `(?(name)yes|no)`; each of the two is one branch. */
function conditional(grammar: Grammar, flags: Flags, start: number): Node {
  const { cursor, groups } = grammar;
  const name = cursor.getUntil(')', start);
  const group = /^\d+$/.test(name) ? Number(name) : groups.named(name, start);
  if (group === 0) cursor.refuse('groups are numbered from 1', start);
  groups.asked.push({ number: group, start, end: cursor.offset });
  groups.checkLookBehind(group, start);
  const yes = grammar.sequence(flags);
  const no = cursor.match('|') ? grammar.sequence(flags) : EMPTY;
  if (cursor.next === '|') cursor.refuse('a conditional has two branches at most', start);
  return closed(grammar, { kind: 'conditional', group, yes, no }, start);
}
