import { BpfError } from '../../bpf/failure.js';
import { type Attached, type AttachMode, attach, attachBest } from '../../bpf/links.js';
import { programNamed } from '../../bpf/pins.js';
import type { Descriptor } from '../../bpf/program.js';
import { DropsetError } from '../../model/errors.js';
import type { Link } from '../../rtnetlink/links.js';
import type { XdpOptions } from './options.js';

/** errno.h, those that mean something of their own here. */
const EBUSY = 16;
const EEXIST = 17;
const EINVAL = 22;
const ERANGE = 34;
const EOPNOTSUPP = 95;

/** The program on an interface, in the mode that the configuration wants. @throws DropsetError */
export function attachTo(link: Link, program: Descriptor, mode: XdpOptions['mode']): Attached {
  try {
    if (mode === 'auto') return attachBest(program, link.index);
    return { link: attach(program, link.index, mode), mode };
  } catch (thrown) {
    if (!(thrown instanceof BpfError)) throw thrown;
    throw new DropsetError('interface', sentence(thrown, link, mode), { cause: thrown });
  }
}

/** Said where native mode was hoped for. */
export const genericNote = ({ name }: Link, reason: BpfError): string =>
  `${name}: ${reason.message}; attached in generic mode, which runs after a packet's buffer was built and is no faster than nftables: 'dropset doctor ${name}' says what would help`;

function sentence(failure: BpfError, link: Link, mode: XdpOptions['mode']): string {
  const { name, mtu } = link;
  // EEXIST: it is in the other mode, and an interface has no programs in both.
  if (failure.errno === EBUSY || failure.errno === EEXIST) {
    return `${name} already has ${programOn(link)}: detach it (ip link set dev ${name} xdp off, or its own tool), or leave ${name} out of interfaces in [backend]`;
  }
  if (mode === 'native' && [EOPNOTSUPP, EINVAL, ERANGE].includes(failure.errno)) {
    return `${name} takes no program in native mode (${failure.message}; its MTU is ${mtu}): 'dropset doctor ${name}' says why; mode = "auto" falls back to generic, and kind = "nftables" is as fast as that`;
  }
  return `${name}: ${failure.message}; 'dropset doctor ${name}' says more`;
}

function programOn({ xdp }: Link): string {
  if (!xdp) return 'an XDP program';
  const program = programNamed(xdp.program);
  return `the XDP program ${program?.name ? `'${program.name}' ` : ''}(id ${xdp.program}, ${xdp.mode} mode)`;
}

/** How a link that an earlier run attached works, as the interface tells; native where it tells nothing. */
export const modeOf = ({ xdp }: Link): AttachMode => (xdp?.mode === 'generic' ? 'generic' : 'native');
