import type { Prefix } from '../model/prefix.js';
import { PrefixIndex } from '../model/prefix-index.js';
import type { Facts } from './facts.js';

export interface LockoutLimits {
  /** The shortest lengths that a banned prefix may have. */
  readonly widest: { readonly 4: number; readonly 6: number };
}

/** Who asks for a ban. */
export interface Asker {
  /** Where they are logged in from, as their shell says: a hint, that nobody has to give. */
  readonly client?: Prefix | undefined;
}

/**
 * What a ban would do to the machine and to who looks after it, on facts of a moment. Each answer is a sentence that says so; undefined
 * where nothing is against it. Some microseconds at most, whatever the number of sessions.
 */
export class Lockout {
  readonly facts: Facts;
  readonly #limits: LockoutLimits;
  readonly #own: PrefixIndex<undefined>;
  readonly #gateways: PrefixIndex<undefined>;
  readonly #resolvers: PrefixIndex<undefined>;
  readonly #sessions: PrefixIndex<{ readonly port: number; readonly count: number }>;
  readonly #loggedIn: PrefixIndex<string>;

  constructor(facts: Facts, limits: LockoutLimits) {
    this.facts = facts;
    this.#limits = limits;
    this.#own = indexOf(facts.own);
    this.#gateways = indexOf(facts.gateways);
    this.#resolvers = indexOf(facts.resolvers);
    const counts = new Map<string, number>();
    for (const { peer } of facts.sessions) counts.set(peer.text, (counts.get(peer.text) ?? 0) + 1);
    this.#sessions = new PrefixIndex(
      facts.sessions.map(({ peer, port }) => [peer, { port, count: counts.get(peer.text) as number }] as const),
    );
    const connected = facts.logins.filter(({ peer }) => counts.has(peer.text));
    this.#loggedIn = new PrefixIndex(connected.map(({ peer, user }) => [peer, user] as const));
  }

  /** Why a ban by hand or of a list is refused unless it is forced. */
  refusal(prefix: Prefix, { client }: Asker = {}): string | undefined {
    return (
      this.#cutsAsker(prefix, client) ?? this.#cutsSession(prefix) ?? this.#cutsMachine(prefix) ?? this.#wide(prefix)
    );
  }

  /** Why a jail's verdict is not carried out. A session alone is no reason: who guesses passwords has one too. */
  refusalOfJail(prefix: Prefix): string | undefined {
    return this.#cutsLogin(prefix) ?? this.#cutsMachine(prefix) ?? this.#wide(prefix);
  }

  #cutsAsker(prefix: Prefix, client: Prefix | undefined): string | undefined {
    if (!client?.overlaps(prefix)) return undefined;
    const port = this.#sessions.overlapping(client)?.[1].port;
    const through = port === undefined ? '' : ` through port ${port}`;
    return `you are logged in from ${client}${through}: the ban would cut this session`;
  }

  #cutsSession(prefix: Prefix): string | undefined {
    const found = this.#sessions.overlapping(prefix);
    if (!found) return undefined;
    const [peer, { port, count }] = found;
    const user = this.#loggedIn.overlapping(peer)?.[1];
    const who = user === undefined ? '' : `, where ${user} is logged in`;
    const sessions = count === 1 ? 'an established session' : `${count} established sessions`;
    return `${peer} has ${sessions} on port ${port}${who}: the ban would cut ${count === 1 ? 'it' : 'them'}`;
  }

  #cutsLogin(prefix: Prefix): string | undefined {
    const found = this.#loggedIn.overlapping(prefix);
    return found && `${found[1]} is logged in from ${found[0]}: the ban would cut that session`;
  }

  #cutsMachine(prefix: Prefix): string | undefined {
    const own = this.#own.overlapping(prefix);
    if (own) return `${own[0]} is this machine's own address: the ban would drop what it sends to itself`;
    const gateway = this.#gateways.overlapping(prefix);
    if (gateway)
      return `${gateway[0]} is a default gateway: the ban would drop what comes from it, DHCP and errors of routing too`;
    const resolver = this.#resolvers.overlapping(prefix);
    return resolver && `${resolver[0]} resolves this machine's names: the ban would drop its answers`;
  }

  #wide({ family, length, text }: Prefix): string | undefined {
    const widest = this.#limits.widest[family];
    if (length >= widest) return undefined;
    return `${text} is wider than the /${widest} that [guard] allows of IPv${family}: the ban would drop ${share(family, length)}`;
  }
}

const indexOf = (prefixes: readonly Prefix[]): PrefixIndex<undefined> =>
  new PrefixIndex(prefixes.map((prefix) => [prefix, undefined] as const));

const share = (family: 4 | 6, length: number): string =>
  family === 4 ? `${(2 ** (32 - length)).toLocaleString('en')} addresses` : `2^${64 - length} networks`;
