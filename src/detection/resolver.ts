import { lookup } from 'node:dns/promises';
import type { Clock } from '../model/clock.js';
import { Prefix } from '../model/prefix.js';

/** fail2ban's bounds: names that are remembered, and for how long, in milliseconds; also that one has no address. */
const MOST_NAMES = 1_000;
const LIFETIME = 300_000;

/** As long it is remembered that nobody answered, as while a machine boots. */
const UNANSWERED = 30_000;

/** Names that wait for an answer at most. An attacker can make up more than anybody can look up. */
const MOST_PENDING = 200;

type Found = (prefixes: readonly Prefix[]) => void;

interface Answer {
  readonly prefixes: readonly Prefix[];
  readonly expires: number;
}

/** As `lookup` of node:dns/promises, asked for all addresses. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

const system: Lookup = (name) => lookup(name, { all: true });

/** The addresses of host names, as the system resolves them (getaddrinfo), remembered. */
export class Resolver {
  readonly #now: Clock;
  readonly #lookup: Lookup;
  readonly #answers = new Map<string, Answer>();
  readonly #pending = new Map<string, Found[]>();

  constructor(now: Clock, lookup: Lookup = system) {
    this.#now = now;
    this.#lookup = lookup;
  }

  /** Tells `found` the addresses of a name, at once or later; none where it has none, or too many names wait. */
  resolve(name: string, found: Found): void {
    const known = this.#answers.get(name);
    const waiting = this.#pending.get(name);
    if (known && known.expires > this.#now()) found(known.prefixes);
    else if (waiting) waiting.push(found);
    else if (this.#pending.size >= MOST_PENDING) found([]);
    else void this.#ask(name, found);
  }

  /** What is asked from here on is looked up anew. */
  forget(): void {
    this.#answers.clear();
  }

  async #ask(name: string, found: Found): Promise<void> {
    const waiting = [found];
    this.#pending.set(name, waiting);
    const { prefixes, lifetime } = await this.#addressesOf(name);
    this.#pending.delete(name);
    this.#remember(name, { prefixes, expires: this.#now() + lifetime });
    for (const tell of waiting) tell(prefixes);
  }

  /** No such name, or nobody to ask: then whoever it was cannot be told. */
  async #addressesOf(name: string): Promise<{ readonly prefixes: readonly Prefix[]; readonly lifetime: number }> {
    try {
      const found = await this.#lookup(name);
      return { prefixes: found.flatMap(({ address }) => Prefix.tryParse(address) ?? []), lifetime: LIFETIME };
    } catch (error) {
      const isSure = (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
      return { prefixes: [], lifetime: isSure ? LIFETIME : UNANSWERED };
    }
  }

  #remember(name: string, answer: Answer): void {
    this.#answers.delete(name);
    const oldest = this.#answers.size >= MOST_NAMES ? this.#answers.keys().next() : undefined;
    if (oldest && !oldest.done) this.#answers.delete(oldest.value);
    this.#answers.set(name, answer);
  }
}
