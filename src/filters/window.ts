import type { Match } from '../regex/match.js';

/** A line as expressions see it, and as it was. */
export interface Entry {
  /** Without its date, without a line break. */
  readonly text: string;
  /** Whole. */
  readonly line: string;
}

/** A line that no match can end in, as it came: its date is looked for when it matters. */
interface Passed {
  readonly line: string;
  readonly isAscii: boolean;
  readonly given: number | undefined;
}

/**
 * The last lines of a log, for expressions that span several (`maxlines`). Lines that matched leave, so that no line
 * counts twice; lines that `<SKIPLINES>` passed over stay.
 *
 * Each match needs a line that has a trigger. While none of the lines has one there is no use in searching them: the window is
 * shut, and lines are only kept, as they came.
 */
export class Window {
  readonly #most: number;
  /** Never changed in place, so that it can be gone back to. */
  #entries: readonly Entry[] = [];
  /** What the entries were before the line that is being judged. */
  #before: readonly Entry[] | undefined;
  readonly #passed: Passed[] = [];
  /** For so many lines from now on the window may hold a trigger. */
  #open = 0;

  /** @param most lines that one match may span. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether a match may end in the next line. A line that was begun and not ended has never been. */
  opens(hasTrigger: boolean): boolean {
    this.#entries = this.#before ?? this.#entries;
    this.#before = undefined;
    if (hasTrigger) this.#open = this.#most;
    return this.#open > 0;
  }

  /** Begins with a line, which may be interrupted, and judged once more. */
  begin(): void {
    this.#before = this.#entries;
  }

  /** The line has been judged. */
  end(): void {
    this.#before = undefined;
    this.#open--;
  }

  /** Keeps a line while the window is shut. */
  pass(line: Passed): void {
    this.#passed.push(line);
    if (this.#passed.length >= this.#most) this.#passed.shift();
  }

  /** The oldest line that was passed and not yet recalled. */
  recall(): Passed | undefined {
    return this.#passed.shift();
  }

  push(entry: Entry): void {
    this.#entries = [...this.#entries, entry].slice(-this.#most);
  }

  /** All lines, each ended by a newline. */
  get text(): string {
    return textOf(this.#entries);
  }

  /** The whole lines that a match in `text` covers, those that it skipped taken out. Nothing changes. */
  matched(match: Match, text: string): readonly Entry[] {
    return this.#split(match, text).matched;
  }

  /** Takes out the lines that a match in `text` covers. */
  remove(match: Match, text: string): void {
    this.#entries = this.#split(match, text).others;
    // Older lines stay longer by that, triggers too.
    this.#open = this.#most;
  }

  #split(match: Match, text: string): { matched: Entry[]; others: Entry[] } {
    const [from, to] = linesOf(match, text);
    const matched = this.#entries.slice(from, to);
    // In their order: the same text may stand in the match again, before or behind.
    let next = 0;
    const skipped = skippedBy(match).flatMap((line) => {
      const at = matched.findIndex((entry, index) => index >= next && entry.text === line);
      if (at < 0) return [];
      next = at;
      return matched.splice(at, 1);
    });
    return { matched, others: [...this.#entries.slice(0, from), ...skipped, ...this.#entries.slice(to)] };
  }
}

/** What expressions are searched in: each line ended by a newline. */
export const textOf = (entries: readonly Entry[]): string => `${entries.map(({ text }) => text).join('\n')}\n`;

/** Numbers of the first line of a match, and of the one behind its last: of all lines, where it only looks ahead. */
function linesOf(match: Match, text: string): [number, number] {
  const before = text.lastIndexOf('\n', match.index) + 1;
  const behind = match.end === 0 ? -1 : text.indexOf('\n', match.end - 1);
  const count = (end: number): number => text.slice(0, end).split('\n').length - 1;
  return [count(before), count(behind < 0 ? text.length : behind + 1)];
}

function skippedBy({ groups }: Match): string[] {
  const names = Object.keys(groups).filter((name) => /^skiplines\d+$/.test(name));
  return names.flatMap((name) => (groups[name] ?? '').split('\n').slice(0, -1));
}
