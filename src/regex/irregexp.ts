import type { Emitted } from './emit.js';
import { Groups, type Match, type Search, type Span } from './match.js';

/** A search by V8's own engine. */
export class Irregexp implements Search {
  readonly #regexp: RegExp;
  /** The same, for searches that do not begin at 0. */
  #global: RegExp | undefined;
  readonly #names: readonly string[];
  /** Where each name is in V8's result. */
  readonly #indices: readonly number[];
  /** Further places of names whose group was distributed over several branches. */
  readonly #others: readonly (readonly number[])[];
  /** Python's number for each of V8's groups; absent if nobody asks for spans. */
  readonly #numbers: readonly number[] | undefined;

  /** @throws SyntaxError if V8 finds the expression too large. */
  constructor(emitted: Emitted, names: ReadonlyMap<string, number>, hasSpans: boolean) {
    this.#regexp = new RegExp(emitted.source, emitted.flags + (hasSpans ? 'd' : ''));
    // V8 generates code at the first use, and says only then what it cannot do.
    this.#regexp.exec('');
    const places = Array.from(names.values(), (wanted) =>
      emitted.numbers.flatMap((number, index) => (number === wanted ? [index] : [])),
    );
    this.#names = [...names.keys()];
    this.#indices = places.map(([first]) => first ?? Number.POSITIVE_INFINITY);
    this.#others = places.map((all) => all.slice(1));
    this.#numbers = hasSpans ? emitted.numbers : undefined;
  }

  test(text: string): boolean {
    return this.#regexp.test(text);
  }

  exec(text: string, from = 0): Match | undefined {
    const found = from === 0 ? this.#regexp.exec(text) : this.#execFrom(text, from);
    if (found === null) return undefined;
    const { index } = found;
    const match = { index, end: index + found[0].length, groups: this.#groups(found) };
    return this.#numbers ? { ...match, spans: spansOf(found, this.#numbers) } : match;
  }

  #execFrom(text: string, from: number): RegExpExecArray | null {
    this.#global ??= new RegExp(this.#regexp.source, `${this.#regexp.flags}g`);
    this.#global.lastIndex = from;
    return this.#global.exec(text);
  }

  #groups(found: RegExpExecArray): Record<string, string | undefined> {
    const groups = new Groups();
    for (let index = 0; index < this.#names.length; index++) {
      let text = found[this.#indices[index] as number];
      if (text === undefined) for (const other of this.#others[index] as readonly number[]) text ??= found[other];
      groups[this.#names[index] as string] = text;
    }
    return groups;
  }
}

function spansOf(found: RegExpExecArray, numbers: readonly number[]): Span[] {
  const spans: Span[] = new Array(Math.max(...numbers) + 1).fill(undefined);
  for (const [index, number] of numbers.entries()) if (number >= 0) spans[number] ??= found.indices?.[index];
  return spans;
}
