import { isKernelAtLeast } from '../model/kernel.js';
import { DRIVERS } from './drivers.js';
import { type Interface, isGuest, type Machine } from './facts.js';
import { type Obstacle, obstaclesOf } from './obstacles.js';

/** What is right for one interface. */
export interface Verdict {
  /** `below`: packets come in by others first; `none`: nothing is to be done here. */
  readonly right: 'native' | 'nftables' | 'below' | 'none';
  /** One sentence or two; one word where nothing is to be done. */
  readonly why: string;
  /** Commands that make native XDP possible here, in their order. */
  readonly steps: readonly string[];
}

const BUFFER = 'generic XDP runs behind the packet buffer (skb) and is no faster than nftables';

/** @param isEntrance whether packets from outside come in by it. */
export function verdictOf(facts: Interface, machine: Machine, isEntrance: boolean): Verdict {
  return withoutHardware(facts, isEntrance) ?? ofDriver(facts, machine);
}

const says = (right: Verdict['right'], why: string, steps: readonly string[] = []): Verdict => ({ right, why, steps });

function withoutHardware({ link, below, above }: Interface, isEntrance: boolean): Verdict | undefined {
  if (link.loopback) return says('none', 'loopback');
  if (!link.ethernet) return says('none', 'tunnel');
  if (below.length > 0) return says('below', `packets come in by ${below.join(', ')}: they are dropped there`);
  // netvsc.rst: a program set on the device above is passed on, and one set here may be overwritten.
  if (above?.driver === 'hv_netvsc')
    return says('none', `belongs to ${above.name}, which passes its XDP program on to it`);
  if ((isGuest(link) || link.kind === 'bridge') && !isEntrance)
    return says('none', 'leads to containers or guests: packets from outside are better dropped where they come in');
  return undefined;
}

function ofDriver(facts: Interface, machine: Machine): Verdict {
  if (!isKernelAtLeast(machine.kernel, 5, 9))
    return says('nftables', `kernel ${machine.kernel} has no XDP links: they came with 5.9`);
  const obstacles = obstaclesOf(facts, machine);
  if (!hasNative(facts, machine, obstacles)) return says('nftables', `${lack(facts)}, and ${BUFFER}`);
  const steps = obstacles.flatMap((obstacle) => obstacle.steps);
  const what = obstacles.map((obstacle) => obstacle.what).join('; ');
  if (obstacles.some(({ grave }) => grave)) return says('nftables', `${what}; ${BUFFER}`, steps);
  const good = 'its driver drops packets before a buffer is built for them';
  return says('native', obstacles.length === 0 ? good : `${good}, but first: ${what}`, steps);
}

/** A driver says that it has no native XDP also where only its setup is in the way: an obstacle that is known explains it. */
function hasNative({ features, driver = '' }: Interface, { kernel }: Machine, obstacles: readonly Obstacle[]): boolean {
  const known = DRIVERS.get(driver);
  if (features) return features.basic || obstacles.some(({ hides }) => hides);
  return known !== undefined && isKernelAtLeast(kernel, ...known.since);
}

function lack({ features, driver, link }: Interface): string {
  if (!features)
    return `this kernel does not say whether ${driver ?? 'its driver'} has native XDP, and it is not known to`;
  if (link.kind === 'veth')
    return 'its other end is gone or sends by more queues than it receives by, so it has no native XDP';
  return `${driver ?? 'its driver'} has no native XDP`;
}
