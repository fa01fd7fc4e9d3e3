import type { Counters, Traffic } from '../../model/street.js';
import { at, text, u64 } from '../../netlink/attributes.js';
import type { Connection } from '../../netlink/connection.js';
import { type Attributes, list } from './listing.js';
import * as p from './protocol.js';
import { scopeNamed } from './scope-chains.js';
import { dropCounter, observeCounter } from './sets.js';

const NONE: Traffic = { packets: 0, bytes: 0 };

const sum = (one: Traffic, other: Traffic): Traffic => ({
  packets: one.packets + other.packets,
  bytes: one.bytes + other.bytes,
});

/** What the table's counters say: dropped in all, observed in all, and by scope. @throws NetlinkError */
export async function readTraffic(connection: Connection, table: string): Promise<Omit<Counters, 'elements'>> {
  let dropped = NONE;
  let observed: Traffic | undefined;
  const scopes = new Map<string, Traffic>();
  for (const object of await list(connection, p.GETOBJ, table)) {
    const name = text(object.get(p.OBJ.NAME) ?? Buffer.alloc(1));
    const traffic = trafficOf(object);
    if (DROPPED.includes(name)) dropped = sum(dropped, traffic);
    else if (OBSERVED.includes(name)) observed = sum(observed ?? NONE, traffic);
    else {
      const scope = scopeNamed(name);
      if (scope) scopes.set(scope.text, traffic);
    }
  }
  return { ...dropped, ...(observed && { observed }), ...(scopes.size > 0 && { scopes }) };
}

const DROPPED = [dropCounter(4), dropCounter(6)];
const OBSERVED = [observeCounter(4), observeCounter(6)];

function trafficOf(object: Attributes): Traffic {
  const packets = at(object.get(p.OBJ.DATA), p.COUNTER.PACKETS);
  const bytes = at(object.get(p.OBJ.DATA), p.COUNTER.BYTES);
  return { packets: packets ? u64(packets) : 0, bytes: bytes ? u64(bytes) : 0 };
}
