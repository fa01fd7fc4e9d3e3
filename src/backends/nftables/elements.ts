import { Prefix } from '../../model/prefix.js';
import type { AddChange, Change, Element, RemoveChange } from '../../model/street.js';
import { at, byType, u32, u64, walk } from '../../netlink/attributes.js';
import { ATTRIBUTE, LONGEST_ATTRIBUTE, NLM_F_CREATE } from '../../netlink/protocol.js';
import { ElementLayout, elementSize } from './element-layout.js';
import * as p from './protocol.js';
import { type BanSet, setOf } from './sets.js';
import { PREAMBLE, type Transaction } from './transaction.js';

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

/** The largest share of a send buffer that one change takes, whatever its dialect: IPv6, written three times. */
export const LARGEST_CHANGE = 3 * elementSize(16, true);

/** How elements of each family are written, with a timeout and without. */
const TIMED = { 4: new ElementLayout(4, true), 6: new ElementLayout(6, true) } as const;
const BARE = { 4: new ElementLayout(4, false), 6: new ElementLayout(6, false) } as const;

/** Elements a message: the list is a nested attribute, and its length has 16 bits. */
const atOnce = ({ family }: BanSet): number => Math.floor((LONGEST_ATTRIBUTE - ATTRIBUTE) / TIMED[family].size);

/** Writes changes into a transaction, set by set, in the largest messages there can be. */
export class ElementWriter {
  readonly #table: string;
  readonly #dialect: Dialect;

  constructor(table: string, dialect: Dialect) {
    this.#table = table;
    this.#dialect = dialect;
  }

  write(transaction: Transaction, changes: readonly Change[], now: number): void {
    for (const [, group] of bySet(changes)) {
      for (const part of parts(group.add, atOnce(group.set))) this.#add(transaction, group.set, part, now);
      for (const part of parts(group.remove, atOnce(group.set))) this.#remove(transaction, group.set, part);
    }
  }

  #add(transaction: Transaction, set: BanSet, changes: readonly AddChange[], now: number): void {
    if (this.#dialect !== 'refresh') this.#remove(transaction, set, changes);
    const layout = TIMED[set.family];
    this.#message(transaction, p.NEWSETELEM, set, changes.length, layout, (target, at, index) => {
      const { prefix, until } = changes[index] as AddChange;
      layout.writeTimed(target, at, prefix, until === null ? 0 : Math.max(SHORTEST, until - now));
    });
  }

  #remove(transaction: Transaction, set: BanSet, changes: readonly Change[]): void {
    const layout = BARE[set.family];
    const write: Write = (target, at, index) => layout.write(target, at, (changes[index] as Change).prefix);
    const type = this.#dialect === 'delete' ? p.DELSETELEM : p.DESTROYSETELEM;
    if (this.#dialect === 'delete') this.#message(transaction, p.NEWSETELEM, set, changes.length, layout, write);
    this.#message(transaction, type, set, changes.length, layout, write);
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

interface Group {
  readonly set: BanSet;
  readonly add: AddChange[];
  readonly remove: RemoveChange[];
}

function bySet(changes: readonly Change[]): Map<number, Group> {
  const groups = new Map<number, Group>();
  for (const change of changes) {
    const key = change.prefix.family * 256 + change.prefix.length;
    const group = groups.get(key) ?? { set: setOf(change.prefix), add: [], remove: [] };
    groups.set(key, group);
    if (change.verb === 'add') group.add.push(change);
    else group.remove.push(change);
  }
  return groups;
}

function* parts<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}

/** The elements of one NEWSETELEM message, which answers a dump or a look-up. `payload` begins behind the header. */
export function* decodeElements(payload: Buffer, now: number): Generator<Element> {
  const attributes = byType(payload, p.NFGENMSG);
  const name = attributes.get(p.ELEMS.SET);
  const list = attributes.get(p.ELEMS.ELEMENTS);
  if (!name || !list) return;
  const length = lengthIn(name.toString('latin1', 0, name.length - 1));
  for (const { payload: element } of walk(list)) {
    const decoded = decodeElement(element, length, now);
    if (decoded) yield decoded;
  }
}

/** The prefix length that a set's name tells; undefined means that of its keys. */
function lengthIn(name: string): number | undefined {
  const underscore = name.indexOf('_');
  return underscore < 0 ? undefined : Number(name.slice(underscore + 1));
}

function decodeElement(bytes: Buffer, length: number | undefined, now: number): Element | undefined {
  const attributes = byType(bytes);
  const key = at(attributes.get(p.ELEM.KEY), p.DATA.VALUE);
  if (!key) return undefined;
  const left = attributes.get(p.ELEM.EXPIRATION);
  const element = { prefix: Prefix.fromBytes(key, length), until: left ? now + u64(left) : null };
  const counter = byType(at(attributes.get(p.ELEM.EXPR), p.EXPR.DATA) ?? Buffer.alloc(0));
  const packets = counter.get(p.COUNTER.PACKETS);
  const octets = counter.get(p.COUNTER.BYTES);
  return packets && octets ? { ...element, packets: u64(packets), bytes: u64(octets) } : element;
}

/** The element that lies at `offset` of a NEWSETELEM or DELSETELEM message: what an extended ACK points at. */
export function elementAt(message: Buffer, offset: number): Prefix | undefined {
  for (const list of walk(message, PREAMBLE)) {
    if (list.type !== p.ELEMS.ELEMENTS) continue;
    const inside = offset - list.offset - 4;
    for (const element of walk(list.payload)) {
      if (inside < element.offset || inside >= element.offset + 4 + element.payload.length) continue;
      const key = at(element.payload, p.ELEM.KEY, p.DATA.VALUE);
      return key && Prefix.fromBytes(key);
    }
  }
  return undefined;
}

/** `NFTA_SET_COUNT`, where the kernel has it. */
export const countOf = (set: ReadonlyMap<number, Buffer>): number | undefined => {
  const count = set.get(p.SET.COUNT);
  return count && u32(count);
};
