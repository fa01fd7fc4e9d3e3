import type { Interface, Machine } from '../src/doctor/facts.js';
import type { XdpFeatures } from '../src/rtnetlink/features.js';
import type { Link } from '../src/rtnetlink/links.js';

/** A machine that lacks nothing. */
export const MACHINE: Machine = {
  kernel: '6.18.0',
  processors: 4,
  lacking: [],
  bpffs: true,
  lockdown: undefined,
  object: true,
  nftables: 'present',
};

export const NO_FEATURES: XdpFeatures = {
  basic: false,
  redirect: false,
  transmit: false,
  zerocopy: false,
  offload: false,
  frags: false,
};
export const NATIVE: XdpFeatures = { ...NO_FEATURES, basic: true, redirect: true };

/** Hardware that is up, with what is told of it. */
export const interfaceOf = (driver: string, facts: Partial<Interface> = {}, link: Partial<Link> = {}): Interface => ({
  link: { index: 2, name: 'eth0', ethernet: true, loopback: false, up: true, mtu: 1500, ...link },
  program: undefined,
  driver,
  features: NATIVE,
  setup: {},
  virtio: new Set(),
  route: false,
  below: [],
  above: undefined,
  ...facts,
});
