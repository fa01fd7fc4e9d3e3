import type { Prefix } from '../model/prefix.js';
import { isObserved, type Scope } from '../model/scope.js';
import type { AddChange, Ban, Change } from '../model/street.js';
import type { Bans } from './bans.js';
import { banOf, type Row, stored, storedScope } from './rows.js';
import type { End } from './statements.js';
import { isUnit, textAround } from './units.js';

type Rows = Pick<Bans, 'rowsOf' | 'isShared' | 'union' | 'lengths' | 'unitsIn' | 'mayHave' | 'version'>;

/** Wide prefixes that are remembered within a transaction. */
const MOST_KNOWN = 1024;

/** What an element does, or a ban has it do. */
export interface Held {
  readonly until: number | null;
  /** Absent: all packets are dropped. */
  readonly scope?: Scope | undefined;
}

/** What rows mean: of several of one address the longest counts, their scopes are joined, and those that have ended do not count. */
export class View {
  readonly #bans: Rows;
  readonly #refusal: (prefix: Prefix) => string | undefined;
  readonly #folds: boolean;
  #known = { version: -1, now: 0, covers: new Map<string, readonly Held[]>() };

  /** @param folds whether a single element is folded into a wide one. */
  constructor(bans: Rows, refusal: (prefix: Prefix) => string | undefined, folds = true) {
    this.#bans = bans;
    this.#refusal = refusal;
    this.#folds = folds;
  }

  /** The live rows of an address, by jail. */
  live(address: string, now: number): readonly Row[] {
    return this.#bans.rowsOf(address).filter(({ until }) => until === null || until > now);
  }

  /** All live bans of a row's address if it is the first of them, and none if it is not: the first tells them. */
  withOthers(row: Row, now: number): readonly Ban[] {
    if (!this.#bans.isShared(row.address)) return [banOf(row)];
    const rows = this.live(row.address, now);
    return rows.some(({ id }) => id < row.id) ? [] : rows.map((other) => banOf(other));
  }

  /** What the kernel has to hold of a live row's address; nothing if it is not the first of it. */
  elementOf([id, address, until, scope]: End, now: number): readonly Change[] {
    const prefix = stored(address);
    if (this.#bans.isShared(address)) {
      return this.live(address, now).some((other) => other.id < id) ? [] : [this.change(prefix, now)];
    }
    if (this.#refusal(prefix) !== undefined) return [{ verb: 'remove', prefix }];
    return [this.held(prefix, { until, scope: storedScope(scope) }, now)];
  }

  /**
   * What the kernel has to hold of a prefix: the one place where that is decided. A prefix that must never be banned is taken away, whatever
   * stands in the file: the never-list may be newer. A single element is folded into a wide one that lasts as long.
   */
  change(prefix: Prefix, now: number): Change {
    const { bans, ...held } = this.#bans.union(prefix.text, now);
    if (bans === 0 || this.#refusal(prefix) !== undefined) return { verb: 'remove', prefix };
    return this.held(prefix, held, now);
  }

  /** As `change`, of a prefix that is banned so, and may be. */
  held(prefix: Prefix, held: Held, now: number): Change {
    const foldedInto = this.#folds && isUnit(prefix) ? this.#around(prefix, held, now) : undefined;
    return foldedInto ? { verb: 'remove', prefix, foldedInto } : addOf(prefix, held);
  }

  /**
   * The live bans of a wide prefix. A single element is folded into one ban of them and not into their sum, which may get less when another one
   * ends: so nothing has to come back then.
   */
  covers({ text }: Prefix, now: number): readonly Held[] {
    return this.live(text, now).map(({ until, scope }) => ({ until, scope: storedScope(scope) }));
  }

  /** As `covers`; none of what must never be banned. */
  coversHeld(prefix: Prefix, now: number): readonly Held[] {
    return this.#refusal(prefix) === undefined ? this.covers(prefix, now) : [];
  }

  /** The single elements of a wide prefix that are banned: what `change` says of each, and what it does as long as it stands for itself. */
  *below(prefix: Prefix, now: number): Generator<readonly [Change, Held]> {
    for (const text of this.#bans.unitsIn(prefix)) {
      const single = stored(text);
      const { bans, ...held } = this.#bans.union(text, now);
      if (bans > 0 && this.#refusal(single) === undefined) yield [this.held(single, held, now), held];
    }
  }

  /** The widest prefix around a single element that stands for it. */
  #around(single: Prefix, held: Held, now: number): Prefix | undefined {
    for (const length of this.#bans.lengths(single.family)) {
      const text = textAround(single, length);
      if (this.#bans.mayHave(text) && standFor(this.#coversOf(text, now), held)) return stored(text);
    }
    return undefined;
  }

  /** As `coversHeld`, read once for all that lie in it. */
  #coversOf(text: string, now: number): readonly Held[] {
    const { version } = this.#bans;
    const isOld = this.#known.version !== version || this.#known.now !== now || this.#known.covers.size >= MOST_KNOWN;
    if (isOld) this.#known = { version, now, covers: new Map() };
    const found = this.#known.covers.get(text) ?? this.coversHeld(stored(text), now);
    this.#known.covers.set(text, found);
    return found;
  }
}

/** Whether one of them does all that the other does, as long as that does. */
export const standFor = (covers: readonly Held[], held: Held): boolean =>
  covers.some(({ until, scope }) => lasts(until, held.until) && isAll(scope, held.scope));

const lasts = (one: number | null, other: number | null): boolean => one === null || (other !== null && one >= other);

const isAll = (one: Scope | undefined, other: Scope | undefined): boolean =>
  one === undefined ? !isObserved(other) : one.text === other?.text;

/** The change that makes such an element. */
export const addOf = (prefix: Prefix, { until, scope }: Held): AddChange =>
  scope ? { verb: 'add', prefix, until, scope } : { verb: 'add', prefix, until };
