import { DropsetError } from '../../model/errors.js';
import { LONGEST_LINE } from './lines.js';
import type { Entry } from './read.js';

const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];

/**
 * Objects of an array, or one behind the other (ndjson), however they are laid out; of a report its offenders, as addresses. Each ban is cut out, not
 * parsed: the service does.
 *
 * @throws DropsetError `request` for what stands between objects, and for one that does not end.
 */
export async function* readJson(text: AsyncGenerator<string>): AsyncGenerator<readonly Entry[]> {
  const { isReport, first } = await beginningOf(text);
  const objects = new Objects(isReport);
  const told = (object: string): string => (isReport ? addressIn(object) : object.replace(/[\r\n]+/g, ' '));
  let number = 0;
  const take = (part: string): Entry[] =>
    objects.take(part).map((object) => ({ number: ++number, text: told(object) }));
  yield take(first);
  for await (const part of text) yield take(part);
  objects.end();
}

/** What stands before the offenders of a report, which is one object. A ban has no array. */
const HEAD = /^\s*\{.*?"offenders"\s*:\s*\[/s;

/** Enough to tell a report from a list: what is no object, or the first name in it; bans have other names. */
const KNOWN = /^\s*(?:[^\s{]|\{\s*(?:[^\s"]|"[^"]*"))/;
const MAYBE = /^\s*\{\s*"(?:title|time)"/;

/** Whether a text is a report, and as much of it as it took to know that, without its head. */
async function beginningOf(text: AsyncGenerator<string>): Promise<{ isReport: boolean; first: string }> {
  let first = '';
  const isKnown = (): boolean => KNOWN.test(first) && (!MAYBE.test(first) || HEAD.test(first));
  while (first.length < LONGEST_LINE && !isKnown()) {
    const { value, done } = await text.next();
    if (done) break;
    first += value;
  }
  const head = HEAD.exec(first.slice(0, LONGEST_LINE))?.[0];
  return { isReport: head !== undefined, first: first.slice(head?.length ?? 0) };
}

function addressIn(object: string): string {
  try {
    return JSON.stringify({ address: JSON.parse(object).address });
  } catch {
    return JSON.stringify({ address: '' });
  }
}

class Objects {
  /** What is left of the parts before: an object that has begun, or nothing. */
  #rest = '';
  /** How far `#rest` has been looked at. */
  #at = 0;
  #depth = 0;
  #isQuoted = false;
  #count = 0;
  readonly #isReport: boolean;
  /** A report ends with the brace that began it. */
  #isOpen: boolean;

  constructor(isReport: boolean) {
    this.#isReport = isReport;
    this.#isOpen = isReport;
  }

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
    if (this.#depth === 0) return this.#ends();
    if (--this.#depth > 0) return false;
    this.#count++;
    return true;
  }

  /** A brace that closes no object. */
  #ends(): false {
    if (!this.#isOpen) this.#between('}');
    this.#isOpen = false;
    return false;
  }

  end(): void {
    if (this.#rest !== '' || this.#isOpen) throw this.#fault('does not end: the list is cut off');
  }

  #between(text: string): void {
    if ((this.#isReport ? /^[\s[\],}]*$/ : /^[\s[\],]*$/).test(text)) return;
    throw this.#fault(`begins with ${JSON.stringify(text.trim().slice(0, 40))}, and is no JSON object`);
  }

  #fault(what: string): DropsetError {
    return new DropsetError('request', `ban ${this.#count + 1} ${what}; what stands before it has been imported`);
  }
}
