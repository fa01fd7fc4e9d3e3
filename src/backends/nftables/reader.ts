import type { Clock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import type { Counters, Element } from '../../model/street.js';
import { text } from '../../netlink/attributes.js';
import { Connection } from '../../netlink/connection.js';
import { NetlinkError } from '../../netlink/failure.js';
import { NETLINK_NETFILTER, NLM_F_DUMP } from '../../netlink/protocol.js';
import { countOf, decodeElements, decodeNumbers, type ScopeOf } from './element-decoder.js';
import { list } from './listing.js';
import * as p from './protocol.js';
import { type BanSet, keyLength, setNamed, setOf } from './sets.js';
import { readTraffic } from './traffic.js';
import { question } from './transaction.js';

/** errno.h */
const ENOENT = 2;

/** Keys asked for at once: each is answered by a message of its own, and all of them wait in the receive buffer. */
const KEYS = 256;

/** So many elements are dumped in some milliseconds; a dump's time grows with the square of their number. */
const FEW = 5000;

/**
 * Reads what the table holds. Every reading has a socket of its own: a dump that somebody takes slowly must not keep a
 * ban waiting, and reading needs no ownership.
 */
export class Reader {
  readonly #table: string;
  readonly #clock: Clock;
  readonly #scopeOf: ScopeOf;

  /** @param scopeOf is asked while reading goes on. */
  constructor(table: string, clock: Clock, scopeOf: ScopeOf) {
    this.#table = table;
    this.#clock = clock;
    this.#scopeOf = scopeOf;
  }

  async *elements(sets: Iterable<BanSet>): AsyncGenerator<Element> {
    const connection = Connection.open(NETLINK_NETFILTER);
    try {
      for (const set of sets) {
        for await (const payload of this.#dump(connection, set)) {
          yield* decodeElements(payload, this.#clock(), this.#scopeOf);
        }
      }
    } finally {
      connection.close();
    }
  }

  async lookup(prefixes: readonly Prefix[], sets: ReadonlyMap<string, BanSet>): Promise<(Element | undefined)[]> {
    const connection = Connection.open(NETLINK_NETFILTER);
    const found = new Map<string, Element>();
    try {
      for (const isScoped of [false, true]) {
        const missing = isScoped ? prefixes.filter(({ text }) => !found.has(text)) : prefixes;
        for await (const payload of this.#answers(connection, missing, isScoped, sets)) {
          for (const element of decodeElements(payload, this.#clock(), this.#scopeOf)) {
            found.set(element.prefix.text, element);
          }
        }
      }
    } finally {
      connection.close();
    }
    return prefixes.map((prefix) => found.get(prefix.text));
  }

  /** The numbers of the scopes that elements of these prefixes have, by their texts. */
  async numbers(prefixes: readonly Prefix[], sets: ReadonlyMap<string, BanSet>): Promise<ReadonlyMap<string, number>> {
    const connection = Connection.open(NETLINK_NETFILTER);
    const found = new Map<string, number>();
    try {
      for await (const payload of this.#answers(connection, prefixes, true, sets)) {
        for (const [text, number] of decodeNumbers(payload)) found.set(text, number);
      }
    } finally {
      connection.close();
    }
    return found;
  }

  /** The numbers that any element of these maps has. */
  async numbersIn(maps: Iterable<BanSet>): Promise<ReadonlySet<number>> {
    const connection = Connection.open(NETLINK_NETFILTER);
    const found = new Set<number>();
    try {
      for (const map of maps) {
        for await (const payload of this.#dump(connection, map)) {
          for (const [, number] of decodeNumbers(payload)) found.add(number);
        }
      }
    } finally {
      connection.close();
    }
    return found;
  }

  /** Set by set; of sets that there are. */
  async *#answers(
    connection: Connection,
    prefixes: readonly Prefix[],
    isScoped: boolean,
    sets: ReadonlyMap<string, BanSet>,
  ): AsyncGenerator<Buffer> {
    for (const name of new Set(prefixes.map((prefix) => setOf(prefix, isScoped).name))) {
      if (!sets.has(name)) continue;
      const wanted = prefixes.filter((prefix) => setOf(prefix, isScoped).name === name);
      yield* this.#lookupIn(connection, name, wanted);
    }
  }

  async counters(sets: Iterable<BanSet>): Promise<Counters> {
    const connection = Connection.open(NETLINK_NETFILTER);
    try {
      const elements = (await this.#countFew(sets)) ?? (await this.#countAll(connection));
      return { ...(elements !== undefined && { elements }), ...(await readTraffic(connection, this.#table)) };
    } finally {
      connection.close();
    }
  }

  /** A set that somebody took away has none. */
  async *#dump(connection: Connection, set: BanSet): AsyncGenerator<Buffer> {
    const ask = question(p.GETSETELEM, NLM_F_DUMP, connection.nextSequence(), (encoder) => {
      encoder.string(p.ELEMS.TABLE, this.#table).string(p.ELEMS.SET, set.name);
    });
    try {
      for await (const { payload } of connection.dump(`dump of set ${set.name}`, ask)) {
        yield payload;
      }
    } catch (thrown) {
      if (!(thrown instanceof NetlinkError) || thrown.errno !== ENOENT) throw thrown;
    }
  }

  /** The kernel answers key by key and stops at the first that is not there: go on behind it. */
  async *#lookupIn(connection: Connection, set: string, prefixes: readonly Prefix[]): AsyncGenerator<Buffer> {
    for (let next = 0; next < prefixes.length; ) {
      const keys = prefixes.slice(next, next + KEYS);
      const { answers, failure } = await connection.ask(`look-up in set ${set}`, this.#keys(connection, set, keys));
      if (failure && failure.errno !== ENOENT) throw failure;
      let got = 0;
      for (const { type, payload } of answers) {
        if (type !== p.messageType(p.NEWSETELEM)) continue;
        yield payload;
        got++;
      }
      next += failure ? got + 1 : keys.length;
    }
  }

  #keys(connection: Connection, set: string, prefixes: readonly Prefix[]): Buffer {
    return question(p.GETSETELEM, 0, connection.nextSequence(), (encoder) => {
      encoder.string(p.ELEMS.TABLE, this.#table).string(p.ELEMS.SET, set);
      encoder.nested(p.ELEMS.ELEMENTS, () => {
        for (const prefix of prefixes) {
          encoder.nested(p.LIST_ELEM, () => {
            encoder.nested(p.ELEM.KEY, () => encoder.fill(p.DATA.VALUE, keyLength(prefix.family), prefix));
          });
        }
      });
    });
  }

  /** Elements that match, counted one by one; undefined if they are many. */
  async #countFew(sets: Iterable<BanSet>): Promise<number | undefined> {
    let count = 0;
    for await (const _ of this.elements(sets)) if (++count > FEW) return undefined;
    return count;
  }

  /**
   * What the kernel counts itself, with those that have expired and wait to be swept out; undefined where it does not tell.
   */
  async #countAll(connection: Connection): Promise<number | undefined> {
    let sum: number | undefined;
    for (const set of await list(connection, p.GETSET, this.#table)) {
      const name = set.get(p.SET.NAME);
      const count = name && setNamed(text(name)) ? countOf(set) : undefined;
      if (count !== undefined) sum = (sum ?? 0) + count;
    }
    return sum;
  }
}
