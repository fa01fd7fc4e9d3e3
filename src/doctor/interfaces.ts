import { programNamed } from '../bpf/pins.js';
import { driverSetups } from '../rtnetlink/ethtool.js';
import { xdpFeatures } from '../rtnetlink/features.js';
import { type Link, listLinks } from '../rtnetlink/links.js';
import { defaultRouteLinks } from '../rtnetlink/routes.js';
import { type Interface, isGuest } from './facts.js';
import { driverOf, virtioFeatures } from './hardware.js';

/** Kinds that hand on what came in by their ports or members. */
const MASTERS = new Set(['bridge', 'bond', 'team']);
/** Kinds that stand on one other interface. */
const UPPERS = new Set(['vlan', 'macvlan', 'macvtap', 'ipvlan', 'ipvtap']);

/**
 * All interfaces of this network namespace, in order of their indexes.
 *
 * @throws NetlinkError
 */
export async function interfaceFacts(): Promise<Interface[]> {
  const links = await listLinks();
  const [routes, features, setups] = await Promise.all([
    defaultRouteLinks(),
    xdpFeatures(),
    driverSetups(links.map(({ name }) => name)),
  ]);
  const named = (index: number): Link | undefined => links.find((link) => link.index === index);
  return links.map((link, at) => ({
    link,
    program: link.xdp && programNamed(link.xdp.program)?.name,
    driver: driver(link),
    features: features?.get(link.index),
    setup: setups[at] ?? {},
    virtio: virtioFeatures(link),
    route: routes.includes(link.index),
    below: belowOf(link, links),
    above: aboveOf(link.master && named(link.master.index)),
  }));
}

const driver = (link: Link): string | undefined => driverOf(link) ?? link.kind;

const aboveOf = (master: Link | undefined): Interface['above'] =>
  master && { name: master.name, driver: driver(master) };

function belowOf({ index, kind = '', linked }: Link, links: readonly Link[]): readonly string[] {
  const isBelow = (other: Link): boolean =>
    MASTERS.has(kind)
      ? other.master?.index === index && !isGuest(other)
      : UPPERS.has(kind) && linked?.namespace === undefined && linked?.index === other.index;
  return links.filter(isBelow).map(({ name }) => name);
}
