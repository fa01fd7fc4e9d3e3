import type { BanRequest, BanResult, Explanation, ListedBan, ListFilter, Status, UnbanResult } from './control/api.js';
import { MOST_ADDRESSES } from './control/api.js';
import { Client, DEFAULT_SOCKET } from './control/client.js';
import type { EventName, EventRecord } from './control/event.js';
import { DropsetError, type ErrorCode } from './model/errors.js';

export type { BanResult, Explanation, ListedBan, ListFilter, Status, UnbanResult } from './control/api.js';
export type { EventName, EventRecord } from './control/event.js';
export { DropsetError, type ErrorCode } from './model/errors.js';

/** How a ban is meant. */
export interface Terms {
  /** How long: `1h`, `7d`, or a number of seconds; absent means never. */
  readonly for?: string | number;
  /** At most 500 characters; shown by `dropset list`. */
  readonly reason?: string;
}

/** Which events are wanted; all where nothing is said. */
export interface Wanted {
  readonly event?: EventName | readonly EventName[];
  /** Bans, unbans and ends of these jails. */
  readonly jail?: string | readonly string[];
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

/** A ban that the kernel holds. */
export interface Banned {
  /** As dropset writes it: `::ffff:192.0.2.7` is 192.0.2.7. */
  readonly address: string;
  /** ISO 8601 in UTC; null for never. */
  readonly until: string | null;
}

/**
 * Talks to a running service. Nothing is opened before the first call, and nothing stays open between two.
 *
 * @param path the service's socket; DROPSET_SOCKET or /run/dropset/dropset.sock where absent. Who may use it: see docs/library.md.
 */
export const connect = (path: string = process.env.DROPSET_SOCKET || DEFAULT_SOCKET): Dropset =>
  new Dropset(new Client(path));

/** Every method rejects with a DropsetError: `unreachable`, `permission`, or what the service says. */
export class Dropset {
  readonly #client: Client;

  /** @param client see `connect`. */
  constructor(client: Client) {
    this.#client = client;
  }

  /** Bans one address or prefix. Resolves when the kernel drops its packets. */
  async ban(address: string, terms: Terms = {}): Promise<Banned> {
    const [result] = await this.#client.ban({ addresses: [address], ...wanted(terms) });
    const { address: canonical, until } = accepted(result);
    return { address: canonical, until: until ?? null };
  }

  /** Bans any number of them; one result for each, in order. One that is refused does not hold the others up. */
  async banAll(addresses: readonly string[], terms: Terms = {}): Promise<readonly BanResult[]> {
    return this.#inParts(addresses, (part) => this.#client.ban({ addresses: part, ...wanted(terms) }));
  }

  /** Lifts all bans of an address, of whatever jail; answers how many there were. */
  async unban(address: string): Promise<number> {
    const [result] = await this.#client.unban([address]);
    return accepted(result).lifted;
  }

  /** Lifts the bans of any number of addresses; one result for each, in order. */
  async unbanAll(addresses: readonly string[]): Promise<readonly UnbanResult[]> {
    return this.#inParts(addresses, (part) => this.#client.unban(part));
  }

  /** Live bans as they come, the oldest first: a million of them take no memory. */
  list(filter: ListFilter = {}): AsyncIterable<ListedBan> {
    return this.#client.bans(filter);
  }

  /** All there is to know of one address or prefix. */
  why(address: string): Promise<Explanation> {
    return this.#client.why(address);
  }

  /**
   * What happens from now on, as it happens, each of many bans too, until the service stops. Leave the loop, or abort `signal`, to end it.
   * Who reads too slowly misses some, and is told how many (`missed`).
   */
  events({ event, jail, signal }: Wanted = {}): AsyncIterable<EventRecord> {
    const filter = { ...(event && { event: String(event) }), ...(jail && { jail: String(jail) }) };
    return this.#client.events(filter, { signal });
  }

  /** What the service does and how it is. */
  status(): Promise<Status> {
    return this.#client.status();
  }

  async #inParts<T>(all: readonly string[], ask: (part: readonly string[]) => Promise<readonly T[]>): Promise<T[]> {
    const results: T[] = [];
    for (let at = 0; at < all.length; at += MOST_ADDRESSES) {
      results.push(...(await ask(all.slice(at, at + MOST_ADDRESSES))));
    }
    return results;
  }
}

const wanted = ({ for: duration, reason }: Terms): Omit<BanRequest, 'addresses'> => ({
  ...(duration !== undefined && { for: String(duration) }),
  ...(reason !== undefined && { reason }),
});

function accepted<T extends BanResult | UnbanResult>(result: T | undefined): T {
  if (result?.error) throw new DropsetError(result.error.code as ErrorCode, result.error.message);
  return result as T;
}
