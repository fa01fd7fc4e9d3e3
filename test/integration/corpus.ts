import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What fail2ban's own tests say of one line of its sample logs, and with which options of the filter. */
export interface Sample {
  /** `FILE:LINE` */
  readonly place: string;
  readonly line: string;
  /** Options of the filter, as in `sshd[mode=aggressive]`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Samples with the same set are judged one after the other by the same filter: it has a memory. */
  readonly set: string;
  readonly expected: Expected;
}

export interface Expected {
  readonly match?: boolean;
  /** Local time in Zurich. */
  readonly time?: string | null;
  readonly [group: string]: unknown;
}

type Options = Readonly<Record<string, string>>;

const ANNOTATION = /^#+ ?(failJSON|(?:file|filter)Options|addFILE):(.+)$/;

/** Keys of an annotation that are no groups. */
export const NO_GROUPS = new Set(['match', 'time', 'desc', 'constraint']);

/**
 * Reads the annotated sample logs of one filter. The format is explained in fail2ban's tests/samplestestcase.py.
 *
 * @param folder fail2ban's tests/files/logs.
 */
export function* samplesOf(folder: string, name: string): Generator<Sample> {
  const files = [name];
  // Files name further files.
  for (const file of files) yield* new CorpusReader(folder, name, file, files).samples();
}

class CorpusReader {
  readonly #name: string;
  readonly #file: string;
  readonly #files: string[];
  readonly #lines: readonly string[];
  #common: Options = {};
  #sets: readonly Options[] = [{}];
  #expected: Expected | undefined;

  constructor(folder: string, name: string, file: string, files: string[]) {
    this.#name = name;
    this.#file = file;
    this.#files = files;
    this.#lines = readFileSync(join(folder, file), 'utf8').split('\n');
  }

  *samples(): Generator<Sample> {
    for (const [index, raw] of this.#lines.entries()) {
      const line = raw.replace(/\r+$/, '');
      const [, word, json] = (this.#expected ? null : ANNOTATION.exec(line)) ?? [];
      if (word) this.#annotated(word, JSON.parse(json as string));
      else if (this.#expected || (!line.startsWith('#') && line.trim() !== '')) yield* this.#samplesOf(line, index + 1);
    }
  }

  #annotated(word: string, value: unknown): void {
    if (word === 'failJSON') this.#expected = value as Expected;
    else if (word === 'addFILE') this.#files.push(value as string);
    else if (word === 'fileOptions') this.#common = value as Options;
    else {
      const sets = Array.isArray(value) ? (value as Options[]) : [value as Options];
      this.#sets = sets.map((set) => ({ ...this.#common, ...set })).filter((set) => this.#holds(set['test.condition']));
    }
  }

  *#samplesOf(line: string, number: number): Generator<Sample> {
    const expected = this.#expected ?? {};
    this.#expected = undefined;
    for (const set of this.#sets) {
      if (!this.#holds(expected.constraint as string | undefined, set)) continue;
      const parameters = Object.fromEntries(Object.entries(set).filter(([key]) => !key.startsWith('test.')));
      yield {
        place: `${this.#file}:${number}`,
        line: (set['test.prefix-line'] ?? '') + line,
        parameters,
        set: JSON.stringify(parameters),
        expected,
      };
    }
  }

  /** The few Python expressions that the files have: comparisons of the filter's name, or of its mode. */
  #holds(condition: string | undefined, set: Options = {}): boolean {
    if (condition === undefined) return true;
    const [, subject, operator, wanted] = /^(name|opts\.get\('mode'\)) *(==|!=) *'([^']*)'$/.exec(condition) ?? [];
    if (!subject) throw new Error(`${this.#file}: an unknown condition: ${condition}`);
    const value = subject === 'name' ? this.#name : set.mode;
    return (value === wanted) === (operator === '==');
  }
}
