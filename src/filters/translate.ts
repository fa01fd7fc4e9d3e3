import { DropsetError } from '../model/errors.js';
import { CONTROLS, literal, PLACES, SETS } from './escapes.js';
import { HOST_TAGS } from './host.js';

/** Tags with a meaning that goes beyond a name for a group. */
const SPECIAL = /^(?:CONTENT|ID|IP4|IP6|DNS|CIDR|SUBNET|NOFAIL|TUPLE_.*|MLF.*)$/;

/**
 * Translates a regular expression of a filter file, in Python's dialect and with fail2ban's tags, to JavaScript.
 *
 * Supported: `<HOST>`, `<ADDR>`, `<F-NAME>..</F-NAME>` (a group `name`), `(?P<n>..)`, `(?P=n)`, look-around, classes,
 * repetitions, `(?i)` at the very beginning. What has no exact equal here is refused. One difference is known: a
 * `(?P=n)` of a group that took no part matches nothing at all in Python, and the empty text here.
 *
 * @param needsHost whether it has to say whom to blame.
 * @throws DropsetError `filter`, with the piece that is the trouble.
 */
export function translate(python: string, needsHost: boolean): RegExp {
  const translator = new Translator(python);
  const source = translator.translate();
  if (needsHost && !translator.hasHost) throw refusal(python, 'it has neither <HOST> nor <ADDR>');
  try {
    return new RegExp(source, translator.flags);
  } catch (error) {
    throw refusal(python, (error as Error).message.replace(/^.*: /s, ''), error);
  }
}

function refusal(python: string, why: string, cause?: unknown): DropsetError {
  return new DropsetError('filter', `regular expression '${python}': ${why}`, { cause });
}

const isSet = (member: string): boolean => Array.from(SETS.values()).includes(member);

class Translator {
  readonly #python: string;
  #at = 0;
  hasHost = false;
  flags = 'v';

  constructor(python: string) {
    this.#python = python;
  }

  translate(): string {
    if (this.#take(/\(\?i\)/y)) this.flags += 'i';
    let source = '';
    while (this.#at < this.#python.length) source += this.#piece();
    return source;
  }

  #piece(): string {
    const tag = this.#take(/<(\/?)([\w-]+)(\/?)>/y);
    if (tag) return this.#tag(tag);
    const repetition = this.#take(/(?:[*+?]|\{(\d*)(,?)(\d*)\})([?+]?)/y);
    if (repetition) return this.#repetition(repetition);
    const [character] = this.#take(/./suy) as RegExpExecArray;
    if (character === '(') return this.#group();
    if (character === '[') return this.#class();
    if (character === '\\') return this.#escape();
    if (character === '.') return '[^\\n]';
    return '^$|)'.includes(character) ? character : literal(character);
  }

  #tag([tag, closing, name = '', empty]: RegExpExecArray): string {
    const host = closing || empty ? undefined : HOST_TAGS.get(name.replace(/^F-/, ''));
    if (host) {
      this.hasHost = true;
      return host;
    }
    const group = /^F-([A-Z]\w*)$/.exec(name)?.[1];
    if (!group || empty || SPECIAL.test(group)) return this.#refuse(tag);
    return closing ? ')' : `(?<${group.toLowerCase()}>`;
  }

  #repetition([piece, least, comma, most, mode]: RegExpExecArray): string {
    // `{}` and `{,}` are ordinary text in one version of Python and a repetition in another.
    if (mode === '+' || (piece.startsWith('{') && !least && !most)) return this.#refuse(piece);
    return piece.startsWith('{') ? `{${least || '0'}${comma}${most}}${mode}` : piece;
  }

  /** Behind the opening parenthesis. */
  #group(): string {
    const named = this.#take(/\?P<([A-Za-z_]\w*)>/y);
    if (named) return `(?<${named[1]}>`;
    const reference = this.#take(/\?P=([A-Za-z_]\w*)\)/y);
    if (reference) return `\\k<${reference[1]}>`;
    const other = this.#take(/\?(?:<?[=!]|:)/y);
    if (other) return `(${other[0]}`;
    const strange = this.#take(/\?[^)]{0,3}/y);
    return strange ? this.#refuse(`(${strange[0]}`) : '(';
  }

  /** Behind the opening bracket. */
  #class(): string {
    let source = this.#take(/\^/y) ? '[^' : '[';
    // A bracket that comes first is an ordinary member.
    if (this.#take(/\]/y)) source += literal(']');
    while (!this.#take(/\]/y)) source += this.#range();
    return `${source}]`;
  }

  #range(): string {
    const from = this.#member();
    if (!this.#take(/-(?!\])/y)) return from;
    const to = this.#member();
    if (isSet(from) || isSet(to)) return this.#refuse(`${from}-${to}`);
    return `${from}-${to}`;
  }

  #member(): string {
    const found = this.#take(/\\?./suy) ?? this.#refuse('[ without ]');
    const [piece] = found;
    if (!piece.startsWith('\\') || piece === '\\') return literal(piece);
    this.#at -= piece.length - 1;
    return this.#character(true);
  }

  /** Behind the backslash, outside a class. */
  #escape(): string {
    const place = PLACES.get(this.#python[this.#at] ?? '');
    if (!place) return this.#character(false);
    this.#at++;
    return place;
  }

  /** Behind the backslash: a set, or one character. */
  #character(isInClass: boolean): string {
    const code = this.#take(/x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}/y);
    if (code) return `\\${code[0]}`;
    const [character = ''] = this.#take(/./suy) ?? [];
    const set = SETS.get(character);
    if (set) return set;
    if (isInClass && character === 'b') return literal('\b');
    const control = CONTROLS.get(character);
    // Digits are back references or octal, and Python gives no meaning to other letters.
    if (!control && /^[0-9A-Za-z]?$/.test(character)) return this.#refuse(`\\${character}`);
    return literal(control ?? character);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#python);
    if (found) this.#at += found[0].length;
    return found;
  }

  #refuse(piece: string): never {
    throw refusal(this.#python, `'${piece}' is not supported`);
  }
}
