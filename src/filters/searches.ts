import type { Clock } from '../model/clock.js';
import type { Match } from '../regex/match.js';
import type { Compiled } from './compiled.js';

/** What a filter is searching for: undefined between lines, `date` while it looks for a date. */
export interface Attempt {
  compiled: Compiled | 'date' | undefined;
}

const NON_ASCII = /[^\0-\x7f]/;

/**
 * Searches a line for one expression after the other. Says which one it is, so that whoever interrupts a search that takes
 * too long knows the culprit, can do that search again, and can have the others go on without it.
 */
export class Searches {
  readonly #attempt: Attempt;
  readonly #now: Clock;
  /** Expressions that are not searched for, and until when. */
  readonly #setAside = new Map<Compiled, number>();
  #text = '';
  #isAscii = true;

  constructor(now: Clock, attempt: Attempt) {
    this.#now = now;
    this.#attempt = attempt;
  }

  /** Takes on a line; the search for its date comes first. */
  begin(line: string, isAscii: boolean): void {
    this.#attempt.compiled = 'date';
    this.#text = line;
    this.#isAscii = isAscii;
  }

  end(): void {
    this.#attempt.compiled = undefined;
  }

  /** Goes over from the line to a text of several lines, all of which may have letters of their own. */
  widen(text: string): void {
    this.#isAscii = !NON_ASCII.test(text);
  }

  /** Searches for an expression in `text`, which is part of what was taken on. */
  exec(compiled: Compiled, text: string): Match | undefined {
    if (this.#setAside.size > 0 && this.#isSetAside(compiled)) return undefined;
    this.#attempt.compiled = compiled;
    this.#text = text;
    return compiled.pattern.exec(text, this.#isAscii);
  }

  /** What was searched in last. */
  get last(): { readonly text: string; readonly isAscii: boolean } {
    return { text: this.#text, isAscii: this.#isAscii };
  }

  /** Finds nothing with an expression until `until`, in milliseconds since the epoch. */
  setAside(compiled: Compiled, until: number): void {
    this.#setAside.set(compiled, until);
  }

  #isSetAside(compiled: Compiled): boolean {
    const until = this.#setAside.get(compiled);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#setAside.delete(compiled);
    return false;
  }
}
