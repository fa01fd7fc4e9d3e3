import { byType } from '../netlink/attributes.js';
import { Connection } from '../netlink/connection.js';
import { NETLINK_ROUTE } from '../netlink/protocol.js';
import { dumpAll } from './dump.js';
import * as p from './protocol.js';
import { hopsOf, isDefault } from './routes.js';

/**
 * The routers that default routes of the main table lead through, every next hop of multipath routes included, as 4 or 16 bytes of network
 * order; an address may be there twice. Routes without a router, as of point-to-point links, have none.
 *
 * @throws NetlinkError
 */
export async function defaultGateways(): Promise<Buffer[]> {
  const connection = Connection.open(NETLINK_ROUTE);
  try {
    const header = new Array<number>(p.RTMSG).fill(0);
    const found = await dumpAll(
      connection,
      { operation: 'routes', type: p.RTM_GETROUTE, header },
      ({ type, payload }) => (type === p.RTM_NEWROUTE && isDefault(payload) ? gatewaysOf(payload) : undefined),
    );
    return found.flat();
  } finally {
    connection.close();
  }
}

/** @param payload of RTM_NEWROUTE: struct rtmsg and attributes. */
export function gatewaysOf(payload: Buffer): Buffer[] {
  const attributes = byType(payload, p.RTMSG);
  const several = attributes.get(p.RTA.MULTIPATH);
  const hops = several ? [...hopsOf(several)].map((hop) => byType(hop, p.RTNEXTHOP)) : [];
  return [attributes, ...hops].flatMap((one) => routerOf(one) ?? []);
}

/** RTA_VIA is a router of the other family: IPv4 by way of IPv6 (RFC 5549). */
function routerOf(attributes: ReadonlyMap<number, Buffer>): Buffer | undefined {
  const address = attributes.get(p.RTA.GATEWAY) ?? attributes.get(p.RTA.VIA)?.subarray(p.RTVIA);
  return address && (address.length === 4 || address.length === 16) ? Buffer.from(address) : undefined;
}
