/** A surrogate pair: one character to Python, two to JavaScript. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

/**
 * A line that is searched, and its characters by column. Python counts characters, JavaScript UTF-16 units; the detector compares
 * places in lines as fail2ban does. The two differ behind characters beyond the first 65,536 only.
 */
export interface Subject {
  readonly line: string;
  /** Whether all of it is ASCII. */
  readonly isAscii: boolean;
  /** The column of an offset in units. */
  columnOf(offset: number): number;
  /** The offset of a column; the line's length behind its end. */
  offsetOf(column: number): number;
  /** The character at a column; empty outside of the line. */
  at(column: number): string;
}

export const subjectOf = (line: string, isAscii: boolean): Subject =>
  isAscii || !PAIR.test(line) ? new Units(line, isAscii) : new CodePoints(line);

class Units implements Subject {
  readonly line: string;
  readonly isAscii: boolean;

  constructor(line: string, isAscii: boolean) {
    this.line = line;
    this.isAscii = isAscii;
  }

  columnOf(offset: number): number {
    return offset;
  }

  offsetOf(column: number): number {
    return Math.min(column, this.line.length);
  }

  at(column: number): string {
    return this.line.charAt(column);
  }
}

class CodePoints implements Subject {
  readonly line: string;
  readonly isAscii = false;
  readonly #characters: readonly string[];
  readonly #offsets: readonly number[];

  constructor(line: string) {
    this.line = line;
    this.#characters = [...line];
    let offset = 0;
    const offsets = this.#characters.map((character) => {
      offset += character.length;
      return offset - character.length;
    });
    this.#offsets = [...offsets, offset];
  }

  columnOf(offset: number): number {
    return this.#offsets.indexOf(offset);
  }

  offsetOf(column: number): number {
    return this.#offsets[Math.min(column, this.#characters.length)] as number;
  }

  at(column: number): string {
    return this.#characters[column] ?? '';
  }
}
