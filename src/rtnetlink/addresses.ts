import { byType } from '../netlink/attributes.js';
import { Connection } from '../netlink/connection.js';
import { NETLINK_ROUTE } from '../netlink/protocol.js';
import { dumpAll } from './dump.js';
import * as p from './protocol.js';

/**
 * All addresses of this network namespace's interfaces, loopback's included, as 4 or 16 bytes of network order. Of a point-to-point link our
 * own end (man 7 rtnetlink).
 *
 * @throws NetlinkError
 */
export async function listAddresses(): Promise<Buffer[]> {
  const connection = Connection.open(NETLINK_ROUTE);
  try {
    const header = new Array<number>(p.IFADDRMSG).fill(0);
    return await dumpAll(connection, { operation: 'addresses', type: p.RTM_GETADDR, header }, ({ type, payload }) =>
      type === p.RTM_NEWADDR ? addressOf(payload) : undefined,
    );
  } finally {
    connection.close();
  }
}

/** @param payload of RTM_NEWADDR: struct ifaddrmsg and attributes. IFA_LOCAL is IPv4's alone, but for tunnels. */
export function addressOf(payload: Buffer): Buffer | undefined {
  if (payload.length < p.IFADDRMSG) return undefined;
  const attributes = byType(payload, p.IFADDRMSG);
  const address = attributes.get(p.IFA.LOCAL) ?? attributes.get(p.IFA.ADDRESS);
  return address && (address.length === 4 || address.length === 16) ? Buffer.from(address) : undefined;
}
