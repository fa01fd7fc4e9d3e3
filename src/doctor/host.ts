import { readdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Hooks, readHooks } from '../backends/nftables/hooks.js';
import { native } from '../native.js';
import { NetlinkError } from '../netlink/failure.js';

/** A file system that something is to be written on. */
export interface Storage {
  /** What was asked for, and what of it is there. */
  readonly path: string;
  /** Bytes that the service may still write. */
  readonly free: number;
  /** Files that may still be made; null where the file system does not count them. */
  readonly inodes: number | null;
  readonly readOnly: boolean;
  readonly volatile: boolean;
}

/** What is so of the host beside its interfaces: facts, without judgement. */
export interface Host {
  /** Null where it may not be read. */
  readonly hooks: Hooks | null;
  /** Names of programs that run and matter, each once. */
  readonly running: readonly string[];
  /** Null where the kernel does not tell. */
  readonly synchronised: boolean | null;
  readonly storage: Storage | null;
  /** How many connections are tracked, and at most; null where none are. */
  readonly conntrack: { readonly count: number; readonly most: number } | null;
  readonly inotify: { readonly watches: number; readonly instances: number } | null;
  /** Bytes that a process may lock; Infinity for all. */
  readonly memlock: number;
  readonly ipv6: boolean;
  readonly forwarding: boolean;
  /** Tables of the older iptables, which stands beside nf_tables. */
  readonly legacy: readonly string[];
}

/** STA_UNSYNC of linux/timex.h. */
const UNSYNCHRONISED = 0x40;
/** linux/magic.h: tmpfs, ramfs. */
const VOLATILE = [0x01021994, 0x858458f6];

/** Programs that ban, or write rules. */
const PROGRAMS = new Set(['fail2ban-server', 'firewalld', 'dockerd', 'crowdsec', 'sshguard']);

/** @param state the folder that the ledger is to live in. */
export async function hostFacts(state: string): Promise<Host> {
  const number = (path: string): number => Number(read(path) || Number.NaN);
  const count = number('/proc/sys/net/netfilter/nf_conntrack_count');
  const watches = number('/proc/sys/fs/inotify/max_user_watches');
  const status = native.clockStatus();
  return {
    hooks: await hooksOf(),
    running: programsIn('/proc'),
    synchronised: status < 0 ? null : (status & UNSYNCHRONISED) === 0,
    storage: await storageOf(state),
    conntrack: Number.isNaN(count) ? null : { count, most: number('/proc/sys/net/netfilter/nf_conntrack_max') },
    inotify: Number.isNaN(watches) ? null : { watches, instances: number('/proc/sys/fs/inotify/max_user_instances') },
    memlock: memlockIn(read('/proc/self/limits')),
    ipv6: read('/proc/net/if_inet6') !== '' && number('/proc/sys/net/ipv6/conf/all/disable_ipv6') !== 1,
    forwarding: number('/proc/sys/net/ipv4/ip_forward') === 1 || number('/proc/sys/net/ipv6/conf/all/forwarding') === 1,
    legacy: [...new Set(['ip', 'ip6'].flatMap((family) => words(read(`/proc/net/${family}_tables_names`))))],
  };
}

/**
 * What the kernel makes of IPv4 packets that come in by an interface and have no way back (ip-sysctl of the kernel's documentation): the larger of the
 * interface's own and that of all. Null where it does not tell.
 */
export function rpFilterOf(name: string, folder = '/proc/sys/net/ipv4/conf'): number | null {
  const values = [name, 'all'].map((one) => read(`${folder}/${one}/rp_filter`).trim());
  return values.every((value) => /^\d+$/.test(value)) ? Math.max(...values.map(Number)) : null;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

async function hooksOf(): Promise<Hooks | null> {
  try {
    return await readHooks();
  } catch (thrown) {
    if (!(thrown instanceof NetlinkError)) throw thrown;
    return null;
  }
}

/** Those of `PROGRAMS` that run. */
export function programsIn(proc: string): string[] {
  const names = readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => read(`${proc}/${pid}/comm`).trim());
  // fail2ban-server is a script: some systems show the interpreter's name.
  return [...new Set(names.map((name) => (name === 'f2b/server' ? 'fail2ban-server' : name)))].filter((name) =>
    PROGRAMS.has(name),
  );
}

/** Of the nearest folder above that is there. */
export async function storageOf(path: string): Promise<Storage | null> {
  try {
    const { type, bavail, bsize, files, ffree } = await statfs(path);
    const readOnly = isReadOnlyIn(read('/proc/self/mountinfo'), resolve(path));
    const inodes = files === 0 ? null : ffree;
    return { path, free: bavail * bsize, inodes, readOnly, volatile: VOLATILE.includes(type) };
  } catch {
    return dirname(path) === path ? null : storageOf(dirname(path));
  }
}

/** Whether the mount that a path is on, the longest that begins it, or the file system behind it, is read-only (proc(5)). */
export function isReadOnlyIn(mountinfo: string, path: string): boolean {
  let best: { point: string; readOnly: boolean } | undefined;
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , , point = '', options = ''] = left.split(' ');
    const begins = point === '/' || path === point || path.startsWith(`${point}/`);
    if (!point || !begins || (best && point.length < best.point.length)) continue;
    const all = [...options.split(','), ...(right.split(' ')[2] ?? '').split(',')];
    best = { point, readOnly: all.includes('ro') };
  }
  return best?.readOnly ?? false;
}

/** The soft limit of /proc/PID/limits. */
export function memlockIn(limits: string): number {
  const soft = /^Max locked memory\s+(\S+)/m.exec(limits)?.[1];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}
