import type { BaseChain, Hooks } from '../backends/nftables/hooks.js';
import { type Finding, finding } from './findings.js';

/** What of [backend] matters to the order of hooks. */
export interface Place {
  readonly kind: 'nftables' | 'xdp' | 'route' | 'denyfile' | 'memory';
  readonly table: string;
  readonly hook: string;
  readonly priority: number;
  readonly spareReplies: boolean | 'tcp';
}

/** NF_IP_PRI_CONNTRACK of linux/netfilter_ipv4.h: connections are tracked there. */
const CONNTRACK = -200;

/** Chains that are named; a machine of many containers may have hundreds. */
const MOST_NAMED = 5;

/** Who made a table, by the names that they are known for. */
const MAKERS: readonly (readonly [name: string, test: (table: string, chains: readonly string[]) => boolean])[] = [
  ['fail2ban', (table, chains) => /f2b/.test(table) || chains.some((name) => name.startsWith('f2b-'))],
  ['firewalld', (table) => / firewalld/.test(table)],
  ['ufw', (_, chains) => chains.some((name) => /^ufw6?-/.test(name))],
  ['Docker', (table, chains) => / docker-/.test(table) || chains.some((name) => /^DOCKER(?:-|$)/.test(name))],
  ['Kubernetes', (table, chains) => / kube/.test(table) || chains.some((name) => name.startsWith('KUBE-'))],
  ['libvirt', (table, chains) => / libvirt/.test(table) || chains.some((name) => name.startsWith('LIBVIRT_'))],
];

/** Who has tables here, as far as their names tell. */
export function makersOf({ tables, chains }: Hooks): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [table, names] of tables) {
    const own = chains.filter((chain) => `${chain.family} ${chain.table}` === table).map(({ name }) => name);
    for (const [maker, test] of MAKERS) {
      if (test(table, [...names, ...own])) found.set(maker, [...(found.get(maker) ?? []), table]);
    }
  }
  return found;
}

/** Where packets are dropped, beside what everybody else does at the same hook. */
export function orderFindings(hooks: Hooks | null, place: Place, isRunning: boolean, forwards: boolean): Finding[] {
  if (!hooks) {
    return [
      finding('warning', 'hooks', 'the ruleset may not be read without CAP_NET_ADMIN', 'run dropset doctor as root'),
    ];
  }
  return [
    ...flowtables(hooks, place),
    ...(place.kind === 'nftables' ? [...ownChain(hooks, place, isRunning), ...before(hooks, place)] : []),
    ...(place.kind === 'nftables' ? [...late(place), ...forwarded(hooks, place, forwards)] : []),
  ];
}

const titled = ({ family, table, name, priority }: BaseChain): string => `${family} ${table} ${name} (${priority})`;

/** Offloaded connections never come to prerouting; nft(8), FLOWTABLES. An XDP program is asked before. */
const flowtables = ({ flowtables }: Hooks, { kind }: Place): Finding[] =>
  flowtables.flatMap(({ family, table, name, hardware }) => {
    if (kind === 'xdp' && !hardware) return [];
    const how = hardware ? 'in the network card' : 'at ingress';
    return [
      finding(
        'warning',
        'hooks',
        `flowtable ${name} of table ${family} ${table} forwards the packets of known connections ${how}, so that a ban does not stop connections that it has taken already`,
        hardware ? 'remove its flag offload' : 'use [backend] kind = "xdp", or conntrack -D -s ADDRESS after a ban',
      ),
    ];
  });

/** Docker, firewalld and others drop or accept behind us: an accept of theirs frees nobody, since every base chain is asked. */
function before({ chains }: Hooks, { table, hook, priority }: Place): Finding[] {
  const isOurs = (chain: BaseChain): boolean => chain.family === 'inet' && chain.table === table;
  const others = chains.filter((chain) => !isOurs(chain) && ['inet', 'ip', 'ip6', 'netdev'].includes(chain.family));
  const earlier = others.filter(
    (chain) =>
      chain.hook === 'ingress' ||
      (chain.hook === hook ? chain.priority <= priority : hook === 'input' && chain.hook === 'prerouting'),
  );
  if (earlier.length === 0)
    return [finding('ok', 'hooks', `no chain is asked before dropset's, at ${hook} with priority ${priority}`)];
  const names = earlier.slice(0, MOST_NAMED).map(titled).join(', ');
  const more = earlier.length > MOST_NAMED ? ` and ${earlier.length - MOST_NAMED} more` : '';
  const what = earlier.some(({ drops }) => drops) ? 'and drop by policy' : '';
  return [
    finding(
      'note',
      'hooks',
      `these chains see packets at the same hook before dropset's or with it${what && `, ${what}`}: ${names}${more}; what they drop is not counted, what they accept is dropped all the same`,
      earlier.some((chain) => chain.hook === hook) ? `a lower [backend] priority than ${priority} comes first` : null,
    ),
  ];
}

function ownChain({ chains }: Hooks, { table, hook, priority }: Place, isRunning: boolean): Finding[] {
  if (!isRunning) return [];
  const own = chains.find((chain) => chain.family === 'inet' && chain.table === table && chain.hook === hook);
  const way = 'dropset verify puts it right, and systemctl restart dropset makes it anew';
  if (!own)
    return [finding('fault', 'hooks', `the service runs, but table inet ${table} has no chain at ${hook}`, way)];
  if (own.priority === priority) return [];
  const sentence = `the chain of table inet ${table} has priority ${own.priority}, and the configuration says ${priority}`;
  return [finding('warning', 'hooks', sentence, 'systemctl restart dropset')];
}

const late = ({ hook, priority }: Place): Finding[] =>
  hook === 'prerouting' && priority > CONNTRACK
    ? [
        finding(
          'note',
          'hooks',
          `priority ${priority} is behind connection tracking (${CONNTRACK}): each packet that is dropped was looked up there`,
          '[backend] priority = "raw"',
        ),
      ]
    : [];

function forwarded(hooks: Hooks, { hook }: Place, forwards: boolean): Finding[] {
  if (hook !== 'input' || !forwards) return [];
  const makers = [...makersOf(hooks).keys()].filter((name) => ['Docker', 'Kubernetes', 'libvirt'].includes(name));
  const whom = makers.length > 0 ? `, to those of ${makers.join(' and ')} too` : '';
  const sentence = `at hook input nothing is dropped that is forwarded to containers and guests${whom}, and this host forwards`;
  return [finding('warning', 'hooks', sentence, '[backend] hook = "prerouting"')];
}
