import { at, byType, text } from '../netlink/attributes.js';
import { Connection } from '../netlink/connection.js';
import { hostI32, hostU8, hostU32 } from '../netlink/host.js';
import { NETLINK_ROUTE } from '../netlink/protocol.js';
import { dumpAll } from './dump.js';
import * as p from './protocol.js';

/** How an XDP program is attached: by the driver, behind it on packet buffers, in the hardware, or several of these at once. */
export type XdpMode = 'native' | 'generic' | 'offload' | 'multi';

export interface AttachedProgram {
  readonly mode: XdpMode;
  /** The kernel's id of the program (`bpftool prog show id N`). Of several, the one that sees a packet first. */
  readonly program: number;
}

/** One network interface of this network namespace (man 7 rtnetlink, linux/if_link.h). */
export interface Link {
  /** The kernel's ifindex: stays when the interface is renamed, and is not used again soon. */
  readonly index: number;
  readonly name: string;
  /** IFLA_INFO_KIND: `veth`, `bridge`, `bond`, `tun`; absent for hardware and loopback. */
  readonly kind?: string;
  /** Whether its frames have an Ethernet header. Loopback's have too, and its type is another. */
  readonly ethernet: boolean;
  readonly loopback: boolean;
  /** Whether it was set up (IFF_UP), with a cable in it or not. */
  readonly up: boolean;
  readonly mtu: number;
  /** IFLA_LINK: the other end of a veth, or what a VLAN or macvlan stands on; with `namespace`, in another network namespace. */
  readonly linked?: { readonly index: number; readonly namespace?: number };
  /** The bridge or bond it is a port of, and that one's kind where it tells. */
  readonly master?: { readonly index: number; readonly kind?: string };
  /** Where the hardware is: `virtio` and `virtio0`, `pci` and `0000:00:05.0`. From kernel 5.14. */
  readonly parent?: { readonly bus: string; readonly device: string };
  readonly xdp?: AttachedProgram;
}

/**
 * All interfaces of this network namespace, in order of their indexes.
 *
 * @throws NetlinkError
 */
export async function listLinks(): Promise<Link[]> {
  const connection = Connection.open(NETLINK_ROUTE);
  try {
    const header = new Array<number>(p.IFINFOMSG).fill(0);
    const links = await dumpAll(connection, { operation: 'links', type: p.RTM_GETLINK, header }, ({ type, payload }) =>
      type === p.RTM_NEWLINK ? decodeLink(payload) : undefined,
    );
    return links.sort((a, b) => a.index - b.index);
  } finally {
    connection.close();
  }
}

/**
 * What a message says of a link. Undefined for one that is cut short, and for those that a bridge sends of its ports
 * (family AF_BRIDGE): the port that "goes" there goes on as an interface.
 *
 * @param payload of RTM_NEWLINK or RTM_DELLINK: struct ifinfomsg and attributes.
 */
export function decodeLink(payload: Buffer): Link | undefined {
  if (payload.length < p.IFINFOMSG || payload[0] !== p.AF_UNSPEC) return undefined;
  const attributes = byType(payload, p.IFINFOMSG);
  const name = attributes.get(p.IFLA.IFNAME);
  if (name === undefined) return undefined;
  const flags = payload.readUInt32LE(8);
  return {
    index: payload.readInt32LE(4),
    name: text(name),
    ethernet: payload.readUInt16LE(2) === p.ARPHRD_ETHER,
    loopback: (flags & p.IFF_LOOPBACK) !== 0,
    up: (flags & p.IFF_UP) !== 0,
    mtu: hostU32(attributes.get(p.IFLA.MTU)) ?? 0,
    ...relations(attributes),
    ...attached(attributes.get(p.IFLA.XDP)),
  };
}

type Attributes = ReadonlyMap<number, Buffer>;

function relations(attributes: Attributes): Partial<Link> {
  const kind = at(attributes.get(p.IFLA.LINKINFO), p.IFLA_INFO.KIND);
  const bus = attributes.get(p.IFLA.PARENT_DEV_BUS_NAME);
  const device = attributes.get(p.IFLA.PARENT_DEV_NAME);
  return {
    ...(kind && { kind: text(kind) }),
    ...linkedOf(attributes),
    ...masterOf(attributes),
    ...(bus && device && { parent: { bus: text(bus), device: text(device) } }),
  };
}

/** Tunnels without an underlying device have 0. */
function linkedOf(attributes: Attributes): Pick<Link, 'linked'> {
  const index = hostU32(attributes.get(p.IFLA.LINK));
  const namespace = hostI32(attributes.get(p.IFLA.LINK_NETNSID));
  return index ? { linked: { index, ...(namespace !== undefined && { namespace }) } } : {};
}

function masterOf(attributes: Attributes): Pick<Link, 'master'> {
  const index = hostU32(attributes.get(p.IFLA.MASTER));
  const kind = at(attributes.get(p.IFLA.LINKINFO), p.IFLA_INFO.SLAVE_KIND);
  return index ? { master: { index, ...(kind && { kind: text(kind) }) } } : {};
}

const MODES: Readonly<Record<number, XdpMode>> = {
  [p.XDP_ATTACHED.DRV]: 'native',
  [p.XDP_ATTACHED.SKB]: 'generic',
  [p.XDP_ATTACHED.HW]: 'offload',
  [p.XDP_ATTACHED.MULTI]: 'multi',
};

/** IFLA_XDP_PROG_ID is absent where several are attached; packets meet the hardware's first, then the driver's. */
const IDS = [p.IFLA_XDP.PROG_ID, p.IFLA_XDP.HW_PROG_ID, p.IFLA_XDP.DRV_PROG_ID, p.IFLA_XDP.SKB_PROG_ID];

function attached(nest: Buffer | undefined): Pick<Link, 'xdp'> {
  if (nest === undefined) return {};
  const attributes = byType(nest);
  const mode = MODES[hostU8(attributes.get(p.IFLA_XDP.ATTACHED)) ?? 0];
  const program = IDS.map((id) => hostU32(attributes.get(id))).find((id) => id !== undefined);
  return mode && program !== undefined ? { xdp: { mode, program } } : {};
}
