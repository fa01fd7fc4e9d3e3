import { Prefix } from '../../model/prefix.js';
import type { Scope } from '../../model/scope.js';
import type { Element } from '../../model/street.js';
import { at, byType, u32, u64, walk } from '../../netlink/attributes.js';
import * as p from './protocol.js';
import { PREAMBLE } from './transaction.js';

/** The scope of a number; undefined where none has it: then nothing is dropped, and nothing is told. */
export type ScopeOf = (number: number) => Scope | undefined;

/** The elements of one NEWSETELEM message, which answers a dump or a look-up. `payload` begins behind the header. */
export function* decodeElements(payload: Buffer, now: number, scopeOf: ScopeOf = () => undefined): Generator<Element> {
  for (const { key, length, element } of keysIn(payload)) {
    const number = numberIn(element);
    const scope = number === undefined ? undefined : scopeOf(number);
    if (number === undefined || scope) yield decodeElement(Prefix.fromBytes(key, length), element, now, scope);
  }
}

/** The prefixes of the elements of such a message. */
export function* prefixesIn(payload: Buffer): Generator<Prefix> {
  for (const { key, length } of keysIn(payload)) yield Prefix.fromBytes(key, length);
}

/** The numbers that elements of one such message lead to, by their prefixes' texts: of maps. */
export function* decodeNumbers(payload: Buffer): Generator<readonly [text: string, number: number]> {
  for (const { key, length, element } of keysIn(payload)) {
    const number = numberIn(element);
    if (number !== undefined) yield [Prefix.fromBytes(key, length).text, number];
  }
}

function* keysIn(payload: Buffer) {
  const attributes = byType(payload, p.NFGENMSG);
  const name = attributes.get(p.ELEMS.SET);
  const length = name && lengthIn(name.toString('latin1', 0, name.length - 1));
  for (const { payload: bytes } of walk(attributes.get(p.ELEMS.ELEMENTS) ?? Buffer.alloc(0))) {
    const element = byType(bytes);
    const key = at(element.get(p.ELEM.KEY), p.DATA.VALUE);
    if (key) yield { key, length, element };
  }
}

const numberIn = (element: ReadonlyMap<number, Buffer>): number | undefined =>
  at(element.get(p.ELEM.DATA), p.DATA.VALUE)?.readUInt32LE(0);

/** The prefix length that a set's name tells; undefined means that of its keys. */
function lengthIn(name: string): number | undefined {
  const underscore = name.indexOf('_');
  return underscore < 0 ? undefined : Number(name.slice(underscore + 1));
}

function decodeElement(
  prefix: Prefix,
  attributes: ReadonlyMap<number, Buffer>,
  now: number,
  scope: Scope | undefined,
): Element {
  const left = attributes.get(p.ELEM.EXPIRATION);
  const element = { prefix, until: left ? now + u64(left) : null, ...(scope && { scope }) };
  // The kernel counts who looks up: of single ports that is not who was dropped.
  if (scope && scope.ports.length > 0) return element;
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
