import { at, byType, text, walk } from '../netlink/attributes.js';
import { Connection } from '../netlink/connection.js';
import { Encoder } from '../netlink/encoder.js';
import { hostU32 } from '../netlink/host.js';
import type { Message } from '../netlink/messages.js';
import { NETLINK_GENERIC, NLM_F_REQUEST } from '../netlink/protocol.js';
import { familyId, genericHeader } from './family.js';
import * as p from './protocol.js';

/** How an interface's driver is set up, as far as it tells. */
export interface DriverSetup {
  /** Features that are on, by the kernel's names: `rx-lro`, `rx-gro-hw`. Absent where they cannot be read. */
  readonly active?: ReadonlySet<string>;
  /** Receive queues, in use and at most; absent where the driver has no say. */
  readonly queues?: { readonly now: number; readonly most: number };
}

/**
 * The setup of each of these interfaces, in that order; empty for one that is gone, and for all before kernel 5.6, which has no
 * generic netlink family `ethtool` (ethtool-netlink(7); Documentation/networking/ethtool-netlink.rst).
 *
 * @throws NetlinkError
 */
export async function driverSetups(names: readonly string[]): Promise<DriverSetup[]> {
  const connection = Connection.open(NETLINK_GENERIC);
  try {
    const family = await familyId(connection, 'ethtool');
    if (family === undefined) return names.map(() => ({}));
    const setups: DriverSetup[] = [];
    for (const name of names) setups.push(await setupOf(connection, family, name));
    return setups;
  } finally {
    connection.close();
  }
}

async function setupOf(connection: Connection, family: number, name: string): Promise<DriverSetup> {
  const features = await ask(connection, family, p.ETHTOOL_MSG_FEATURES_GET, name);
  const channels = await ask(connection, family, p.ETHTOOL_MSG_CHANNELS_GET, name);
  const queues = channels && queuesOf(channels.payload);
  return { ...(features && { active: activeOf(features.payload) }), ...(queues && { queues }) };
}

/** Undefined where the kernel refuses: the interface is gone, or its driver has nothing to say (EOPNOTSUPP). */
async function ask(
  connection: Connection,
  family: number,
  command: number,
  name: string,
): Promise<Message | undefined> {
  const encoder = new Encoder(128);
  encoder.message(family, NLM_F_REQUEST, connection.nextSequence()).raw(...genericHeader(command));
  encoder.nested(p.ETHTOOL_A_HEADER, () => encoder.string(p.ETHTOOL_A_HEADER_DEV_NAME, name)).endMessage();
  const { answers, failure } = await connection.ask(`ethtool ${name}`, encoder.bytes);
  return failure ? undefined : answers.find(({ type }) => type === family);
}

/** A bitset without a mask names the bits that are set, and no others. */
export function activeOf(payload: Buffer): ReadonlySet<string> {
  const bits = at(payload.subarray(p.GENLMSGHDR), p.ETHTOOL_A_FEATURES_ACTIVE, p.ETHTOOL_A_BITSET_BITS);
  const names = new Set<string>();
  for (const bit of bits ? walk(bits) : []) {
    const name = at(bit.payload, p.ETHTOOL_A_BITSET_BIT_NAME);
    if (name) names.add(text(name));
  }
  return names;
}

/** Queues that receive: combined ones, and those that do nothing else. */
export function queuesOf(payload: Buffer): DriverSetup['queues'] {
  const attributes = byType(payload, p.GENLMSGHDR);
  const sum = (...types: readonly number[]): number =>
    types.reduce((total, type) => total + (hostU32(attributes.get(type)) ?? 0), 0);
  const now = sum(p.ETHTOOL_A_CHANNELS.COMBINED_COUNT, p.ETHTOOL_A_CHANNELS.RX_COUNT);
  const most = sum(p.ETHTOOL_A_CHANNELS.COMBINED_MAX, p.ETHTOOL_A_CHANNELS.RX_MAX);
  return now > 0 && most > 0 ? { now, most } : undefined;
}
