import type { Node } from './ast.js';
import { emit } from './emit.js';
import { Irregexp } from './irregexp.js';

/** A longer expression, in characters, could be too large for V8: that is to come out before it is used. */
const LONG = 8192;

/** One pattern for V8, twice: for text that is ASCII alone, which is faster, and for any. */
export class Variants {
  readonly #ascii: Irregexp;
  readonly #forUnicode: () => Irregexp;
  #unicode: Irregexp | undefined;

  /** @throws SyntaxError if V8 finds the expression too large. */
  constructor(tree: Node, names: ReadonlyMap<string, number>, wanted: ReadonlySet<number>, hasSpans: boolean) {
    this.#ascii = new Irregexp(emit(tree, wanted, true), names, hasSpans);
    const unicode = emit(tree, wanted, false);
    this.#forUnicode = () => new Irregexp(unicode, names, hasSpans);
    // Most logs never need it, and its classes are large.
    if (unicode.source.length > LONG) this.#unicode = this.#forUnicode();
  }

  of(isAscii: boolean): Irregexp {
    if (isAscii) return this.#ascii;
    this.#unicode ??= this.#forUnicode();
    return this.#unicode;
  }
}
