/** Lines of a ban, and characters of a line, that are kept; fail2ban's maxmatches is 10 by default too. */
const MOST = 10;
const LONGEST = 500;

/**
 * The last lines that each address failed by, in bounded memory: at most `capacity` of all addresses together, of which those of
 * the address that failed least recently have to go first.
 */
export class Lines {
  readonly #each: number;
  readonly #capacity: number;
  /** In the order of the last addition. */
  readonly #lines = new Map<string, string[]>();
  #count = 0;

  /** @param maxretry failures that make a ban: older lines have no part in it. */
  constructor(maxretry: number, capacity = 20_000) {
    this.#each = Math.min(maxretry, MOST);
    this.#capacity = capacity;
  }

  /** Lines that are kept. */
  get size(): number {
    return this.#count;
  }

  add(key: string, text: string): void {
    const lines = this.#lines.get(key) ?? [];
    this.#lines.delete(key);
    lines.push(clipped(text));
    this.#count++;
    if (lines.length > this.#each) {
      lines.shift();
      this.#count--;
    }
    this.#lines.set(key, lines);
    if (this.#count > this.#capacity) this.#forgetOldest();
  }

  /** The lines of an address, oldest first; they are forgotten here. */
  take(key: string): readonly string[] {
    const lines = this.#lines.get(key) ?? [];
    this.#lines.delete(key);
    this.#count -= lines.length;
    return lines;
  }

  #forgetOldest(): void {
    for (const key of this.#lines.keys()) return void this.take(key);
  }
}

/** A copy: V8's slice would keep the whole of a long line. */
const clipped = (text: string): string =>
  text.length <= LONGEST ? text : Buffer.from(text.slice(0, LONGEST), 'utf16le').toString('utf16le');
