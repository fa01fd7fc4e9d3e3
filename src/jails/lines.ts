/** Lines of a ban, and characters of a line, that are kept; fail2ban's maxmatches is 10 by default too. */
const MOST = 10;
const LONGEST = 500;

/**
 * The last lines that each address failed by, in bounded memory: at most `capacity` of all addresses together, without those that
 * failed least recently.
 *
 * In two generations: when the younger one is full, the older one is forgotten as a whole. (To find the oldest of a map, V8 walks
 * over the holes that deleted ones have left: it took 12 us a failure.)
 */
export class Lines {
  readonly #each: number;
  readonly #capacity: number;
  #young = new Map<string, string[]>();
  #old = new Map<string, string[]>();
  /** Lines of the younger generation. */
  #count = 0;

  /** @param maxretry failures that make a ban: older lines have no part in it. */
  constructor(maxretry: number, capacity = 20_000) {
    this.#each = Math.min(maxretry, MOST);
    this.#capacity = capacity;
  }

  add(key: string, text: string): void {
    const lines = this.#young.get(key) ?? this.#rejuvenated(key);
    if (lines) this.#append(lines, clipped(text));
    else this.#young.set(key, [clipped(text)]);
    if (!lines) this.#count++;
    if (this.#count <= this.#capacity / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#count = 0;
  }

  /** The same lines, for another number of failures that make a ban; this one must not be used any more. */
  resized(maxretry: number): Lines {
    const lines = new Lines(maxretry, this.#capacity);
    for (const generation of [this.#old, this.#young]) {
      for (const [key, texts] of generation) for (const text of texts) lines.add(key, text);
    }
    return lines;
  }

  /** The lines of an address, oldest first; they are forgotten here. */
  take(key: string): readonly string[] {
    const young = this.#young.get(key);
    const lines = young ?? this.#old.get(key) ?? [];
    if (young) this.#count -= young.length;
    this.#young.delete(key);
    this.#old.delete(key);
    return lines;
  }

  #append(lines: string[], text: string): void {
    lines.push(text);
    if (lines.length > this.#each) lines.shift();
    else this.#count++;
  }

  #rejuvenated(key: string): string[] | undefined {
    const lines = this.#old.get(key);
    if (!lines) return undefined;
    this.#old.delete(key);
    this.#young.set(key, lines);
    this.#count += lines.length;
    return lines;
  }
}

/** A copy: V8's slice would keep the whole of a long line. */
const clipped = (text: string): string =>
  text.length <= LONGEST ? text : Buffer.from(text.slice(0, LONGEST), 'utf16le').toString('utf16le');
