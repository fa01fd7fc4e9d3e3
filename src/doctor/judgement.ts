import { isKernelAtLeast } from '../model/kernel.js';
import type { Machine } from './facts.js';
import { type Finding, finding } from './findings.js';
import type { Host } from './host.js';
import { makersOf, orderFindings, type Place } from './order.js';
import { repliesFindings } from './replies.js';

/** What of the configuration and the service the host is judged by. */
export interface Meant extends Place {
  /** The folder of the ledger. */
  readonly state: string;
  readonly jails: number;
  /** Folders that inotify has to watch. */
  readonly watched: number;
  readonly isRunning: boolean;
}

/** Everything that is to be said of a host, on facts alone. */
export function hostFindings(host: Host, machine: Machine, meant: Meant): Finding[] {
  return [
    ...kernel(machine, host, meant),
    ...orderFindings(host.hooks, meant, meant.isRunning, host.forwarding),
    ...repliesFindings(host, meant),
    ...neighbours(host, meant),
    ...clock(host),
    ...disk(host, meant),
    ...limits(host, meant),
  ];
}

function kernel({ kernel, lacking, nftables }: Machine, { memlock, ipv6 }: Host, { kind }: Meant): Finding[] {
  const found: Finding[] = [];
  if (lacking.length > 0)
    found.push(
      finding(
        'note',
        'kernel',
        `${lacking.join(' and ')} missing here, so not all could be looked at`,
        'run it as root',
      ),
    );
  if (kind === 'nftables' && nftables === 'absent')
    found.push(
      finding('fault', 'kernel', 'this kernel has no nf_tables', 'modprobe nf_tables, or [backend] kind = "xdp"'),
    );
  if (kind === 'nftables' && nftables === 'present')
    found.push(
      isKernelAtLeast(kernel, 6, 9)
        ? finding('ok', 'kernel', 'a table can have an owner: nobody else can change it')
        : finding(
            'note',
            'kernel',
            `kernel ${kernel} knows no owner that outlives a socket (6.9): what others take away is put back`,
          ),
    );
  if (kind === 'xdp' && !isKernelAtLeast(kernel, 5, 11) && memlock !== Number.POSITIVE_INFINITY)
    found.push(
      finding(
        'warning',
        'kernel',
        `before kernel 5.11 XDP's tables are locked memory, of which ${memlock} bytes are allowed here`,
        'LimitMEMLOCK=infinity',
      ),
    );
  if (!ipv6) found.push(finding('note', 'kernel', 'IPv6 is off: bans of its addresses are kept, and meet no packet'));
  return found;
}

function neighbours({ hooks, running, legacy }: Host, { jails }: Meant): Finding[] {
  const makers = hooks ? makersOf(hooks) : new Map<string, readonly string[]>();
  const found: Finding[] = [];
  const theirs = makers.get('fail2ban') ?? [];
  if (running.includes('fail2ban-server'))
    found.push(
      finding(
        jails > 0 ? 'warning' : 'note',
        'neighbours',
        `fail2ban runs too${theirs.length > 0 ? `, with rules in table ${theirs.join(', ')}` : ''}: who fails is banned twice, and lifted by dropset unban only once`,
        'systemctl disable --now fail2ban',
      ),
    );
  else if (theirs.length > 0)
    found.push(
      finding(
        'note',
        'neighbours',
        `fail2ban does not run, and has left rules in table ${theirs.join(', ')}`,
        `nft list table ${theirs[0]}`,
      ),
    );
  for (const name of ['crowdsec', 'sshguard'].filter((each) => running.includes(each)))
    found.push(finding('note', 'neighbours', `${name} runs too, and bans by itself`));
  const others = [...makers.keys()].filter((name) => name !== 'fail2ban');
  if (others.length > 0)
    found.push(
      finding(
        'ok',
        'neighbours',
        `${others.join(', ')} ${others.length === 1 ? 'has' : 'have'} tables of their own, which dropset leaves alone`,
      ),
    );
  if (legacy.length > 0)
    found.push(
      finding(
        'note',
        'neighbours',
        `iptables-legacy has tables (${legacy.join(', ')}), which nft does not show; at the same priority who came first is first`,
      ),
    );
  return found;
}

function clock({ synchronised }: Host): Finding[] {
  if (synchronised === null) return [finding('note', 'clock', 'whether the clock is synchronised is not told here')];
  if (synchronised) return [finding('ok', 'clock', 'the clock is synchronised')];
  return [
    finding(
      'warning',
      'clock',
      'nobody synchronises the clock: if it is set, bans end earlier or later than they were meant to, and lines of other hosts look old',
      'timedatectl set-ntp true, or chrony',
    ),
  ];
}

const MEBI = 1024 * 1024;

function disk({ storage }: Host, { state }: Meant): Finding[] {
  if (!storage)
    return [finding('fault', 'disk', `${state} is on no file system that could be asked`, '[service] state')];
  const { free, inodes, readOnly, volatile } = storage;
  const place = `the file system of ${state}`;
  if (readOnly)
    return [
      finding(
        'fault',
        'disk',
        `${place} is read-only: bans would be forgotten when the service stops`,
        'mount -o remount,rw, or [service] state elsewhere',
      ),
    ];
  const found: Finding[] = [];
  const left = `${place} has ${Math.floor(free / MEBI)} MiB left`;
  if (free < 16 * MEBI)
    found.push(finding('fault', 'disk', `${left}: the ledger cannot be written soon`, 'make room there'));
  else if (free < 256 * MEBI)
    found.push(finding('warning', 'disk', `${left}; a million bans take 250`, 'make room there'));
  if (inodes !== null && inodes < 100)
    found.push(
      finding(
        inodes < 4 ? 'fault' : 'warning',
        'disk',
        `${place} has room for ${inodes} more files`,
        'remove some: df -i',
      ),
    );
  if (volatile)
    found.push(
      finding('warning', 'disk', `${place} is memory: bans are forgotten at a reboot`, '[service] state on a disk'),
    );
  return found.length > 0 ? found : [finding('ok', 'disk', left)];
}

function limits({ conntrack, inotify }: Host, { watched }: Meant): Finding[] {
  const found: Finding[] = [];
  if (inotify && watched > inotify.watches)
    found.push(
      finding(
        'fault',
        'limits',
        `the logs need ${watched} inotify watches, and fs.inotify.max_user_watches is ${inotify.watches}`,
        `sysctl fs.inotify.max_user_watches=${2 * watched}`,
      ),
    );
  if (inotify && inotify.instances < 8)
    found.push(
      finding(
        'warning',
        'limits',
        `fs.inotify.max_user_instances is ${inotify.instances}, for all programs of a user`,
        'sysctl fs.inotify.max_user_instances=128',
      ),
    );
  if (conntrack && conntrack.count > 0.8 * conntrack.most)
    found.push(
      finding(
        'warning',
        'limits',
        `${conntrack.count} of ${conntrack.most} connections are tracked: when it is full, new ones are dropped, of clean addresses too`,
        `sysctl net.netfilter.nf_conntrack_max=${2 * conntrack.most}`,
      ),
    );
  return found;
}
