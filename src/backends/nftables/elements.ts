import type { Prefix } from '../../model/prefix.js';
import type { Scope } from '../../model/scope.js';
import type { AddChange, Change } from '../../model/street.js';
import { ATTRIBUTE, LONGEST_ATTRIBUTE, NLM_F_CREATE } from '../../netlink/protocol.js';
import { ElementLayout, type ElementShape, elementSize } from './element-layout.js';
import * as p from './protocol.js';
import { type BanSet, setOf } from './sets.js';
import type { Transaction } from './transaction.js';

/**
 * How an element is written, by what the kernel can do:
 * - `refresh` (6.12): adding again sets the new timeout in place, and the counter goes on.
 * - `destroy` (6.3): adding again would silently keep the old timeout; so destroy, which forgives, and add.
 * - `delete` (all): deleting what is not there would undo the transaction; so add, which forgives, delete, and add.
 */
export type Dialect = 'refresh' | 'destroy' | 'delete';

export function dialectOf(release: string): Dialect {
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  const version = major * 1000 + minor;
  if (version >= 6012) return 'refresh';
  return version >= 6003 ? 'destroy' : 'delete';
}

/**
 * The shortest timeout, in milliseconds. The kernel counts in ticks of up to 10 ms and rounds down, and no ticks mean that
 * the element never expires.
 */
const SHORTEST = 20;

/**
 * The largest share of a send buffer that one change takes, whatever its dialect: IPv6, written twice to take it out of the one set, and
 * three times to put it into the other.
 */
export const LARGEST_CHANGE = 5 * elementSize(16, { timed: true, numbered: true });

/** How elements of each family are written. */
const layouts = (shape: ElementShape) => ({ 4: new ElementLayout(4, shape), 6: new ElementLayout(6, shape) }) as const;
const TIMED = layouts({ timed: true });
const BARE = layouts({});
const NUMBERED = layouts({ numbered: true });
const WHOLE = layouts({ timed: true, numbered: true });

/** Elements a message: the list is a nested attribute, and its length has 16 bits. */
const atOnce = ({ family, isScoped }: BanSet): number =>
  Math.floor((LONGEST_ATTRIBUTE - ATTRIBUTE) / (isScoped ? WHOLE : TIMED)[family].size);

/** What has to be known of the table to write changes. */
export interface Surroundings {
  /** Whether it has this set. What has no set has no element to take away. */
  readonly has: (set: BanSet) => boolean;
  readonly numberOf: (scope: Scope) => number;
  /**
   * Who may stand with another number has to be taken away first: the kernel refuses another one for a key that is there (EBUSY). Where
   * deleting does not forgive, what stands; else, whether to think of it.
   */
  readonly standing: ReadonlyMap<string, number> | boolean;
}

/** Writes changes into a transaction, set by set, in the largest messages there can be. */
export class ElementWriter {
  readonly #table: string;
  readonly #dialect: Dialect;

  constructor(table: string, dialect: Dialect) {
    this.#table = table;
    this.#dialect = dialect;
  }

  /** Whether it has to be told what stands (`Surroundings.standing`). */
  get needsStanding(): boolean {
    return this.#dialect === 'delete';
  }

  write(transaction: Transaction, changes: readonly Change[], now: number, surroundings: Surroundings): void {
    for (const [, { sets, add, scoped, remove }] of byLength(changes)) {
      const [bans, map] = [surroundings.has(sets.bans), surroundings.has(sets.map)];
      const gone = <T extends Change>(others: readonly T[]): readonly Change[] =>
        others.length === 0 ? remove : [...remove, ...others];
      for (const part of parts(add, atOnce(sets.bans))) this.#add(transaction, sets.bans, part, now);
      if (bans) this.#removeAll(transaction, sets.bans, gone(scoped));
      if (map) this.#removeAll(transaction, sets.map, gone(add), surroundings);
      for (const part of parts(scoped, atOnce(sets.map)))
        this.#addScoped(transaction, sets.map, part, now, surroundings);
    }
  }

  #add(transaction: Transaction, set: BanSet, changes: readonly AddChange[], now: number): void {
    if (this.#dialect !== 'refresh') this.#remove(transaction, set, changes);
    const layout = TIMED[set.family];
    this.#message(transaction, p.NEWSETELEM, set, changes.length, layout, (target, at, index) => {
      const { prefix, until } = changes[index] as AddChange;
      layout.writeTimed(target, at, prefix, timeoutOf(until, now));
    });
  }

  #addScoped(
    transaction: Transaction,
    set: BanSet,
    changes: readonly AddChange[],
    now: number,
    surroundings: Surroundings,
  ): void {
    const { standing, numberOf } = surroundings;
    if (this.#dialect !== 'refresh' || standing) this.#removeNumbered(transaction, set, changes, standing);
    const layout = WHOLE[set.family];
    this.#message(transaction, p.NEWSETELEM, set, changes.length, layout, (target, at, index) => {
      const { prefix, until, scope } = changes[index] as AddChange;
      layout.writeWhole(target, at, prefix, numberOf(scope as Scope), timeoutOf(until, now));
    });
  }

  #removeAll(transaction: Transaction, set: BanSet, changes: readonly Change[], surroundings?: Surroundings): void {
    for (const part of parts(changes, atOnce(set))) {
      if (surroundings) this.#removeNumbered(transaction, set, part, surroundings.standing);
      else this.#remove(transaction, set, part);
    }
  }

  #remove(transaction: Transaction, set: BanSet, changes: readonly Change[]): void {
    const layout = BARE[set.family];
    const write: Write = (target, at, index) => layout.write(target, at, (changes[index] as Change).prefix);
    const type = this.#dialect === 'delete' ? p.DELSETELEM : p.DESTROYSETELEM;
    if (this.#dialect === 'delete') this.#message(transaction, p.NEWSETELEM, set, changes.length, layout, write);
    this.#message(transaction, type, set, changes.length, layout, write);
  }

  /** Of a map: where deleting does not forgive, what stands is added as it stands, in case that it ends meanwhile. */
  #removeNumbered(
    transaction: Transaction,
    set: BanSet,
    changes: readonly Change[],
    standing: Surroundings['standing'],
  ): void {
    if (typeof standing === 'boolean') {
      this.#remove(transaction, set, changes);
      return;
    }
    const there = changes.filter(({ prefix }) => standing.has(prefix.text));
    if (there.length === 0) return;
    const [numbered, bare] = [NUMBERED[set.family], BARE[set.family]];
    const prefixAt = (index: number): Prefix => (there[index] as Change).prefix;
    this.#message(transaction, p.NEWSETELEM, set, there.length, numbered, (target, at, index) => {
      numbered.writeNumbered(target, at, prefixAt(index), standing.get(prefixAt(index).text) as number);
    });
    this.#message(transaction, p.DELSETELEM, set, there.length, bare, (target, at, index) => {
      bare.write(target, at, prefixAt(index));
    });
  }

  #message(
    transaction: Transaction,
    type: number,
    set: BanSet,
    count: number,
    layout: ElementLayout,
    write: Write,
  ): void {
    transaction.add(type, type === p.NEWSETELEM ? NLM_F_CREATE : 0, (encoder) => {
      encoder.string(p.ELEMS.TABLE, this.#table).string(p.ELEMS.SET, set.name);
      encoder.nested(p.ELEMS.ELEMENTS, () => encoder.records(count, layout.size / 4, write));
    });
  }
}

/** Fills the element with that index, from the word `at` on. */
type Write = (target: Uint32Array, at: number, index: number) => void;

const timeoutOf = (until: number | null, now: number): number => (until === null ? 0 : Math.max(SHORTEST, until - now));

/** Changes of prefixes of one family and length. */
interface Group {
  readonly sets: { readonly bans: BanSet; readonly map: BanSet };
  readonly add: AddChange[];
  readonly scoped: AddChange[];
  readonly remove: Change[];
}

function byLength(changes: readonly Change[]): Map<number, Group> {
  const groups = new Map<number, Group>();
  for (const change of changes) {
    const key = change.prefix.family * 256 + change.prefix.length;
    const group = groups.get(key) ?? groupOf(change.prefix);
    groups.set(key, group);
    if (change.verb === 'remove') group.remove.push(change);
    else if (change.scope) group.scoped.push(change);
    else group.add.push(change);
  }
  return groups;
}

const groupOf = (prefix: Prefix): Group => ({
  ...{ sets: { bans: setOf(prefix), map: setOf(prefix, true) }, add: [], scoped: [], remove: [] },
});

function* parts<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}
