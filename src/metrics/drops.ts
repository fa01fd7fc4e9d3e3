import type { Prefix } from '../model/prefix.js';
import type { Ban, Element } from '../model/street.js';

export interface DropsOptions {
  /** What the kernel holds of these prefixes, in order. */
  readonly lookup: (prefixes: readonly Prefix[]) => Promise<readonly (Element | undefined)[]>;
  /** Prefixes that are banned, of so many rows behind a row; the last of the rows, undefined if there are no more. */
  readonly behind: (
    row: number,
    size: number,
  ) => { readonly prefixes: readonly Prefix[]; readonly last: number | undefined };
  /** The live bans of one prefix. */
  readonly bansOf: (prefix: Prefix) => readonly Ban[];
  /** What a jail is called in a sum: one of a bounded set of names. */
  readonly label: (jail: string) => string;
  /** Wall-clock time at which counting began: what elements had counted before is no news. */
  readonly since: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Counters that are looked at in one step, and elements that are remembered, some 200 bytes each. */
const AT_ONCE = 1024;
const MOST = 10_000;

/** An element whose counter is followed. */
interface Watched {
  readonly prefix: Prefix;
  readonly jail: string;
  packets: number;
  bytes: number;
}

export interface Dropped {
  packets: number;
  bytes: number;
}

/**
 * What was dropped for each jail. The kernel counts by element, and forgets the count with the element, so that who wants sums has to look
 * in time: in each step at some elements that are known to drop or are new, and at some more, going round through all bans. Only elements
 * that have dropped something are remembered. Whatever ends between two looks is missed, and counted in the kernel's total alone.
 */
export class Drops {
  readonly #options: DropsOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #sums = new Map<string, Dropped>();
  #last = 0;
  #begun: number | undefined;
  #round: number | undefined;

  constructor(options: DropsOptions) {
    this.#options = options;
  }

  /** By label. */
  get sums(): ReadonlyMap<string, Readonly<Dropped>> {
    return this.#sums;
  }

  /** Milliseconds that the last round through all bans took; undefined before the first is over. */
  get round(): number | undefined {
    return this.#round;
  }

  /** Elements that are remembered. */
  get watched(): number {
    return this.#watched.size;
  }

  /** A ban has reached the kernel: it is looked at first, if there is room. */
  banned({ prefix, jail }: Ban): void {
    if (this.#watched.size >= MOST || this.#watched.has(prefix.text)) return;
    this.#watched.set(prefix.text, { prefix, jail: this.#options.label(jail), packets: 0, bytes: 0 });
  }

  /** One step: a bounded number of look-ups. Must not overlap with itself. */
  async look(): Promise<void> {
    this.#begun ??= this.#options.now();
    const known = this.#takeWatched(AT_ONCE / 2);
    const others = this.#walk(AT_ONCE - known.length).filter(({ text }) => !this.#watched.has(text));
    const wanted = [...known.map(({ prefix }) => prefix), ...others];
    const elements = wanted.length === 0 ? [] : await this.#options.lookup(wanted);
    for (const [index, prefix] of wanted.entries()) this.#see(prefix, elements[index]);
  }

  /** Whose turn it is: they go to the end, so that everybody has one. */
  #takeWatched(most: number): Watched[] {
    const taken: Watched[] = [];
    for (const one of this.#watched.values()) {
      if (taken.length >= most) break;
      taken.push(one);
    }
    for (const one of taken) {
      this.#watched.delete(one.prefix.text);
      this.#watched.set(one.prefix.text, one);
    }
    return taken;
  }

  #walk(size: number): readonly Prefix[] {
    const { prefixes, last } = this.#options.behind(this.#last, size);
    this.#last = last ?? 0;
    if (last === undefined) {
      this.#round = this.#options.now() - (this.#begun as number);
      this.#begun = undefined;
    }
    return prefixes;
  }

  #see(prefix: Prefix, element: Element | undefined): void {
    const { packets, bytes = 0 } = element ?? {};
    if (packets === undefined) {
      this.#watched.delete(prefix.text);
      return;
    }
    const watched = this.#watched.get(prefix.text) ?? (packets > 0 ? this.#adopt(prefix, packets, bytes) : undefined);
    if (!watched) return;
    // Less than before: it is another element, which began to count anew.
    const isSame = packets >= watched.packets;
    this.#add(watched.jail, packets - (isSame ? watched.packets : 0), bytes - (isSame ? watched.bytes : 0));
    watched.packets = packets;
    watched.bytes = bytes;
    // One that drops nothing can be found again when it does.
    if (packets === 0 && this.#watched.size > MOST / 2) this.#watched.delete(prefix.text);
  }

  /** An element that has dropped something, seen for the first time. */
  #adopt(prefix: Prefix, packets: number, bytes: number): Watched | undefined {
    if (this.#watched.size >= MOST) return undefined;
    const [first, ...others] = this.#options.bansOf(prefix);
    if (!first) return undefined;
    const { jail, since } = others.reduce((oldest, ban) => (ban.since < oldest.since ? ban : oldest), first);
    const isOld = since < this.#options.since;
    const watched = { prefix, jail: this.#options.label(jail), packets: isOld ? packets : 0, bytes: isOld ? bytes : 0 };
    this.#watched.set(prefix.text, watched);
    return watched;
  }

  #add(jail: string, packets: number, bytes: number): void {
    const sum = this.#sums.get(jail) ?? { packets: 0, bytes: 0 };
    this.#sums.set(jail, sum);
    sum.packets += packets;
    sum.bytes += bytes;
  }
}
