import { isKernelAtLeast } from '../model/kernel.js';
import { DRIVERS } from './drivers.js';
import type { Interface, Machine } from './facts.js';

/** What stands between an interface and native XDP. */
export interface Obstacle {
  /** What is so, as a part of a sentence. */
  readonly what: string;
  /** Commands that take it away; none where this machine cannot. */
  readonly steps: readonly string[];
  /** Whether taking it away costs something else, or is not in this machine's power: nftables is right then. */
  readonly grave: boolean;
  /** Whether the driver denies having native XDP while it is so. */
  readonly hides?: true;
}

/** Every known obstacle, each with its way out. */
export function obstaclesOf(facts: Interface, machine: Machine): Obstacle[] {
  return [
    hostOffloads(facts),
    mtu(facts),
    ...mergers(facts),
    halfOfQueues(facts),
    spareQueues(facts, machine),
    program(facts),
  ].filter((obstacle) => obstacle !== undefined);
}

/** linux/virtio_net.h: CSUM, TSO4, TSO6, ECN, UFO, USO4, USO6, all of the guest's. */
const GUEST_OFFLOADS = [1, 7, 8, 9, 10, 54, 55];
const CTRL_GUEST_OFFLOADS = 2;

/** virtnet_xdp_set(): "Can't set XDP while host is implementing GRO_HW/CSUM". With the control the driver turns them off itself. */
function hostOffloads({ driver, virtio }: Interface): Obstacle | undefined {
  if (driver !== 'virtio_net' || virtio.has(CTRL_GUEST_OFFLOADS)) return undefined;
  if (!GUEST_OFFLOADS.some((bit) => virtio.has(bit))) return undefined;
  const what =
    'virtio_net refuses native XDP, because the host hands over merged packets or unfinished checksums and offers no ' +
    'CTRL_GUEST_OFFLOADS to turn that off: only the hypervisor can be set up otherwise';
  return { what, steps: [], grave: true };
}

function mtu({ link, driver = '', features }: Interface): Obstacle | undefined {
  const most = DRIVERS.get(driver)?.mtu;
  if (most === undefined || link.mtu <= most || features?.frags) return undefined;
  const what = `native XDP of ${driver} takes an MTU of ${most} at most, and it is ${link.mtu}`;
  return { what, steps: [`ip link set dev ${link.name} mtu ${most}`], grave: true };
}

/** Packets that the hardware has merged do not fit the buffer that a program sees. */
function mergers({ link, driver = '', setup }: Interface): Obstacle[] {
  return Object.entries(DRIVERS.get(driver)?.off ?? {})
    .filter(([, feature]) => setup.active?.has(feature))
    .map(([option]) => ({
      what: `${driver} refuses native XDP while ${option} is on`,
      steps: [`ethtool -K ${link.name} ${option} off`],
      grave: false,
      hides: true,
    }));
}

/** ena_xdp_legal_queue_count(). */
function halfOfQueues({ link, driver = '', setup: { queues } }: Interface): Obstacle | undefined {
  if (!DRIVERS.get(driver)?.halfOfQueues || !queues || 2 * queues.now <= queues.most) return undefined;
  const half = Math.floor(queues.most / 2);
  const what = `${driver} wants half of its ${queues.most} queues free for native XDP, and ${queues.now} are in use`;
  if (half === 0) return { what, steps: [], grave: true, hides: true };
  return { what, steps: [`ethtool -L ${link.name} combined ${half}`], grave: false, hides: true };
}

/** Before 5.13 virtio_net wanted a queue more for each processor, also of programs that send nothing. */
function spareQueues({ link, driver, setup: { queues } }: Interface, machine: Machine): Obstacle | undefined {
  if (driver !== 'virtio_net' || !queues || isKernelAtLeast(machine.kernel, 5, 13)) return undefined;
  const left = queues.most - machine.processors;
  if (queues.now <= left) return undefined;
  const what = `before kernel 5.13 virtio_net wants ${machine.processors} queues to spare, and has ${queues.most} in all`;
  if (left < 1) return { what: `${what}: give it more in the hypervisor`, steps: [], grave: true };
  return { what, steps: [`ethtool -L ${link.name} combined ${left}`], grave: false };
}

/** As native/bpf/drop.bpf.c calls it: dropset replaces it itself. */
const OURS = 'dropset';

function program({ link: { xdp }, program: name }: Interface): Obstacle | undefined {
  if (!xdp || name === OURS) return undefined;
  const which = name ? `'${name}' (id ${xdp.program}, ${xdp.mode})` : `${xdp.program} (${xdp.mode})`;
  const unless = name ? 'it must go first' : "unless it is dropset's own it must go first";
  return {
    what: `XDP program ${which} is attached, and ${unless}`,
    steps: [`bpftool prog show id ${xdp.program}`],
    grave: false,
  };
}
