import { BpfError } from '../../bpf/failure.js';
import { RULES } from '../../bpf/scopes.js';
import type { TableState } from '../../bpf/tables.js';
import { DropsetError } from '../../model/errors.js';
import { Refusal } from '../../model/refusal.js';
import { NetlinkError } from '../../netlink/failure.js';

/** errno.h, those that mean something of their own here. */
const EPERM = 1;
const ENOMEM = 12;
const EACCES = 13;
const ENOSYS = 38;

/** The tables are as large as they may become. */
export const fullRefusal = ({ addresses, prefixes }: TableState): Refusal =>
  new Refusal(
    'element',
    `the set is full: it holds ${addresses} addresses and ${prefixes} prefixes of each family; raise size in [backend] and restart`,
  );

/** All numbers of rules are taken. */
export const scopesRefusal = (): Refusal =>
  new Refusal(
    'element',
    `more than ${RULES - 1} scopes cannot be told apart: have fewer different port = of jails, or ban all traffic`,
  );

/** There is no memory for larger tables: what is there goes on. */
export const growthRefusal = (thrown: unknown): Refusal =>
  new Refusal(
    'element',
    `the set is full, and the kernel has no memory for a larger one (${thrown instanceof Error ? thrown.message : thrown}); free some, or lower size in [backend]`,
    { cause: thrown },
  );

/** The trie of allowed prefixes cannot be changed: it is as it was. */
export const allowRefusal = (thrown: unknown): unknown =>
  thrown instanceof BpfError
    ? new Refusal('backend', `never-rules cannot be written: ${thrown.message}; have fewer of them in [never]`, {
        cause: thrown,
      })
    : thrown;

const isFileError = (thrown: unknown): thrown is NodeJS.ErrnoException =>
  thrown instanceof Error && 'syscall' in thrown && 'path' in thrown;

/** What kept us from opening, as a sentence with the way out. */
export function openingFailure(thrown: unknown): unknown {
  if (thrown instanceof NetlinkError) {
    return new DropsetError(
      'kernel',
      `interfaces cannot be listed (${thrown.message}): allow netlink sockets (RestrictAddressFamilies= of systemd has to have AF_NETLINK)`,
      { cause: thrown },
    );
  }
  if (isFileError(thrown)) {
    return new DropsetError(
      thrown.code === 'EACCES' || thrown.code === 'EPERM' ? 'permission' : 'kernel',
      `pinning: ${thrown.message}: run dropset as root, or set pins in [backend] to a folder of a BPF file system that the service may write`,
      { cause: thrown },
    );
  }
  if (!(thrown instanceof BpfError)) return thrown;
  const { errno, message, log } = thrown;
  const options = { cause: thrown };
  if (errno === EPERM || errno === EACCES) {
    return new DropsetError(
      'permission',
      `${message}: run dropset as root, or give the service AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON; if it has them, kernel lockdown or a security module forbids eBPF, and kind = "nftables" in [backend] is the way`,
      options,
    );
  }
  if (errno === ENOSYS) {
    return new DropsetError(
      'unsupported',
      `this kernel has no eBPF (${message}): set kind = "nftables" in [backend]`,
      options,
    );
  }
  if (errno === ENOMEM) {
    return new DropsetError(
      'kernel',
      `${message}: there is no memory for the tables; lower size in [backend]`,
      options,
    );
  }
  const reason = log.trim().split('\n').slice(-3).join(' | ');
  return new DropsetError(
    'kernel',
    `${message}${reason ? ` [${reason}]` : ''}: this kernel may be too old (5.9 is needed); kind = "nftables" in [backend] needs less`,
    options,
  );
}
