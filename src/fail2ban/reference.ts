import { DropsetError } from '../model/errors.js';
import { quoted } from './ini.js';
import { isSpace, skipSpace, strip } from './whitespace.js';

/** A filter, an action or a backend, and what is handed to it: `sshd[mode=aggressive, port="22,2222"]`. */
export interface Reference {
  readonly name: string;
  /** By name, as written. */
  readonly parameters: ReadonlyMap<string, string>;
}

const NAME = /[\p{L}\p{N}_.-]+(?:\?[\p{L}\p{N}_]+=[\p{L}\p{N}_]+)?(?==)/uy;

/**
 * Parses `name[k=v, k2="v,]2"][k3='v3']`: values end at `,` or `]` unless they are quoted, there is no escaping, the
 * last one of a name wins.
 *
 * @throws DropsetError `config`, with the piece that is out of place.
 */
export function parseReference(text: string): Reference {
  const open = text.indexOf('[');
  const name = open < 0 ? text : text.slice(0, open);
  if (name === '') throw fault(text, 'there is no name');
  if (open < 0) return { name, parameters: new Map() };
  const end = strip(text.slice(open)).length + open;
  if (end === open + 1 || text[end - 1] !== ']')
    throw fault(text, 'the last ] is missing, or something stands behind it');
  return { name, parameters: new Parameters(text.slice(open + 1, end - 1), text).read() };
}

class Parameters {
  readonly #text: string;
  readonly #whole: string;
  readonly #found = new Map<string, string>();
  #at = 0;

  constructor(text: string, whole: string) {
    this.#text = text;
    this.#whole = whole;
  }

  read(): ReadonlyMap<string, string> {
    while (!this.#isAtEnd()) this.#one();
    return this.#found;
  }

  /** A comma may stand at the end, and alone. */
  #isAtEnd(): boolean {
    return skipSpace(this.#text, this.#at) === this.#text.length || /^,\s*$/.test(this.#text.slice(this.#at));
  }

  #one(): void {
    const start = skipSpace(this.#text, this.#at);
    const name = nameAt(this.#text, start);
    if (name === undefined) throw fault(this.#whole, `${quoted(this.#text.slice(start))} is not name=value`);
    const value = valueAt(this.#text, start + name.length + 1);
    this.#found.set(name, strip(value.text));
    this.#at = this.#separated(value.end);
  }

  #separated(end: number): number {
    const rest = this.#text.slice(end);
    if (rest === '' || rest === '\n') return this.#text.length;
    const next = separatorEnd(this.#text, end);
    if (next === end) throw fault(this.#whole, `${quoted(rest)} follows a value; write a comma right behind the value`);
    return next;
  }
}

/**
 * Splits a list of references at the space between them; brackets hold together what is inside. A list as fail2ban's
 * `action` has it. Pieces that are no references come out as they are, for `parseReference` to refuse.
 */
export function splitReferences(text: string): string[] {
  const pieces: string[] = [];
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const end = referenceEnd(text, at) ?? wordEnd(text, at);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

function referenceEnd(text: string, at: number): number | undefined {
  const name = /[^[\s]+/y;
  name.lastIndex = at;
  if (!name.test(text)) return undefined;
  const open = skipSpace(text, name.lastIndex);
  if (text[open] !== '[') return name.lastIndex;
  const end = bracketEnd(text, open);
  return end !== undefined && (end === text.length || isSpace(text.charAt(end))) ? end : undefined;
}

/** Behind the `]` that closes the bracket at `open`, where everything inside is name=value. */
function bracketEnd(text: string, open: number): number | undefined {
  let at = skipSpace(text, open + 1);
  while (text[at] !== ']') {
    const name = nameAt(text, at);
    if (name === undefined) return undefined;
    const value = valueAt(text, at + name.length + 1);
    at = skipSpace(text, separatorEnd(text, skipSpace(text, value.end)));
  }
  return at + 1;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isSpace(text.charAt(at))) at++;
  return at;
}

function nameAt(text: string, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0];
}

function valueAt(text: string, at: number): { text: string; end: number } {
  const quote = text[at] === '"' || text[at] === "'" ? text.indexOf(text.charAt(at), at + 1) : -1;
  if (quote >= 0) return { text: text.slice(at + 1, quote), end: quote + 1 };
  let end = at;
  while (end < text.length && text[end] !== ',' && text[end] !== ']') end++;
  return { text: text.slice(at, end), end };
}

/** Behind the `,` or the `][` at `at`; `at` itself where there is neither. */
function separatorEnd(text: string, at: number): number {
  if (text[at] === ',') return at + 1;
  const open = text[at] === ']' ? skipSpace(text, at + 1) : -1;
  return text[open] === '[' ? open + 1 : at;
}

function fault(text: string, why: string): DropsetError {
  return new DropsetError('config', `${quoted(text)}: ${why}`);
}
