import { DropsetError } from '../../model/errors.js';
import { LONGEST_LINE } from './lines.js';
import type { Entry } from './read.js';

const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];

/**
 * Objects of an array, or one behind the other (ndjson), however they are laid out. Each is cut out, not parsed: the service does.
 *
 * @throws DropsetError `request` for what stands between objects, and for one that does not end.
 */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<readonly Entry[]> {
  const objects = new Objects();
  let number = 0;
  for await (const part of text) {
    yield objects.take(part).map((object) => ({ number: ++number, text: object.replace(/[\r\n]+/g, ' ') }));
  }
  objects.end();
}

class Objects {
  /** What is left of the parts before: an object that has begun, or nothing. */
  #rest = '';
  /** How far `#rest` has been looked at. */
  #at = 0;
  #depth = 0;
  #isQuoted = false;
  #count = 0;

  /** The objects that end in this part. */
  take(part: string): string[] {
    const text = this.#rest + part;
    const found: string[] = [];
    let start = 0;
    let at = this.#at;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#isQuoted || code === QUOTE) at += this.#quoted(code);
      else if (code === OPEN && this.#depth++ === 0) {
        this.#between(text.slice(start, at));
        start = at;
      } else if (code === CLOSE && this.#closes()) {
        found.push(text.slice(start, at + 1));
        start = at + 1;
      }
    }
    if (this.#depth === 0 && !this.#isQuoted) {
      this.#between(text.slice(start));
      start = text.length;
    }
    this.#rest = text.slice(start);
    // A backslash may have been the last character: then what it escapes is the first of the next part.
    this.#at = at - start;
    if (this.#rest.length > LONGEST_LINE) throw this.#fault('is too long, or does not end');
    return found;
  }

  /** How many characters behind this one mean nothing. */
  #quoted(code: number): number {
    if (code === QUOTE) this.#isQuoted = !this.#isQuoted;
    return code === BACKSLASH ? 1 : 0;
  }

  /** Whether a brace closes an object that stands in no other. */
  #closes(): boolean {
    if (this.#depth === 0) this.#between('}');
    if (--this.#depth > 0) return false;
    this.#count++;
    return true;
  }

  end(): void {
    if (this.#rest !== '') throw this.#fault('does not end: the list is cut off');
  }

  #between(text: string): void {
    if (/^[\s[\],]*$/.test(text)) return;
    throw this.#fault(`begins with ${JSON.stringify(text.trim().slice(0, 40))}, and is no JSON object`);
  }

  #fault(what: string): DropsetError {
    return new DropsetError('request', `ban ${this.#count + 1} ${what}; what stands before it has been imported`);
  }
}
