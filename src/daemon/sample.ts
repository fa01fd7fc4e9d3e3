import type { Change } from '../model/street.js';

/** Elements that are read in one piece. */
const STRETCH = 16;

/** Characters of an address that are chosen at random; there are seldom many bans that agree in more. */
const DEPTH = 8;

/** Behind every character that addresses have, in the order of texts. */
const BEHIND = '\u007f';

/**
 * Elements of the ledger to look at, some at a time: one half goes on where the last sample ended, so that everybody has
 * a turn, the other is from random places, so that nobody waits for it.
 */
export class Sample {
  readonly #behind: (address: string, size: number) => readonly Change[];
  readonly #random: () => number;
  #last = '';

  /** @param behind the elements behind an address, in the order of their texts. */
  constructor(behind: (address: string, size: number) => readonly Change[], random: () => number = Math.random) {
    this.#behind = behind;
    this.#random = random;
  }

  /** About `size` elements; fewer if there are no more. None is there twice. */
  next(size: number): readonly Change[] {
    const found = new Map<string, Change>();
    for (const change of this.#following(Math.ceil(size / 2))) found.set(change.prefix.text, change);
    for (let left = Math.floor(size / 2); left > 0; left -= STRETCH) {
      for (const change of this.#behind(this.#anywhere(), Math.min(left, STRETCH)))
        found.set(change.prefix.text, change);
    }
    return [...found.values()];
  }

  #following(size: number): readonly Change[] {
    const page = this.#behind(this.#last, size);
    const rest = page.length < size ? this.#behind('', size - page.length) : [];
    const all = [...page, ...rest];
    this.#last = all.at(-1)?.prefix.text ?? '';
    return all;
  }

  /** The begin of some address: at each place one of the characters that follow, whatever their numbers. */
  #anywhere(): string {
    let begin = '';
    for (let depth = 0; depth < DEPTH; depth++) {
      const next = this.#charactersBehind(begin);
      if (next.length === 0) break;
      begin += next[Math.floor(this.#random() * next.length)];
    }
    return begin;
  }

  #charactersBehind(begin: string): string[] {
    const found: string[] = [];
    for (let key = begin; ; ) {
      const [next] = this.#behind(key, 1);
      if (!next?.prefix.text.startsWith(begin)) return found;
      const character = next.prefix.text[begin.length] as string;
      found.push(character);
      key = begin + character + BEHIND;
    }
  }
}
