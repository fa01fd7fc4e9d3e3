import { byType } from '../netlink/attributes.js';
import { Connection } from '../netlink/connection.js';
import { hostU32 } from '../netlink/host.js';
import { align, NETLINK_ROUTE } from '../netlink/protocol.js';
import { dumpAll } from './dump.js';
import * as p from './protocol.js';

/**
 * The indexes of the links that a default route of the main table leaves by, IPv4's and IPv6's, every next hop of multipath
 * routes included; ascending, each once. Blackhole, unreachable and prohibit leave by none. The kernel tells all routes, so this
 * takes as long as the tables are. Not seen: routes through nexthop objects where net.ipv4.nexthop_compat_mode is 0.
 *
 * @throws NetlinkError
 */
export async function defaultRouteLinks(): Promise<number[]> {
  const connection = Connection.open(NETLINK_ROUTE);
  try {
    const header = new Array<number>(p.RTMSG).fill(0);
    const routes = await dumpAll(
      connection,
      { operation: 'routes', type: p.RTM_GETROUTE, header },
      ({ type, payload }) => (type === p.RTM_NEWROUTE && isDefault(payload) ? linksOf(payload) : undefined),
    );
    return [...new Set(routes.flat())].sort((a, b) => a - b);
  } finally {
    connection.close();
  }
}

/**
 * Whether a route is one that packets leave by, by default. A dump of all families has those of multicast routing and MPLS too.
 *
 * @param payload of RTM_NEWROUTE or RTM_DELROUTE: struct rtmsg and attributes.
 */
export function isDefault(payload: Buffer): boolean {
  if (payload.length < p.RTMSG) return false;
  const [family, destination, , , table, , , type] = payload;
  const isInternet = family === p.AF_INET || family === p.AF_INET6;
  if (!isInternet || destination !== 0 || type !== p.RTN_UNICAST) return false;
  return (hostU32(byType(payload, p.RTMSG).get(p.RTA.TABLE)) ?? table) === p.RT_TABLE_MAIN;
}

/** @param payload of RTM_NEWROUTE: struct rtmsg and attributes. */
export function linksOf(payload: Buffer): number[] {
  const attributes = byType(payload, p.RTMSG);
  const single = hostU32(attributes.get(p.RTA.OIF));
  const several = attributes.get(p.RTA.MULTIPATH);
  return [...(single ? [single] : []), ...(several ? [...nextHops(several)] : [])];
}

/** The indexes that next hops leave by. */
function* nextHops(bytes: Buffer): Generator<number> {
  for (const hop of hopsOf(bytes)) yield hop.readUInt32LE(4);
}

/** Walks struct rtnexthop, each with its attributes; stops at the first that is cut short. */
export function* hopsOf(bytes: Buffer): Generator<Buffer> {
  for (let offset = 0; offset + p.RTNEXTHOP <= bytes.length; ) {
    const length = bytes.readUInt16LE(offset);
    if (length < p.RTNEXTHOP || offset + length > bytes.length) return;
    yield bytes.subarray(offset, offset + length);
    offset += align(length);
  }
}
