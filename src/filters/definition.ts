import { DropsetError } from '../model/errors.js';

/** A filter file as it was read: regular expressions in Python's dialect, not yet translated. */
export interface FilterDefinition {
  readonly name: string;
  /** The path of the file. */
  readonly origin: string;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
}

interface Option {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly values: string[];
}

const KNOWN = new Set(['failregex', 'ignoreregex']);

/**
 * Reads a filter file in the part of fail2ban's dialect that dropset understands: `[Definition]` with `failregex`
 * and `ignoreregex` (one regular expression a line), and variables `_name` for use as `%(_name)s`. Everything else
 * is refused: a filter that is understood by half would let attackers through without a word.
 *
 * @throws DropsetError `filter`, with file and line.
 */
export function parseDefinition(name: string, origin: string, text: string): FilterDefinition {
  const options = optionsOf(origin, text);
  const list = (option: string): string[] => {
    const found = options.get(option);
    return found ? found.values.map((value) => interpolated(value, options, origin, found.line)) : [];
  };
  const definition = { name, origin, failregex: list('failregex'), ignoreregex: list('ignoreregex') };
  if (definition.failregex.length === 0) throw new DropsetError('filter', `${origin}: there is no failregex`);
  return definition;
}

function optionsOf(origin: string, text: string): ReadonlyMap<string, Option> {
  const reader = new OptionReader(origin);
  for (const line of text.split(/\r?\n/)) reader.read(line);
  return reader.options;
}

class OptionReader {
  readonly options = new Map<string, Option>();
  readonly #origin: string;
  #line = 0;
  #isInside = false;
  #last: Option | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  read(line: string): void {
    this.#line++;
    if (/^\s*(?:[#;]|$)/.test(line)) return;
    const content = withoutComment(line).trim();
    if (/^\s/.test(line)) this.#continue(content);
    else if (content.startsWith('[')) this.#enter(content);
    else this.#begin(content);
  }

  #continue(content: string): void {
    if (!this.#last) this.#refuse('an indented line continues nothing');
    this.#last.values.push(content);
  }

  #enter(section: string): void {
    if (section !== '[Definition]') this.#refuse(`section ${section} is not supported, only [Definition] is`);
    this.#isInside = true;
    this.#last = undefined;
  }

  #begin(content: string): void {
    if (!this.#isInside) this.#refuse('options belong into the section [Definition]');
    const found = /^([^=:]*?)\s*[=:]\s*(.*)$/.exec(content) ?? this.#refuse(`'${content}' is no option`);
    const [, name = '', value = ''] = found;
    // Option names know no case in this dialect.
    const key = name.toLowerCase();
    if (!KNOWN.has(key) && !/^_\w+$/.test(key)) this.#refuse(`option '${name}' is not supported`);
    if (this.options.has(key)) this.#refuse(`option '${name}' is there twice`);
    this.#last = { line: this.#line, values: value === '' ? [] : [value] };
    this.options.set(key, this.#last);
  }

  #refuse(why: string): never {
    throw new DropsetError('filter', `${this.#origin}:${this.#line}: ${why}`);
  }
}

/** As Python's parser of this dialect: a semicolon behind a space begins a comment, a number sign does not. */
function withoutComment(line: string): string {
  const comment = /\s;/.exec(line);
  return comment ? line.slice(0, comment.index) : line;
}

/** Ten levels deep, as Python's: more is a circle. */
function interpolated(
  value: string,
  options: ReadonlyMap<string, Option>,
  origin: string,
  line: number,
  depth = 0,
): string {
  return value.replace(/%(?:(%)|\((\w+)\)s|(.?))/g, (piece, percent?: string, name?: string) => {
    if (percent) return '%';
    const variable = name?.startsWith('_') ? options.get(name.toLowerCase()) : undefined;
    if (!variable || variable.values.length > 1 || depth > 9) {
      throw new DropsetError('filter', `${origin}:${line}: '${piece}' is not supported here`);
    }
    return interpolated(variable.values[0] ?? '', options, origin, variable.line, depth + 1);
  });
}
