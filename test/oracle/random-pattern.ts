import type { Random } from './random.js';

const PLAIN = ['a', 'b', 'a', 'b', 'A', '1', ' ', 'k', 's', 'ж', 'İ', '\u{1f600}'];
const SETS = String.raw`. \d \w \s \W \S \D [ab] [^a] [\w-] [a-z] [^\W_] [A-Z] [^\n] [\s\S] [\W1] (?a:\w) (?s:.)`.split(
  ' ',
);
const PLACES = String.raw`^ $ \b \B \A \Z (?m:^) (?m:$)`.split(' ');
const BEHIND = String.raw`a [ab] ab a|b ^ . \b \w.`.split(' ');
const COUNTS = ['*', '+', '?', '{1,2}', '{2}', '{,2}', '{1,}', '*', '?'];

/** Letters of the texts that random patterns are tried on. */
export const LETTERS = [
  'a',
  'b',
  'A',
  'B',
  '1',
  ' ',
  '\n',
  '_',
  'ж',
  'Ж',
  '\u{1f600}',
  '٣',
  'K',
  'ſ',
  's',
  'İ',
  'i',
  '\u00a0',
];

/** Makes patterns that Python accepts, nearly always. */
export class RandomPattern {
  readonly #random: Random;
  #groups = 0;
  readonly #closed: number[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  make(): string {
    const flags =
      this.#random.below(12) === 0 ? this.#random.pick(['(?i)', '(?s)', '(?m)', '(?a)', '(?ia)', '(?x)']) : '';
    return flags + this.#branches(3);
  }

  #branches(depth: number): string {
    const first = this.#random.below(8) ? this.#sequence(depth) : '';
    if (this.#random.below(6) < 4) return first;
    return `${first}|${this.#random.below(6) ? this.#sequence(depth) : ''}`;
  }

  #sequence(depth: number): string {
    return this.#piece(depth) + this.#random.some(2, () => this.#piece(depth));
  }

  #piece(depth: number): string {
    const atom = this.#atom(depth);
    if (PLACES.slice(0, 6).includes(atom) || this.#random.below(14) < 8) return atom;
    // Python 3.11.2 goes wrong after what is longer: it does not go back to where a possessive time around began.
    const modes = atom.length > 2 ? ['', '', '?'] : ['', '', '?', '+'];
    return atom + this.#random.pick(COUNTS) + this.#random.pick(modes);
  }

  #atom(depth: number): string {
    const kind = this.#random.below(30);
    if (kind < 9 || depth === 0) return this.#random.pick(PLAIN);
    if (kind < 12) return this.#random.pick(SETS);
    if (kind < 14) return this.#random.pick(PLACES);
    if (kind < 18) return this.#capture(depth - 1);
    if (kind < 24) return `(?${this.#random.pick([':', ':', ':', '=', '!', '>', 'i:'])}${this.#branches(depth - 1)})`;
    if (kind < 26) return `(?<${this.#random.pick(['=', '!'])}${this.#random.pick(BEHIND.slice(0, 8))})`;
    return this.#closed.length > 0 ? this.#question(depth - 1) : 'b';
  }

  #capture(depth: number): string {
    const number = ++this.#groups;
    const name = this.#random.below(2) ? `?P<g${number}>` : '';
    const body = this.#branches(depth);
    this.#closed.push(number);
    return `(${name}${body})`;
  }

  /** A reference or a conditional. */
  #question(depth: number): string {
    const group = this.#random.pick(this.#closed);
    if (this.#random.below(2)) return `(?:\\${group})`;
    return `(?(${group})${this.#sequence(depth)}|${this.#sequence(depth)})`;
  }
}
