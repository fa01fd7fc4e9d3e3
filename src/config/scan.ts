import { parse } from 'smol-toml';
import { type Token, tokensOf } from './tokens.js';

/**
 * A key, section or item: the line on which it is first named, and what is inside it. A tree, not a map of joined
 * paths: one long section name before a long list would fill the memory.
 */
export interface Place {
  readonly line: number;
  readonly parts: Map<string | number, Place>;
}

/** The places of all that a TOML text names; the text is one that the parser has accepted. */
export const scan = (text: string): Place => new Scan(tokensOf(text)).document();

/** Walks over the tokens once, and notes the line on which each key, section and item is first named. */
class Scan {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  document(): Place {
    const root = place(1);
    let section = root;
    while (this.#at < this.#tokens.length) {
      if (this.#take('\n')) continue;
      if (this.#text === '[') section = this.#header(root);
      else this.#pair(section);
    }
    return root;
  }

  get #text(): string | undefined {
    return this.#tokens[this.#at]?.text;
  }

  get #line(): number {
    return this.#tokens[this.#at]?.line ?? 1;
  }

  #take(text: string): boolean {
    if (this.#text !== text) return false;
    this.#at++;
    return true;
  }

  #skip(texts: string): void {
    while (this.#text !== undefined && texts.includes(this.#text)) this.#at++;
  }

  #header(root: Place): Place {
    this.#skip('[');
    const section = this.#key(root);
    this.#skip(']');
    return section;
  }

  #pair(section: Place): void {
    const key = this.#key(section);
    this.#take('=');
    this.#value(key);
  }

  /** A dotted key; answers the place of its last part. */
  #key(from: Place): Place {
    let at = from;
    for (; this.#text !== undefined && !'=]\n'.includes(this.#text); this.#at++) {
      if (this.#text !== '.') at = inside(at, nameOf(this.#text), this.#line);
    }
    return at;
  }

  #value(at: Place): void {
    if (this.#take('[')) this.#items(at);
    else if (this.#take('{')) this.#pairs(at);
    else this.#scalar();
  }

  /** A date or a fraction is more than one token. */
  #scalar(): void {
    do this.#at++;
    while (this.#text !== undefined && !',]}\n'.includes(this.#text));
  }

  #items(at: Place): void {
    this.#skip('\n,');
    for (let index = 0; this.#text !== undefined && !this.#take(']'); index++) {
      this.#value(inside(at, index, this.#line));
      this.#skip('\n,');
    }
  }

  #pairs(at: Place): void {
    this.#skip('\n,');
    while (this.#text !== undefined && !this.#take('}')) {
      this.#pair(at);
      this.#skip('\n,');
    }
  }
}

const place = (line: number): Place => ({ line, parts: new Map() });

function inside(outer: Place, name: string | number, line: number): Place {
  const found = outer.parts.get(name) ?? place(line);
  outer.parts.set(name, found);
  return found;
}

/** The name that a key stands for. Quoted ones go through the parser, which alone knows all the escapes. */
function nameOf(text: string): string {
  if (!/^["']/.test(text)) return text;
  try {
    return parse(`name = ${text}`).name as string;
  } catch {
    return text;
  }
}
