import { setImmediate } from 'node:timers/promises';
import type { Found } from '../../bpf/records.js';
import type { Pending } from '../../bpf/tallies.js';
import { readScopeTally, readTallies, sum } from '../../bpf/tallies.js';
import type { Clock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import type { Counters, Element } from '../../model/street.js';
import type { Generation } from './generation.js';
import { OBSERVE_ALL, scopeOf } from './numbers.js';

/** Slots, or keys, between two looks at the event loop. */
const AT_ONCE = 8192;

/** All elements, part by part. */
export async function* allElements(generation: Generation, clock: Clock): AsyncGenerator<Element> {
  const release = generation.hold();
  try {
    const pending = pendingOf(generation);
    for (const part of generation.tables.walk(AT_ONCE)) {
      const now = clock();
      for (const found of part) yield elementOf(generation, found, now, pending);
      await setImmediate();
    }
  } finally {
    release();
  }
}

/** The elements of these prefixes, in order. */
export async function elementsOf(
  generation: Generation,
  prefixes: readonly Prefix[],
  clock: Clock,
): Promise<readonly (Element | undefined)[]> {
  const release = generation.hold();
  try {
    const pending = pendingOf(generation);
    const elements: (Element | undefined)[] = [];
    for (let start = 0; start < prefixes.length; start += AT_ONCE) {
      const now = clock();
      for (const found of generation.tables.find(prefixes.slice(start, start + AT_ONCE))) {
        elements.push(found && elementOf(generation, found, now, pending));
      }
      await setImmediate();
    }
    return elements;
  } finally {
    release();
  }
}

/** Totals of all packets, and of each scope. */
export function countersOf({ program, tables, scopes }: Generation): Counters {
  const { banned, observed } = readTallies(program.maps).verdicts;
  const bare = readScopeTally(program.maps, 0);
  const byScope = [...scopes.all].map(([number, { text }]) => [text, readScopeTally(program.maps, number)] as const);
  return {
    elements: tables.state.held,
    ...sum([banned]),
    observed,
    scopes: new Map(bare.packets > 0 ? [[OBSERVE_ALL.text, bare], ...byScope] : byScope),
  };
}

/** By slot: what CPUs have counted and not added yet. */
type PendingBySlot = ReadonlyMap<number, readonly Pending[]>;

/** Undefined where elements are not counted. */
function pendingOf({ program, tables }: Generation): PendingBySlot | undefined {
  if (tables.state.counting === 0) return undefined;
  const bySlot = new Map<number, Pending[]>();
  for (const pending of readTallies(program.maps).pending) {
    bySlot.set(pending.slot, [...(bySlot.get(pending.slot) ?? []), pending]);
  }
  return bySlot;
}

function elementOf(generation: Generation, found: Found, now: number, pending: PendingBySlot | undefined): Element {
  const until = found.left === Number.POSITIVE_INFINITY ? null : Math.round(now + found.left);
  const element = { prefix: found.prefix, until, ...scopeOf(generation, found) };
  if (!pending) return element;
  const own = (pending.get(found.slot) ?? []).filter(({ tag }) => tag === found.tag);
  return {
    ...element,
    packets: own.reduce((sum, { packets }) => sum + packets, found.packets),
    bytes: own.reduce((sum, { bytes }) => sum + bytes, found.bytes),
  };
}
