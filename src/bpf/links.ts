import type { Descriptor } from '../native.js';
import { BpfError, call } from './failure.js';

/** By the driver, before a packet has a buffer; or behind it, with any driver, at the cost of the buffer. */
export type AttachMode = 'native' | 'generic';

/** XDP_FLAGS_SKB_MODE and XDP_FLAGS_DRV_MODE of linux/if_link.h. */
const FLAGS = { generic: 2, native: 4 } as const;

/** A program on an interface's XDP hook, as long as somebody holds or pins the link. */
export function attach(program: Descriptor, ifindex: number, mode: AttachMode): Descriptor {
  return call(`attaching in ${mode} mode`, (native) => native.attach(program, ifindex, FLAGS[mode]));
}

/** errno.h: what a driver without native XDP, or with a feature in its way, answers. */
const NOT_NATIVE = new Set([95 /* EOPNOTSUPP */, 22 /* EINVAL */, 34 /* ERANGE */, 12 /* ENOMEM */]);

export interface Attached {
  readonly link: Descriptor;
  readonly mode: AttachMode;
  /** What kept it from native mode. */
  readonly reason?: BpfError;
}

/** Native if the driver can, else generic. @throws BpfError */
export function attachBest(program: Descriptor, ifindex: number): Attached {
  try {
    return { link: attach(program, ifindex, 'native'), mode: 'native' };
  } catch (thrown) {
    if (!(thrown instanceof BpfError) || !NOT_NATIVE.has(thrown.errno)) throw thrown;
    return { link: attach(program, ifindex, 'generic'), mode: 'generic', reason: thrown };
  }
}

/** Puts another program in place of a link's, between two packets. @throws BpfError */
export const updateLink = (link: Descriptor, program: Descriptor): void =>
  call('replacing the program', (native) => native.updateLink(link, program));

/**
 * Takes the program off the interface at once: when the last pin and descriptor go, the kernel takes its time.
 *
 * @throws BpfError
 */
export const detachLink = (link: Descriptor): void => call('detaching', (native) => native.detachLink(link));
