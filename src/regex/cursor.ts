import { DropsetError } from '../model/errors.js';

/** Characters of a pattern that an error message shows at most. */
const SHOWN = 200;

/** Walks over a pattern token by token, as Python does: a token is one character, or a backslash with the one behind it. */
export class Cursor {
  readonly text: string;
  /** The token that comes next; undefined at the end. */
  next: string | undefined;
  #index = 0;

  constructor(text: string) {
    this.text = text;
    this.#advance();
  }

  /** Where the next token begins. */
  get offset(): number {
    return this.#index - (this.next?.length ?? 0);
  }

  get(): string | undefined {
    const token = this.next;
    this.#advance();
    return token;
  }

  /** Takes a token if it comes next. */
  match(token: string): boolean {
    if (this.next !== token) return false;
    this.#advance();
    return true;
  }

  /** Takes tokens while they are single characters of a set, at most so many. */
  getWhile(isWanted: RegExp, most = Number.POSITIVE_INFINITY): string {
    let taken = '';
    while (taken.length < most && this.next !== undefined && isWanted.test(this.next)) taken += this.get();
    return taken;
  }

  /** Takes what stands before a terminator, and the terminator. */
  getUntil(terminator: string, start: number): string {
    let taken = '';
    for (;;) {
      const token = this.get();
      if (token === undefined) this.refuse(`'${terminator}' is missing`, start);
      if (token === terminator) return taken;
      taken += token;
    }
  }

  seek(offset: number): void {
    this.#index = offset;
    this.#advance();
  }

  /** @throws DropsetError `filter`: why, and the piece of the pattern from `start` to `end`, or to here. */
  refuse(why: string, start: number, end = this.offset): never {
    const piece = this.text.slice(start, Math.max(end, start + 1));
    throw refusal(this.text, why, piece, start);
  }

  #advance(): void {
    const start = this.#index;
    let token = characterAt(this.text, start);
    if (token === '\\') {
      const escaped = characterAt(this.text, start + 1);
      if (escaped === undefined) throw refusal(this.text, 'nothing follows the backslash', '\\', start);
      token += escaped;
    }
    this.#index = start + (token?.length ?? 0);
    this.next = token;
  }
}

function characterAt(text: string, index: number): string | undefined {
  const code = text.codePointAt(index);
  return code === undefined ? undefined : String.fromCodePoint(code);
}

const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);

/** The error of a pattern that cannot be had. */
export function refusal(pattern: string, why: string, piece: string, offset: number): DropsetError {
  const place = `'${shortened(piece)}' at offset ${offset}`;
  return new DropsetError('filter', `regular expression '${shortened(pattern)}': ${place}: ${why}`);
}
