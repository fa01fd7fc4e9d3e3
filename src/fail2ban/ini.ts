import { DropsetError } from '../model/errors.js';
import { indent, isSpace, strip, stripEnd } from './whitespace.js';

/** An option's value as a file has it, lines joined by `\n`, nothing substituted. */
export interface Value {
  readonly text: string;
  /** The path of the file, or what stands for one. */
  readonly origin: string;
  /** The number of each line of `text`, from 1; empty where the value comes from no file. */
  readonly lines: readonly number[];
}

/** Options by lower-cased name. A Map, so that `__proto__` is a name like any other. */
export type Section = Map<string, Value>;

export interface Ini {
  readonly defaults: Section;
  /** By name, as written, in the order of the file; without `DEFAULT`. */
  readonly sections: Map<string, Section>;
}

export const DEFAULT = 'DEFAULT';

/**
 * Parses one file in the dialect of Python's `ConfigParser` (strict; comment lines begin with `#` or `;`, comments
 * behind a value with ` ;`; options end at `=` or `:`; deeper lines continue a value; blank lines belong to it).
 *
 * @throws DropsetError `config`, with file and line: a duplicate, a line that is no option, an option outside of a
 * section.
 */
export function parseIni(text: string, origin: string): Ini {
  const parser = new Parser(origin);
  // Python's universal newlines: a lone CR ends a line too.
  for (const line of text.split(/\r\n|\r|\n/)) parser.read(line);
  return parser.end();
}

interface Growing {
  readonly texts: string[];
  readonly lines: number[];
}

class Parser {
  readonly #origin: string;
  readonly #defaults = new Map<string, Growing>();
  readonly #sections = new Map<string, Map<string, Growing>>();
  #line = 0;
  #name = '';
  #section: Map<string, Growing> | undefined;
  #option: Growing | undefined;
  #indent = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  read(line: string): void {
    this.#line++;
    const comment = commentStart(line);
    const content = strip(line.slice(0, comment));
    if (content === '') {
      if (comment === line.length) this.#continue('');
      return;
    }
    const depth = indent(line);
    if (this.#option && depth > this.#indent) this.#continue(content);
    else this.#begin(content, depth);
  }

  end(): Ini {
    const sections = new Map([...this.#sections].map(([name, section]) => [name, this.#finished(section)]));
    return { defaults: this.#finished(this.#defaults), sections };
  }

  #continue(content: string): void {
    this.#option?.texts.push(content);
    this.#option?.lines.push(this.#line);
  }

  #begin(content: string, depth: number): void {
    this.#indent = depth;
    const header = /^\[([^\n]+)\]/.exec(content);
    if (header) this.#enter(header[1] as string);
    else this.#set(content);
  }

  #enter(name: string): void {
    this.#option = undefined;
    this.#name = name;
    if (name === DEFAULT) {
      this.#section = this.#defaults;
      return;
    }
    if (this.#sections.has(name)) throw this.#fault(`section [${name}] is there twice; join the two`);
    this.#section = new Map();
    this.#sections.set(name, this.#section);
  }

  #set(content: string): void {
    if (!this.#section) throw this.#fault(`${quoted(content)} stands before any [section]`);
    const end = content.search(/[=:]/);
    const name = stripEnd(content.slice(0, Math.max(0, end))).toLowerCase();
    if (end < 0 || name === '') {
      throw this.#fault(`${quoted(content)} is no option; write name = value, or indent what continues a value`);
    }
    if (this.#section.has(name)) throw this.#fault(`option ${quoted(name)} is in [${this.#name}] twice; remove one`);
    this.#option = { texts: [strip(content.slice(end + 1))], lines: [this.#line] };
    this.#section.set(name, this.#option);
  }

  #finished(section: ReadonlyMap<string, Growing>): Section {
    return new Map([...section].map(([name, { texts, lines }]) => [name, this.#value(texts, lines)]));
  }

  #value(texts: readonly string[], lines: readonly number[]): Value {
    const text = stripEnd(texts.join('\n'));
    return { text, origin: this.#origin, lines: lines.slice(0, text.split('\n').length) };
  }

  #fault(why: string): DropsetError {
    return new DropsetError('config', `${this.#origin}:${this.#line}: ${why}`);
  }
}

/** Where the comment of a line begins: its length where it has none. */
function commentStart(line: string): number {
  const first = line.charAt(indent(line));
  if (first === '#' || first === ';') return 0;
  let at = line.indexOf(';');
  while (at > 0 && !isSpace(line.charAt(at - 1))) at = line.indexOf(';', at + 1);
  return at < 0 ? line.length : at;
}

/** A piece of a file as an error shows it. */
export const quoted = (text: string): string =>
  `'${text.length > 60 ? `${text.slice(0, 60)}...` : text}'`.replace(/\n/g, '\\n');
