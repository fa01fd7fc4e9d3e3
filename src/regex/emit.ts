import type { Alternation, Anchor, Node, Place, Reference, Repetition } from './ast.js';
import { asciiSet, unicodeSet, WORD, type WriteSet } from './emit-set.js';
import { isNullable } from './traits.js';

/** A regular expression of JavaScript. */
export interface Emitted {
  readonly source: string;
  /** '' for text that is known to be ASCII, else 'u'. */
  readonly flags: string;
  /** Python's number for each group of the expression, from 0 for the whole; -1 for groups that only serve. */
  readonly numbers: readonly number[];
}

/** The empty text has no place that is no boundary, says Python. */
const NOT_EMPTY = '(?:(?=[^])|(?<=[^]))';

/** V8 finds the empty text between the two halves of a character beyond U+FFFF too, where no character begins and no text ends. */
const AT_CHARACTER = '(?=[^]|$)';

/** The places that mean the same in any text. JavaScript's flag `m` and `$` know other ends of lines. */
const PLACES: Readonly<Record<Place, string>> = {
  start: '^',
  'line-start': '(?:^|(?<=\\n))',
  end: '$',
  'final-end': '(?=\\n?$)',
  'line-end': '(?=\\n|$)',
  boundary: '\\b',
  'no-boundary': `\\B${NOT_EMPTY}`,
  'ascii-boundary': '\\b',
  'ascii-no-boundary': `\\B${NOT_EMPTY}`,
};

/** The places that depend on what a letter is. */
const UNICODE_PLACES: Partial<Readonly<Record<Place, string>>> = {
  boundary: `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  'no-boundary': `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))${NOT_EMPTY}`,
};

/**
 * Writes a pattern in JavaScript, for text that is ASCII alone or for any.
 *
 * @param wanted the groups to capture, by Python's numbers; a tree that refers to a group wants it.
 */
export function emit(root: Node, wanted: ReadonlySet<number>, isAscii: boolean): Emitted {
  const emitter = new Emitter(wanted, isAscii);
  const source =
    !isAscii && isNullable(root) ? `${AT_CHARACTER}(?:${emitter.alternatives(root)})` : emitter.alternatives(root);
  return { source, flags: isAscii ? '' : 'u', numbers: emitter.numbers };
}

class Emitter {
  readonly numbers: number[] = [0];
  readonly #wanted: ReadonlySet<number>;
  readonly #isAscii: boolean;
  readonly #set: WriteSet;
  #isLookingBehind = false;

  constructor(wanted: ReadonlySet<number>, isAscii: boolean) {
    this.#wanted = wanted;
    this.#isAscii = isAscii;
    this.#set = isAscii ? asciiSet : unicodeSet;
  }

  /** Where a parenthesis or the pattern's end limits the branches. */
  alternatives(node: Node): string {
    if (node.kind !== 'alternation' || node.branches.length === 0) return this.#piece(node);
    return node.branches.map((branch) => this.#piece(branch)).join('|');
  }

  #piece(node: Node): string {
    switch (node.kind) {
      case 'character':
        return this.#set(node.set);
      case 'concatenation':
        return node.parts.map((part) => this.#piece(part)).join('');
      case 'alternation':
        return this.#alternation(node);
      case 'repetition':
        return this.#repetition(node);
      case 'group':
        return this.#wanted.has(node.number) ? this.#capture(node.number, node.body) : this.#bracketed(node.body);
      case 'atomic':
        return this.#atomic(node.body);
      case 'look':
        return this.#look(node.isAhead, node.isNegative, node.body);
      case 'anchor':
        return this.#anchor(node);
      case 'reference':
        return this.#reference(node);
      case 'conditional':
        throw new Error('conditionals are resolved, or loosened, before they are written');
    }
  }

  /** What a quantifier may follow. */
  #bracketed(node: Node): string {
    const isOne = node.kind === 'character' || node.kind === 'group' || node.kind === 'atomic';
    return isOne ? this.#piece(node) : `(?:${this.alternatives(node)})`;
  }

  #capture(number: number, body: Node): string {
    this.numbers.push(number);
    return `(${this.alternatives(body)})`;
  }

  #alternation(node: Alternation): string {
    // An empty class: the one thing that never matches.
    return node.branches.length === 0 ? '[]' : this.#bracketed(node);
  }

  #repetition({ body, least, most, isLazy }: Repetition): string {
    if (most === 0) return '';
    const inner = this.#bracketed(body);
    // JavaScript refuses a last time that matched nothing, Python accepts it, with what it captured.
    if (least === 0 && most === 1 && isNullable(body)) return isLazy ? `(?:|${inner})` : `(?:${inner}|)`;
    return inner + sign(least, most) + (isLazy ? '?' : '');
  }

  /** A look ahead is atomic; what it captured is then taken. A look behind goes one way in any case: its width is fixed. */
  #atomic(body: Node): string {
    if (this.#isLookingBehind) return this.#bracketed(body);
    const number = this.numbers.length;
    return `(?:(?=${this.#capture(-1, body)})\\${number})`;
  }

  #look(isAhead: boolean, isNegative: boolean, body: Node): string {
    const outer = this.#isLookingBehind;
    this.#isLookingBehind = !isAhead;
    const inner = this.alternatives(body);
    this.#isLookingBehind = outer;
    return `(?${isAhead ? '' : '<'}${isNegative ? '!' : '='}${inner})`;
  }

  #anchor({ place }: Anchor): string {
    return (this.#isAscii ? undefined : UNICODE_PLACES[place]) ?? PLACES[place];
  }

  /** Of several groups with one number at most one is set, and the others match the empty text. */
  #reference({ group }: Reference): string {
    const written = this.numbers.flatMap((number, index) => (number === group ? [`\\${index}`] : []));
    return `(?:${written.join('')})`;
  }
}

function sign(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  if (least === 0 && most === 1) return '?';
  return least === most ? `{${least}}` : `{${least},${most}}`;
}
