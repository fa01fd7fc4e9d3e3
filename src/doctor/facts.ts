import type { DriverSetup } from '../rtnetlink/ethtool.js';
import type { XdpFeatures } from '../rtnetlink/features.js';
import type { Link } from '../rtnetlink/links.js';

/** What is so of the machine, whatever the interface. */
export interface Machine {
  /** `uname -r`. */
  readonly kernel: string;
  /** Processors that are online. */
  readonly processors: number;
  /** Of CAP_NET_ADMIN and CAP_BPF, those that this process has not. */
  readonly lacking: readonly string[];
  /** Whether a bpffs is mounted at /sys/fs/bpf in this mount namespace. */
  readonly bpffs: boolean;
  /** Kernel lockdown: `none`, `integrity`, `confidentiality`; undefined where the kernel has none. */
  readonly lockdown: string | undefined;
  /** Whether the XDP program was built. */
  readonly object: boolean;
  readonly nftables: 'present' | 'absent' | 'unknown';
}

/** Whether it is of a kind whose packets come from a guest: a container, another namespace, a virtual machine. */
export const isGuest = ({ kind }: Link): boolean => kind === 'veth' || kind === 'tun';

/** What is so of one interface. */
export interface Interface {
  readonly link: Link;
  /** The name of the XDP program that is attached, where the kernel tells us. */
  readonly program: string | undefined;
  /** The driver's name, of what is no hardware the kind's; undefined where neither is told. */
  readonly driver: string | undefined;
  /** Undefined where the kernel does not tell. */
  readonly features: XdpFeatures | undefined;
  readonly setup: DriverSetup;
  /** Feature bits that a virtio device and its driver agreed on; empty for others. */
  readonly virtio: ReadonlySet<number>;
  /** Whether a default route leaves by it. */
  readonly route: boolean;
  /** Names of what packets from outside come in by first: a bridge's ports but guests', a bond's members, what a VLAN stands on. */
  readonly below: readonly string[];
  /** The bridge, bond or other interface that it belongs to. */
  readonly above: { readonly name: string; readonly driver: string | undefined } | undefined;
}
