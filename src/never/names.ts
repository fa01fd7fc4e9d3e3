import { lookup } from 'node:dns/promises';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';

/** Addresses of one name that are looked at. */
const MOST_ADDRESSES = 64;

/** Names that are asked for at a time: getaddrinfo(3) waits in threads that netlink's requests need too. */
const AT_ONCE = 2;

/** What a name was last known to resolve to. */
export interface Answer {
  /** In order of their texts. */
  readonly prefixes: readonly Prefix[];
  /** Since when it has been these; milliseconds since the epoch. */
  readonly since: number;
  /** Why the last look-up brought nothing; absent where it did. */
  readonly fault?: string;
}

/** As `lookup` of node:dns/promises, asked for all addresses. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

const system: Lookup = (name) => lookup(name, { all: true });

/** What names resolve to (getaddrinfo). While nobody answers, or there is no such name any more, the last answer stands. */
export class Names {
  readonly #now: Clock;
  readonly #lookup: Lookup;
  readonly #answers = new Map<string, Answer>();

  constructor(now: Clock, lookup: Lookup = system) {
    this.#now = now;
    this.#lookup = lookup;
  }

  /** Undefined for a name that was never looked up, nor restored. */
  answerOf(name: string): Answer | undefined {
    return this.#answers.get(name);
  }

  /** Takes over what an earlier life knew. */
  restore(name: string, answer: Answer): void {
    this.#answers.set(name, answer);
  }

  /** Looks these names up, and forgets all others. */
  async look(names: readonly string[]): Promise<void> {
    for (const name of this.#answers.keys()) if (!names.includes(name)) this.#answers.delete(name);
    const waiting = [...names];
    const ask = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await this.#ask(name);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
  }

  async #ask(name: string): Promise<void> {
    const before = this.#answers.get(name);
    try {
      const found = (await this.#lookup(name)).slice(0, MOST_ADDRESSES);
      const prefixes = found.flatMap(({ address }) => Prefix.tryParse(address.replace(/%.*/, '')) ?? []);
      if (prefixes.length === 0) throw new Error('it has no address');
      this.#answers.set(name, this.#answer(prefixes, before));
    } catch (thrown) {
      const { prefixes = [], since = this.#now() } = before ?? {};
      this.#answers.set(name, { prefixes, since, fault: messageOf(thrown) });
    }
  }

  #answer(found: readonly Prefix[], before: Answer | undefined): Answer {
    const distinct = new Map(found.map((prefix) => [prefix.text, prefix]));
    const prefixes = [...distinct.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
    const isSame = before !== undefined && before.prefixes.join() === prefixes.join();
    return { prefixes, since: isSame ? before.since : this.#now() };
  }
}
