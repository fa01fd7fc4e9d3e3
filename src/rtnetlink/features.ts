import { byType } from '../netlink/attributes.js';
import { Connection } from '../netlink/connection.js';
import { hostU32, hostU64 } from '../netlink/host.js';
import { NETLINK_GENERIC } from '../netlink/protocol.js';
import { dumpAll } from './dump.js';
import { familyId, genericHeader } from './family.js';
import * as p from './protocol.js';

/** What a driver can do with XDP as it is set up now (enum netdev_xdp_act): LRO or too many queues may take all of it away. */
export interface XdpFeatures {
  /** Native mode: XDP_DROP, XDP_PASS, XDP_TX, XDP_ABORTED. */
  readonly basic: boolean;
  readonly redirect: boolean;
  /** Frames that others redirect may leave by it. */
  readonly transmit: boolean;
  /** AF_XDP without copying. */
  readonly zerocopy: boolean;
  readonly offload: boolean;
  /** Packets of several buffers, for programs that declare `xdp.frags`: no limit to the MTU then. */
  readonly frags: boolean;
}

/**
 * What every interface of this network namespace can do with XDP, by ifindex. Undefined where the kernel does not tell: before
 * 6.3 it has no generic netlink family `netdev`.
 *
 * @throws NetlinkError
 */
export async function xdpFeatures(): Promise<ReadonlyMap<number, XdpFeatures> | undefined> {
  const connection = Connection.open(NETLINK_GENERIC);
  try {
    const type = await familyId(connection, 'netdev');
    if (type === undefined) return undefined;
    const header = genericHeader(p.NETDEV_CMD_DEV_GET);
    return new Map(
      await dumpAll(connection, { operation: 'XDP features', type, header }, ({ payload }) => decodeFeatures(payload)),
    );
  } finally {
    connection.close();
  }
}

/** @param payload of NETDEV_CMD_DEV_GET's answer: struct genlmsghdr and attributes. Undefined where it is cut short. */
export function decodeFeatures(payload: Buffer): [index: number, features: XdpFeatures] | undefined {
  const attributes = byType(payload, p.GENLMSGHDR);
  const index = hostU32(attributes.get(p.NETDEV_A_DEV.IFINDEX));
  const bits = hostU64(attributes.get(p.NETDEV_A_DEV.XDP_FEATURES));
  if (index === undefined || bits === undefined) return undefined;
  const has = (bit: bigint): boolean => (bits & bit) !== 0n;
  return [
    index,
    {
      basic: has(p.NETDEV_XDP_ACT.BASIC),
      redirect: has(p.NETDEV_XDP_ACT.REDIRECT),
      transmit: has(p.NETDEV_XDP_ACT.NDO_XMIT),
      zerocopy: has(p.NETDEV_XDP_ACT.XSK_ZEROCOPY),
      offload: has(p.NETDEV_XDP_ACT.HW_OFFLOAD),
      frags: has(p.NETDEV_XDP_ACT.RX_SG),
    },
  ];
}
