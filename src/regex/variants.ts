import type { Node } from './ast.js';
import { emit } from './emit.js';
import { Irregexp } from './irregexp.js';

/** One pattern for V8, twice: for text that is ASCII alone, which is faster, and for any. */
export class Variants {
  readonly #ascii: Irregexp;
  readonly #forUnicode: () => Irregexp;
  #unicode: Irregexp | undefined;

  /** @throws SyntaxError if V8 finds the expression too large. */
  constructor(tree: Node, names: ReadonlyMap<string, number>, wanted: ReadonlySet<number>, hasSpans: boolean) {
    this.#ascii = new Irregexp(emit(tree, wanted, true), names, hasSpans);
    // Most logs never need it, and its classes are large.
    this.#forUnicode = () => new Irregexp(emit(tree, wanted, false), names, hasSpans);
  }

  of(isAscii: boolean): Irregexp {
    if (isAscii) return this.#ascii;
    this.#unicode ??= this.#forUnicode();
    return this.#unicode;
  }
}
