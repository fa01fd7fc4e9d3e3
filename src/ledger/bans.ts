import type { Database } from 'better-sqlite3';
import type { Family, Prefix } from '../model/prefix.js';
import { isObserved, type Scope, union } from '../model/scope.js';
import type { Ban } from '../model/street.js';
import { AddressIndex } from './address-index.js';
import type { History } from './history.js';
import { Inserts } from './inserts.js';
import { type Row, storedScope } from './rows.js';
import { scan } from './scan.js';
import { Spans } from './spans.js';
import { type End, prepare, type Statements } from './statements.js';

/** What is known without a look at the rows. */
interface Sums {
  /** The next row. */
  next: number;
  /** Up to this row all bans were lifted at once: they are history, and only wait to be moved there. */
  lifted: number;
  /** How many of those are left. */
  past: number;
  /** Addresses that have bans, those that have ended and are still to be forgotten included. */
  elements: number;
}

/**
 * All live bans of one address together: how many, the union of their scopes, and the latest end of those that have a part in it; null
 * is never, or none. Where some drop, those that observe have no part: none of them makes a drop last longer.
 */
export interface Union {
  readonly bans: number;
  readonly until: number | null;
  readonly scope: Scope | undefined;
}

/**
 * The table of bans, and the index of its addresses. Rows stand in the order in which they came: what comes is written behind the rest, page after page.
 *
 * Its callers bring the transaction, and tell how it ended.
 */
export class Bans {
  readonly #database: Database;
  readonly #history: History;
  readonly #sql: Statements;
  readonly #inserts: Inserts;
  #spans = new Spans();
  #index: AddressIndex | undefined;
  #sums: Sums = { next: 1, lifted: 0, past: 0, elements: 0 };
  #version = 0;
  #before: { readonly sums: Sums; readonly spans: Spans } | undefined;

  constructor(database: Database, history: History) {
    this.#database = database;
    this.#history = history;
    this.#sql = prepare(database);
    this.#inserts = new Inserts(this.#sql);
  }

  begin(): void {
    this.#version++;
    this.#load().begin();
    this.#spans.begin();
    this.#before = { sums: { ...this.#sums }, spans: this.#spans };
    this.#history.begin();
  }

  commit(): void {
    this.#index?.commit();
    this.#spans.commit();
    this.#before = undefined;
    this.#history.commit();
  }

  rollback(): void {
    this.#index?.rollback();
    this.#inserts.clear();
    if (this.#before) ({ sums: this.#sums, spans: this.#spans } = this.#before);
    this.#spans.rollback();
    this.#before = undefined;
    this.#history.rollback();
  }

  /** Addresses that have bans, those included whose bans have ended and are still to be forgotten. */
  get elements(): number {
    this.#load();
    return this.#sums.elements;
  }

  /** The rows that bans stand in: the first is behind `behind`. */
  get range(): { readonly behind: number; readonly last: number } {
    this.#load();
    return { behind: this.#sums.lifted, last: this.#sums.next - 1 };
  }

  union(address: string, now: number): Union {
    return unionOf(this.rowsOf(address), now);
  }

  /** Whether there may be a row of the address. */
  mayKnow(address: string): boolean {
    const index = this.#load();
    return index.has(index.hash(address));
  }

  /** Whether more than one row may be of the address. */
  isShared(address: string): boolean {
    const index = this.#load();
    return index.find(index.hash(address)).length > 1;
  }

  /** By jail. */
  rowsOf(address: string): readonly Row[] {
    const rows = this.#rows(address).filter(({ id }) => id > this.#sums.lifted);
    return rows.length > 1 ? rows.sort((a, b) => (a.jail < b.jail ? -1 : 1)) : rows;
  }

  /** Lengths of wide prefixes that have bans, the widest first. */
  lengths(family: Family): readonly number[] {
    this.#load();
    return this.#spans.lengths(family);
  }

  /** False if an address has no rows for certain. */
  mayHave(address: string): boolean {
    const index = this.#load();
    return index.has(index.hash(address));
  }

  /** Another number where rows may have changed, and in each transaction. */
  get version(): number {
    return this.#version;
  }

  /** The single elements of a wide prefix that have bans, those included that have ended and are still to be forgotten; some may have none. */
  *unitsIn(prefix: Prefix): Generator<string> {
    const index = this.#load();
    for (const text of this.#spans.unitsIn(prefix)) if (index.has(index.hash(text))) yield text;
  }

  /** Rows of bans that were lifted together with all others, and are still to be moved. */
  pastOf(address: string): readonly Row[] {
    return this.#sums.past === 0 ? [] : this.#rows(address).filter(({ id }) => id <= this.#sums.lifted);
  }

  /** As JSON. */
  linesOf({ id }: Row): string | undefined {
    return this.#sql.lines.get(id)?.lines;
  }

  /** Live bans behind a row, in the order of rows. */
  page(now: number, behind: number, size: number): readonly Row[] {
    return this.#sql.page.all({ now, behind: Math.max(behind, this.range.behind), size });
  }

  /** As `page`. */
  ends(now: number, behind: number, size: number): readonly End[] {
    return this.#sql.ends.all({ now, behind: Math.max(behind, this.range.behind), size });
  }

  /** Bans that have ended, those that were lifted since included. */
  ended(now: number, size: number): readonly Row[] {
    return this.#sql.ended.all({ now, size });
  }

  count(now: number): number {
    return this.#load().size - this.#sums.past - (this.#sql.countEnded.get({ now, behind: this.range.behind })?.n ?? 0);
  }

  nextEnd(): number | undefined {
    return this.#sql.nextEnd.get()?.until ?? undefined;
  }

  /** Answers whether it is the only one of its address. */
  put(ban: Ban): boolean {
    this.#version++;
    const { prefix, jail, lines } = ban;
    const index = this.#load();
    const hash = index.hash(prefix.text);
    const others = index.find(hash).length === 0 ? [] : this.rowsOf(prefix.text);
    const standing = others.find((row) => row.jail === jail);
    let id = standing?.id;
    if (standing) {
      const { reason, since, until } = ban;
      this.#sql.replace.run({ id: standing.id, reason, since, until, scope: ban.scope?.text ?? null });
    } else {
      id = this.#sums.next++;
      this.#inserts.add(id, ban);
      index.add(hash, id);
      this.#spans.add(prefix.text);
      if (others.length === 0) this.#sums.elements++;
    }
    if (lines && lines.length > 0) this.#sql.putLines.run(id as number, JSON.stringify(lines));
    return others.length === 0;
  }

  /** To be called before the transaction ends: what was put is written. */
  flush(): void {
    this.#inserts.flush();
  }

  /** A ban becomes history. */
  retire(row: Row): void {
    this.#version++;
    const { id, address, jail, times: bans, first, since: last } = row;
    this.#history.add({ address, jail, bans, first: first ?? last, last });
    this.#sql.removeLines.run(id);
    this.#sql.remove.run(id);
    const index = this.#load();
    index.remove(index.hash(address), id);
    if (id <= this.#sums.lifted) {
      this.#sums.past--;
      return;
    }
    this.#spans.remove(address);
    if (this.rowsOf(address).length === 0) this.#sums.elements--;
  }

  /** Lifts everything there is, by one mark. */
  liftAll(): void {
    this.#version++;
    const { size } = this.#load();
    this.#sums.lifted = this.#sums.next - 1;
    this.#sums.past = size;
    this.#sums.elements = 0;
    this.#spans = new Spans();
    this.#sql.putMark.run('lifted', this.#sums.lifted);
    this.#sql.putMark.run('clearing', 1);
  }

  /** Whether the kernel has not yet said that it let go what was lifted at once. */
  get isClearing(): boolean {
    return this.#sql.mark.get('clearing')?.value === 1;
  }

  cleared(): void {
    this.#sql.putMark.run('clearing', 0);
  }

  /** Moves some of what was lifted at once into the history; true if there is more. */
  moveLifted(size: number): boolean {
    const index = this.#load();
    if (this.#sums.past === 0) return false;
    const { lifted } = this.#sums;
    const last = scan(this.#database, 'ban', 0, size, (text, from, to, id) => {
      if (id > lifted) return;
      index.remove(index.hash(text, from, to), id);
      this.#sums.past--;
    });
    const range = { behind: 0, end: Math.min(last ?? 0, lifted) };
    this.#history.append(range.end, (offset) => this.#sql.retire.run({ ...range, offset }).changes);
    for (const statement of this.#sql.removeRange) statement.run(range);
    return this.#sums.past > 0;
  }

  #rows(address: string): Row[] {
    const index = this.#load();
    const found = index.find(index.hash(address));
    if (found.length === 0) return [];
    this.flush();
    return found.map((id) => this.#sql.one.get(id)).filter((row): row is Row => row?.address === address);
  }

  /** Reads the table once, before the first call. @throws as `scan` */
  #load(): AddressIndex {
    if (this.#index) return this.#index;
    const [index, spans] = [new AddressIndex(), new Spans()];
    const lifted = this.#sql.mark.get('lifted')?.value ?? 0;
    const sums = { next: Math.max(this.#sql.last.get()?.id ?? 0, lifted) + 1, lifted, past: 0, elements: 0 };
    const alike: number[] = [];
    scan(this.#database, 'ban', 0, Number.POSITIVE_INFINITY, (text, from, to, id) => {
      const hash = index.hash(text, from, to);
      if (id <= lifted) sums.past++;
      else if (index.has(hash)) alike.push(id);
      else sums.elements++;
      index.add(hash, id);
      if (id > lifted) spans.add(text, from, to);
    });
    [this.#index, this.#sums, this.#spans] = [index, sums, spans];
    for (const id of alike) if (this.#isFirst(id)) sums.elements++;
    return index;
  }

  /** Whether no earlier row is of the same address. */
  #isFirst(id: number): boolean {
    const row = this.#sql.one.get(id);
    return row !== undefined && this.rowsOf(row.address).every((other) => other.id >= id);
  }
}

/** What these rows of one address mean together. */
export function unionOf(rows: readonly Row[], now: number): Union {
  const live = rows.filter(({ until }) => until === null || until > now);
  const scopes = live.map((row) => storedScope(row.scope));
  const scope = live.length === 0 ? undefined : scopes.reduce((sum, one) => union(sum, one));
  let until: number | null = live.length === 0 ? null : 0;
  for (const [index, row] of live.entries()) {
    if (isObserved(scopes[index]) !== isObserved(scope)) continue;
    until = until === null || row.until === null ? null : Math.max(until, row.until);
  }
  return { bans: live.length, until, scope };
}
