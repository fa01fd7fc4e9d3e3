import type { Chunk, Position } from './chunk.js';

const NEWLINE = Buffer.from('\n');

/**
 * Lines with their times, until they are handed over as one chunk. A line break inside a line becomes the two characters `\n`,
 * as fail2ban writes it: who writes a message must not be able to write a second line.
 */
export class Gathering {
  readonly #source: string;
  readonly #maxLine: number;
  readonly #onOversized: (length: number) => void;
  #parts: Buffer[] = [];
  #times: number[] = [];
  #size = 0;

  /**
   * @param maxLine in bytes, without the line break.
   * @param onOversized is told the length in bytes of each line that was cut.
   */
  constructor(source: string, maxLine: number, onOversized: (length: number) => void) {
    this.#source = source;
    this.#maxLine = maxLine;
    this.#onOversized = onOversized;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  /** @param line is kept, not copied. @param time in milliseconds since the epoch. */
  add(line: Buffer, time: number): void {
    const escaped = line.includes(10) ? Buffer.from(line.toString('latin1').replaceAll('\n', '\\n'), 'latin1') : line;
    if (escaped.length > this.#maxLine) this.#onOversized(escaped.length);
    const cut = escaped.subarray(0, this.#maxLine);
    this.#parts.push(cut, NEWLINE);
    this.#times.push(time);
    this.#size += cut.length + 1;
  }

  /** All that was added since, or undefined if nothing was. */
  take(position?: Position): Chunk | undefined {
    if (this.#times.length === 0) return undefined;
    const bytes = Buffer.concat(this.#parts, this.#size);
    const chunk = { source: this.#source, bytes, offset: 0, times: this.#times, ...(position && { position }) };
    this.#parts = [];
    this.#times = [];
    this.#size = 0;
    return chunk;
  }
}
