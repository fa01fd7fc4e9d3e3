import { release } from 'node:os';
import type { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import type { Scope } from '../../model/scope.js';
import type { Change, Counters, Element } from '../../model/street.js';
import type { Connection } from '../../netlink/connection.js';
import { Encoder } from '../../netlink/encoder.js';
import type { Backend, BackendState, Disturbance } from '../backend.js';
import { dialectOf, ElementWriter, LARGEST_CHANGE, type Surroundings } from './elements.js';
import { frameFaults } from './frame.js';
import { install, rebuild, removeTable, uninstall } from './install.js';
import { flushSet } from './objects.js';
import type { NftablesOptions } from './options.js';
import { Reader } from './reader.js';
import { isTaken, refusalOf } from './refusal.js';
import { addLengths, addRuleset, type Contents, type RulesetOptions, replaceAllowed } from './ruleset.js';
import { addFirstScopeMaps, addScope, deleteScopes } from './scope-chains.js';
import { ScopeTable, tooMany } from './scope-table.js';
import { type BanSet, setOf } from './sets.js';
import { isTracking } from './tracking.js';
import { Transaction } from './transaction.js';
import { Watch } from './watch.js';

/** Changes a transaction: larger ones slow the kernel down (1.3 M/s at 10,000, 0.73 M/s all in one). */
const MOST_CHANGES = 10_000;

/** Bytes kept for what is not elements: batch markers, message heads, a new set for each prefix length. */
const RESERVE = 8 * 1024;

/** Milliseconds after a look in vain for scopes that no element has any more, before there is another. */
const NO_LOOK = 60_000;

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
  readonly #scopes = new ScopeTable();
  #connection: Connection | undefined;
  readonly #reader: Reader;
  #owned = false;
  #looked = Number.NEGATIVE_INFINITY;
  #watch: Watch | undefined;

  constructor(options: NftablesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#reader = new Reader(options.table, this.#clock, (number) => this.#scopes.scopeOf(number));
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
    this.#know(installed.contents);
  }

  async settle(): Promise<void> {}

  async apply(batch: Batch): Promise<void> {
    const connection = this.#open();
    await this.#addScopes(batch.changes);
    await this.#addLengths(batch);
    const standing = await this.#standing(batch.changes);
    try {
      await this.#write(connection, batch, standing);
    } catch (thrown) {
      // An element stands with another scope, which cannot be changed in place: that is found out so, since it is rare.
      if (!isTaken(thrown) || standing !== false) throw thrown;
      await this.#write(connection, batch, true);
    }
  }

  async #write(connection: Connection, batch: Batch, standing: Surroundings['standing']) {
    const transaction = new Transaction(this.#encoder, () => connection.nextSequence());
    this.#writer.write(transaction, batch.changes, batch.now, {
      has: ({ name }) => this.#sets.has(name),
      numberOf: (scope) => this.#scopes.numberOf(scope),
      standing,
    });
    if (!transaction.isEmpty) await this.#send(connection, transaction);
  }

  /**
   * Sets of lengths that nobody had before, in a transaction of their own: a packet that walks over the rules as they were would find neither what
   * is folded in the next one, nor what stands for it.
   */
  async #addLengths(batch: Batch): Promise<void> {
    const added = this.#newSets(batch);
    if (added.length === 0) return;
    await this.#change((transaction) => addLengths(transaction, this.#options, added, [...this.#sets.values()]));
    for (const set of added) this.#sets.set(set.name, set);
  }

  /** What elements stand with, where the kernel has to be told to take it away. */
  async #standing(changes: readonly Change[]): Promise<Surroundings['standing']> {
    if (!this.#writer.needsStanding) return false;
    const prefixes = changes.map(({ prefix }) => prefix);
    return this.#scopes.numbers ? this.#reader.numbers(prefixes, this.#sets) : new Map();
  }

  /** The chains of scopes that nobody had before, each in a transaction of its own: one has room in any send buffer. */
  async #addScopes(changes: readonly Change[]): Promise<void> {
    if (!this.#hasRoom(this.#scopes.missing(changes))) await this.#forgetUnused();
    const missing = this.#scopes.missing(changes);
    if (!this.#hasRoom(missing)) throw tooMany();
    for (const [number, scope] of missing) {
      const numbers = new Map([...(this.#scopes.numbers ?? []), [number, scope]]);
      await this.#change((transaction) => {
        if (!this.#scopes.numbers) addFirstScopeMaps(transaction, this.#ruleset());
        addScope(transaction, this.#ruleset(), number, scope);
      });
      this.#scopes.know(numbers);
    }
  }

  /** Whether there are numbers for them, and the whole frame goes into one transaction still, so that a start can adopt it. */
  #hasRoom(missing: ReadonlyMap<number, Scope>): boolean {
    if (missing.size === 0) return true;
    if (this.#scopes.isFull(missing.size)) return false;
    return this.#frameLength(new Map([...(this.#scopes.numbers ?? []), ...missing])) <= this.#open().largestRequest;
  }

  /** Room for scopes, from those that no element has any more. That takes a dump, so it is not done for each ban that finds none. */
  async #forgetUnused(): Promise<void> {
    const now = this.#clock();
    if (now < this.#looked + NO_LOOK) return;
    const maps = [...this.#sets.values()].filter(({ isScoped }) => isScoped);
    const used = await this.#reader.numbersIn(maps);
    const numbers = [...(this.#scopes.numbers ?? [])];
    const unused = new Map(numbers.filter(([number]) => !used.has(number)));
    if (unused.size === 0) {
      this.#looked = now;
      return;
    }
    await this.#change((transaction) => deleteScopes(transaction, this.#options.table, unused));
    this.#scopes.know(new Map(numbers.filter(([number]) => used.has(number))));
  }

  /** Bytes of the transaction that adopts the table with these scopes. */
  #frameLength(scopes: ReadonlyMap<number, Scope>): number {
    const transaction = new Transaction(new Encoder(), () => 1);
    addRuleset(transaction, { ...this.#ruleset(), allow: [] }, { sets: [], scopes });
    return transaction.finish().length + RESERVE;
  }

  async #change(write: (transaction: Transaction) => void): Promise<void> {
    const connection = this.#open();
    const transaction = new Transaction(new Encoder(), () => connection.nextSequence());
    write(transaction);
    await this.#send(connection, transaction);
  }

  async clear(): Promise<void> {
    await this.#change((transaction) => {
      for (const set of this.#sets.values()) flushSet(transaction, this.#options.table, set.name);
    });
  }

  async allow(prefixes: readonly Prefix[]): Promise<void> {
    const options = { ...this.#options, allow: prefixes };
    await this.#change((transaction) => replaceAllowed(transaction, options));
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
    const found = await frameFaults(this.#open(), this.#ruleset(), this.#contents());
    if (found.length > 0 || this.#options.spareReplies !== true || this.#tracked || !isTracking()) return found;
    this.#tracked = true;
    await this.#rebuild();
    return [];
  }

  async repair(): Promise<void> {
    const found = await frameFaults(this.#open(), this.#ruleset(), this.#contents());
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
    this.#know(await rebuild(this.#open(), this.#ruleset(), this.#owned, this.#scopes.numbers));
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

  #know({ sets, scopes }: Contents): void {
    this.#sets = new Map(sets.map((set) => [set.name, set]));
    this.#scopes.know(scopes);
  }

  #contents(): Contents {
    return { sets: [...this.#sets.values()], scopes: this.#scopes.numbers };
  }

  async #send(connection: Connection, transaction: Transaction): Promise<void> {
    try {
      await connection.acknowledged('batch', transaction.finish());
    } catch (thrown) {
      throw refusalOf(thrown, transaction, this.#options.table);
    }
  }

  /** The sets of prefix lengths that nobody has banned before, and the maps of those that nobody had with a scope. */
  #newSets(batch: Batch): BanSet[] {
    const added = new Map<string, BanSet>();
    for (const change of batch.changes) {
      if (change.verb === 'remove' || (change.prefix.isAddress && !change.scope)) continue;
      const set = setOf(change.prefix, change.scope !== undefined);
      if (!this.#sets.has(set.name)) added.set(set.name, set);
    }
    return [...added.values()];
  }

  #open(): Connection {
    if (!this.#connection) throw new TypeError('the nftables backend is not open');
    return this.#connection;
  }
}
