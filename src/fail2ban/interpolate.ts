import { DropsetError } from '../model/errors.js';
import { quoted } from './ini.js';

/** What a reference may name. Both answers are raw: they are interpolated in their turn. */
export interface Names {
  /** The value of `%(name)s`; the name is lower-cased. */
  plain(name: string): string | undefined;
  /** The value of `%(section/option)s`. */
  qualified(section: string, option: string): string | undefined;
  /** Files that should have been included and are not there: a name that is missing may be in one of them. */
  readonly missing: readonly string[];
}

/** Python's MAX_INTERPOLATION_DEPTH: what lies deeper is a circle. */
const DEPTH = 10;

/** Characters of a value at most: the ten levels could otherwise double it ten times over. */
export const LONGEST_VALUE = 1 << 20;

/** References followed for one value, for the circles that grow nothing. */
const REFERENCES = 20_000;

const QUALIFIED = /^([\p{L}\p{N}_-]+)\/([^)]+)$/su;

/**
 * Replaces `%(name)s`, `%(section/option)s` and `%%`, as Python's `BasicInterpolation` with fail2ban's qualified names
 * does.
 *
 * @param where how errors name the value: `FILE:LINE: option 'x'`.
 * @throws DropsetError `config`: an unknown name, a circle, a percent sign alone, a value without measure.
 */
export function interpolate(text: string, names: Names, where: string): string {
  return text.includes('%') ? new Interpolation(names, where).run(text) : text;
}

class Interpolation {
  readonly #names: Names;
  readonly #where: string;
  #references = 0;
  #length = 0;

  constructor(names: Names, where: string) {
    this.#names = names;
    this.#where = where;
  }

  run(text: string, depth = 1): string {
    if (depth > DEPTH) this.#refuse('refers to itself, or more than 10 levels deep');
    const pieces: string[] = [];
    let at = 0;
    for (let percent = text.indexOf('%'); percent >= 0; percent = text.indexOf('%', at)) {
      pieces.push(this.#counted(text.slice(at, percent)));
      const end = this.#end(text, percent);
      pieces.push(end === percent + 2 ? this.#counted('%') : this.#reference(text.slice(percent + 2, end - 2), depth));
      at = end;
    }
    pieces.push(this.#counted(text.slice(at)));
    return pieces.join('');
  }

  /** Where the `%%` or the `%(name)s` at `percent` ends. */
  #end(text: string, percent: number): number {
    if (text[percent + 1] === '%') return percent + 2;
    const close = text[percent + 1] === '(' ? text.indexOf(')', percent) : -1;
    if (close > percent + 2 && text[close + 1] === 's') return close + 2;
    return this.#refuse(`has ${quoted(text.slice(percent, percent + 20))}; write %(name)s, or %% for a percent sign`);
  }

  #reference(name: string, depth: number): string {
    if (++this.#references > REFERENCES) this.#refuse(`needs more than ${REFERENCES} references`);
    const value = this.#lookup(name);
    if (value === undefined) return this.#refuse(`refers to '%(${name})s', which is defined nowhere${this.#hint()}`);
    return value.includes('%') ? this.run(value, depth + 1) : this.#counted(value);
  }

  #hint(): string {
    const missing = this.#names.missing.filter((path) => path.endsWith('.conf'));
    return missing.length > 0 ? ` (an include is missing: ${missing.join(', ')})` : '';
  }

  #lookup(name: string): string | undefined {
    const lower = name.toLowerCase();
    const plain = this.#names.plain(lower);
    // A qualified name with capitals is never found: fail2ban notes it as written and looks it up lower-cased.
    if (plain !== undefined || lower !== name) return plain;
    const found = QUALIFIED.exec(name);
    return found ? this.#names.qualified(found[1] as string, found[2] as string) : undefined;
  }

  #counted(piece: string): string {
    this.#length += piece.length;
    if (this.#length > LONGEST_VALUE) this.#refuse(`would be longer than ${LONGEST_VALUE} characters`);
    return piece;
  }

  #refuse(why: string): never {
    throw new DropsetError('config', `${this.#where} ${why}`);
  }
}
