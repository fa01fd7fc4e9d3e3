import { DropsetError } from './errors.js';

/** More than any person writes; fail2ban has no bounds. */
const LONGEST = 256;
const DEEPEST = 32;

const DAY = 86_400;
const YEAR = 365.25 * DAY;

/** fail2ban's units in seconds. They are told by whole words, so that `1M` is a minute, and `1mo` a month. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:days?|da|dd?)$/, DAY],
  [/^(?:weeks?|wee?|ww?)$/, 7 * DAY],
  [/^(?:months?|mon?)$/, YEAR / 12],
  [/^(?:years?|yea?|yy?)$/, YEAR],
  [/^(?:seconds?|sec?|ss?)$/, 1],
  [/^(?:minutes?|min?|mm?)$/, 60],
  [/^(?:hours?|hou?|hh?)$/, 3600],
];

const PIECE = /\s*(?:((?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]\d+)?)|([a-z]+)|([-+*/()]))/iy;

/** Python refuses `010`, lest it be taken for an octal number; `0`, `00` and `01.5` are fine. */
const LEADING_ZERO = /^0\d*[1-9]\d*$/;

/**
 * Reads a time as fail2ban's configuration has it (server/mytime.py, str2seconds): `600`, `1d12h`, `1h 30m`, `1d - 2h`, `10*60`,
 * `2*.5y+1*1mo-3*1/3w`, `-1`. Numbers with a unit that follow each other are added; a month is a twelfth of 365.25 days. fail2ban
 * has Python evaluate the text; here numbers, units, `+ - * /` and parentheses are all there is.
 *
 * @returns seconds; they may be negative, and have a fraction.
 * @throws DropsetError `config`, for anything else, and for a division by zero.
 */
export function parseSeconds(text: string): number {
  if (text.length > LONGEST) throw new DropsetError('config', `a time has at most ${LONGEST} characters`);
  return new Evaluation(text).result();
}

/** One piece of the text. */
interface Token {
  readonly kind: 'number' | 'word' | 'sign' | 'end';
  readonly text: string;
  /** Whether it follows the piece before without a space. */
  readonly isJoined: boolean;
}

class Evaluation {
  readonly #text: string;
  #offset = 0;
  #depth = 0;
  #token: Token;
  /** The piece before; how the one at hand may be joined to it depends on it. */
  #before: Token | undefined;
  /** A digit that stands alone can have a silent plus on one side only, in fail2ban. */
  #isPlusBefore = false;

  constructor(text: string) {
    this.#text = text.trimEnd();
    this.#token = this.#next();
  }

  result(): number {
    const seconds = this.#sum();
    if (this.#token.kind !== 'end') this.#refuse();
    if (!Number.isFinite(seconds))
      throw new DropsetError('config', `'${this.#text}' is no time: it divides by zero, or is endless`);
    return seconds;
  }

  #sum(): number {
    let value = this.#product();
    for (;;) {
      if (this.#takes('+')) value += this.#product();
      else if (this.#takes('-')) value -= this.#product();
      else if (this.#isSilentPlus()) value += this.#productBehindSilentPlus();
      else return value;
    }
  }

  /** A unit is one more factor: `10/2h` is five hours. */
  #product(): number {
    let value = this.#signed();
    for (;;) {
      if (this.#takes('*')) value *= this.#signed();
      else if (this.#takes('/')) value = divided(value, this.#signed());
      else if (this.#token.kind === 'word') value *= this.#unit();
      else return value;
    }
  }

  #signed(): number {
    if (this.#takes('-')) return -this.#nested(() => this.#signed());
    if (this.#takes('+')) return this.#nested(() => this.#signed());
    return this.#takes('(') ? this.#nested(() => this.#enclosed()) : this.#number();
  }

  #enclosed(): number {
    const value = this.#sum();
    if (!this.#takes(')')) this.#refuse();
    return value;
  }

  #number(): number {
    const { kind, text } = this.#token;
    if (kind !== 'number' || LEADING_ZERO.test(text)) this.#refuse();
    this.#advance();
    return Number(text);
  }

  #unit(): number {
    const word = this.#token.text.toLowerCase();
    const seconds = UNITS.find(([pattern]) => pattern.test(word))?.[1];
    if (seconds === undefined || (this.#token.isJoined && !endsInDigit(this.#before))) this.#refuse();
    this.#advance();
    return seconds as number;
  }

  /** Between digits, and behind a unit. */
  #isSilentPlus(): boolean {
    if (!/^\d/.test(this.#token.text)) return false;
    if (this.#before?.kind === 'word') return true;
    const isTaken = this.#isPlusBefore && this.#before?.text.length === 1;
    return endsInDigit(this.#before) && !isTaken;
  }

  #productBehindSilentPlus(): number {
    const token = this.#token;
    const value = this.#product();
    this.#isPlusBefore = this.#before === token;
    return value;
  }

  #nested(read: () => number): number {
    if (++this.#depth > DEEPEST)
      throw new DropsetError('config', `a time has at most ${DEEPEST} signs and parentheses inside each other`);
    const value = read();
    this.#depth--;
    return value;
  }

  #takes(sign: string): boolean {
    if (this.#token.kind !== 'sign' || this.#token.text !== sign) return false;
    this.#advance();
    return true;
  }

  #advance(): void {
    this.#before = this.#token;
    this.#token = this.#next();
    this.#isPlusBefore = false;
  }

  #next(): Token {
    PIECE.lastIndex = this.#offset;
    const found = PIECE.exec(this.#text);
    if (!found && this.#offset < this.#text.length) this.#refuseAt(this.#offset);
    if (!found) return { kind: 'end', text: '', isJoined: false };
    const [all, number, word, sign] = found;
    this.#offset += all.length;
    const text = number ?? word ?? sign ?? '';
    return { kind: number ? 'number' : word ? 'word' : 'sign', text, isJoined: all === text };
  }

  #refuse(): never {
    return this.#refuseAt(this.#offset - this.#token.text.length);
  }

  #refuseAt(offset: number): never {
    const piece = this.#text.slice(offset).trim();
    const where = piece === '' ? 'something is missing at its end' : `'${piece}' is not understood there`;
    throw new DropsetError(
      'config',
      `'${this.#text}' is no time: ${where}; write 600 (seconds), 10m, 1h 30m or 1d - 2h`,
    );
  }
}

const endsInDigit = (token: Token | undefined): boolean => token !== undefined && /\d$/.test(token.text);

/** Python has no infinity for this. */
const divided = (dividend: number, divisor: number): number => (divisor === 0 ? Number.NaN : dividend / divisor);
