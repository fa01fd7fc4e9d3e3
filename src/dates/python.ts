import { DropsetError, messageOf } from '../model/errors.js';

/** Python's regular expressions in V8, as far as date templates need them. Stands in for the room that translates them all. */
export interface Match {
  readonly index: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, string | undefined>>;
  readonly spans?: readonly ([number, number] | undefined)[];
}

export class Pattern {
  readonly groupNames: readonly string[];
  readonly #ascii: RegExp;
  readonly #unicode: RegExp;

  constructor(python: string) {
    this.groupNames = [...python.matchAll(/\(\?P<(\w+)>/g)].map((found) => found[1] as string);
    this.#ascii = new RegExp(translate(python, false), python.startsWith('(?iu)') ? 'dgi' : 'dg');
    this.#unicode = new RegExp(translate(python, true), python.startsWith('(?iu)') ? 'dgiu' : 'dgu');
  }

  exec(text: string, isAscii: boolean, from = 0): Match | undefined {
    const regex = isAscii ? this.#ascii : this.#unicode;
    regex.lastIndex = from;
    const found = regex.exec(text);
    if (!found) return undefined;
    const spans = [...(found.indices as RegExpIndicesArray)];
    return { index: found.index, end: found.index + found[0].length, groups: { ...found.groups }, spans };
  }
}

export function compilePattern(python: string, _options: { indices: boolean }): Pattern {
  try {
    return new Pattern(python);
  } catch (error) {
    throw new DropsetError('filter', messageOf(error), { cause: error });
  }
}

const UNICODE: Readonly<Record<string, string>> = {
  '\\d': '\\p{Nd}',
  '\\w': '[\\p{L}\\p{N}_]',
  '\\W': '[^\\p{L}\\p{N}_]',
  '\\s': '[\\s\\x1c-\\x1f\\x85]',
  '\\b': '(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))',
  '\\"': '"',
  '\\ ': ' ',
};

function translate(python: string, isUnicode: boolean): string {
  const text = python
    .replace('(?iu)', '')
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>');
  if (!isUnicode) return text.replaceAll('\\s', '[\\s\\x1c-\\x1f]');
  return text.replace(/\\./g, (sequence) => UNICODE[sequence] ?? sequence);
}
