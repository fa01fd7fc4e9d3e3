import { release } from 'node:os';
import type { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import type { Change, Counters, Element } from '../../model/street.js';
import type { Connection } from '../../netlink/connection.js';
import { Encoder } from '../../netlink/encoder.js';
import type { Backend, BackendState, Disturbance } from '../backend.js';
import { dialectOf, ElementWriter, LARGEST_CHANGE } from './elements.js';
import { frameFaults } from './frame.js';
import { install, rebuild, removeTable, uninstall } from './install.js';
import type { NftablesOptions } from './options.js';
import { Reader } from './reader.js';
import { refusalOf } from './refusal.js';
import { addLength, flushSet, type RulesetOptions, replaceAllowed } from './ruleset.js';
import { type BanSet, setOf } from './sets.js';
import { isTracking } from './tracking.js';
import { Transaction } from './transaction.js';
import { Watch } from './watch.js';

/** Changes a transaction: larger ones slow the kernel down (1.3 M/s at 10,000, 0.73 M/s all in one). */
const MOST_CHANGES = 10_000;

/** Bytes kept for what is not elements: batch markers, message heads, a new set for each prefix length. */
const RESERVE = 8 * 1024;

/** Bans in a table of their own: one hash set per family and prefix length, with timeouts that the kernel watches. */
export class NftablesBackend implements Backend {
  readonly kind = 'nftables';
  #options: NftablesOptions;
  /** Whether connections are tracked here, so that replies can be told from other packets. */
  #tracked = false;
  readonly #clock: Clock;
  readonly #encoder = new Encoder(512 * 1024);
  readonly #writer: ElementWriter;
  #sets = new Map<string, BanSet>();
  #connection: Connection | undefined;
  readonly #reader: Reader;
  #owned = false;
  #watch: Watch | undefined;

  constructor(options: NftablesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#reader = new Reader(options.table, this.#clock);
    this.#writer = new ElementWriter(options.table, options.dialect ?? dialectOf(release()));
  }

  get capacity(): number {
    const fits = Math.floor((this.#open().largestRequest - RESERVE) / LARGEST_CHANGE);
    return Math.max(1, Math.min(MOST_CHANGES, fits));
  }

  async open(): Promise<void> {
    const { sendBuffer } = this.#options;
    this.#tracked = isTracking();
    const options = sendBuffer === undefined ? {} : { sendBuffer };
    const installed = await install(this.#ruleset(), options);
    this.#connection = installed.connection;
    this.#owned = installed.owned;
    this.#know(installed.sets);
  }

  async settle(): Promise<void> {}

  async apply(batch: Batch): Promise<void> {
    const connection = this.#open();
    const added = this.#newSets(batch);
    const meant = this.#meant(batch, added);
    if (meant.length === 0) return;
    const transaction = new Transaction(this.#encoder, () => connection.nextSequence());
    for (const set of added) addLength(transaction, this.#options, set);
    this.#writer.write(transaction, meant, batch.now);
    await this.#send(connection, transaction);
    for (const set of added) this.#sets.set(set.name, set);
  }

  async clear(): Promise<void> {
    const connection = this.#open();
    const transaction = new Transaction(this.#encoder, () => connection.nextSequence());
    for (const set of this.#sets.values()) flushSet(transaction, this.#options.table, set.name);
    await this.#send(connection, transaction);
  }

  async allow(prefixes: readonly Prefix[]): Promise<void> {
    const connection = this.#open();
    const options = { ...this.#options, allow: prefixes };
    const transaction = new Transaction(new Encoder(), () => connection.nextSequence());
    replaceAllowed(transaction, options);
    await this.#send(connection, transaction);
    this.#options = options;
  }

  elements(): AsyncIterable<Element> {
    return this.#reader.elements(this.#sets.values());
  }

  lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]> {
    return this.#reader.lookup(prefixes, this.#sets);
  }

  counters(): Promise<Counters> {
    return this.#reader.counters(this.#sets.values());
  }

  state(): BackendState {
    return { table: { name: this.#options.table, owned: this.#owned }, replies: this.#replies() };
  }

  /** Only of a table that has no owner: nobody else can change one that has. */
  watch(disturbed: (disturbance: Disturbance) => void): void {
    if (!this.#owned) this.#watch = new Watch(this.#options.table, this.#open(), disturbed);
  }

  /** Looks, too, whether connections have come to be tracked since it was opened: what is to be spared by them is, from then on. */
  async check(): Promise<readonly string[]> {
    const found = await frameFaults(this.#open(), this.#ruleset(), [...this.#sets.values()]);
    if (found.length > 0 || this.#options.spareReplies !== true || this.#tracked || !isTracking()) return found;
    this.#tracked = true;
    await this.#rebuild();
    return [];
  }

  async repair(): Promise<void> {
    const found = await frameFaults(this.#open(), this.#ruleset(), [...this.#sets.values()]);
    if (found.length > 0) await this.#rebuild();
  }

  kept(): number | undefined {
    return this.#owned ? this.#open().descriptor : undefined;
  }

  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = undefined;
    this.#watch?.close();
    try {
      if (!keep) await uninstall(connection, this.#options.table);
    } finally {
      connection.close();
    }
  }

  async detach(): Promise<string> {
    const { table } = this.#options;
    return (await removeTable(table)) ? `deleted table inet ${table}` : `there was no table inet ${table}`;
  }

  async #rebuild(): Promise<void> {
    this.#know(await rebuild(this.#open(), this.#ruleset(), this.#owned));
  }

  /** What the table is to look like. Once it asks for connections they are tracked for its sake, too: that is not taken back. */
  #ruleset(): NftablesOptions & RulesetOptions {
    const { spareReplies } = this.#options;
    if (spareReplies === 'tcp') return { ...this.#options, replies: 'tcp' };
    return spareReplies && this.#tracked ? { ...this.#options, replies: 'tracked' } : this.#options;
  }

  #replies(): NonNullable<BackendState['replies']> {
    const { spareReplies } = this.#options;
    if (spareReplies === 'tcp') return 'tcp';
    if (!spareReplies) return 'dropped';
    return this.#tracked ? 'tracked' : 'untracked';
  }

  #know(sets: readonly BanSet[]): void {
    this.#sets = new Map(sets.map((set) => [set.name, set]));
  }

  async #send(connection: Connection, transaction: Transaction): Promise<void> {
    try {
      await connection.acknowledged('batch', transaction.finish());
    } catch (thrown) {
      throw refusalOf(thrown, transaction, this.#options.table);
    }
  }

  /** The sets of prefix lengths that nobody has banned before. */
  #newSets(batch: Batch): BanSet[] {
    const added = new Map<string, BanSet>();
    for (const { prefix, verb } of batch.changes) {
      if (prefix.isAddress || verb === 'remove') continue;
      const set = setOf(prefix);
      if (!this.#sets.has(set.name)) added.set(set.name, set);
    }
    return [...added.values()];
  }

  /** The changes without removals of lengths that have no set: what has no set has no element. */
  #meant(batch: Batch, added: readonly BanSet[]): readonly Change[] {
    const known = (prefix: Prefix): boolean => {
      const { name } = setOf(prefix);
      return this.#sets.has(name) || added.some((set) => set.name === name);
    };
    if (batch.changes.every(({ prefix }) => prefix.isAddress)) return batch.changes;
    return batch.changes.filter(({ prefix }) => prefix.isAddress || known(prefix));
  }

  #open(): Connection {
    if (!this.#connection) throw new TypeError('the nftables backend is not open');
    return this.#connection;
  }
}
