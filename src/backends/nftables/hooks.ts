import { at, byType, text, u32 } from '../../netlink/attributes.js';
import { Connection } from '../../netlink/connection.js';
import { Encoder } from '../../netlink/encoder.js';
import { NETLINK_NETFILTER, NLM_F_DUMP, NLM_F_REQUEST } from '../../netlink/protocol.js';
import * as p from './protocol.js';

/** NFPROTO_*: linux/netfilter.h. The families that tables are of. */
const FAMILIES: Readonly<Record<number, string>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
};

/** enum nf_inet_hooks. Of `netdev` hook 0 is ingress. */
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress'];

/** Chains that are read; a machine with more has other worries. */
const MOST = 20_000;

/** A chain that packets come to by a hook, of anybody's table. */
export interface BaseChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook: string;
  /** Lower ones see a packet first. */
  readonly priority: number;
  readonly drops: boolean;
}

/** What forwards the packets of known connections without asking prerouting. */
export interface Flowtable {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Whether the network card does it by itself. */
  readonly hardware: boolean;
}

/** What of all tables decides about packets: of every family, whoever made them (nft, iptables-nft, Docker, firewalld). */
export interface Hooks {
  readonly chains: readonly BaseChain[];
  /** `family table`, each once, with the names of chains that hang on no hook. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  readonly flowtables: readonly Flowtable[];
}

const GETFLOWTABLE = 23;
const FLOWTABLE = { TABLE: 1, NAME: 2, FLAGS: 7 } as const;
const HARDWARE_OFFLOAD = 0x1;

/** @throws NetlinkError, EPERM without CAP_NET_ADMIN. */
export async function readHooks(): Promise<Hooks> {
  const connection = Connection.open(NETLINK_NETFILTER);
  try {
    const chains: BaseChain[] = [];
    const tables = new Map<string, string[]>();
    const flowtables: Flowtable[] = [];
    for await (const { family, attributes } of everything(connection, p.GETCHAIN)) {
      const [table, name] = [named(attributes, p.CHAIN.TABLE), named(attributes, p.CHAIN.NAME)];
      const hook = attributes.get(p.CHAIN.HOOK);
      const known = tables.get(`${family} ${table}`) ?? [];
      tables.set(`${family} ${table}`, known);
      if (hook)
        chains.push({ family, table, name, ...hookOf(family, hook), drops: policyOf(attributes) === p.NF_DROP });
      else known.push(name);
    }
    for await (const { family, attributes } of everything(connection, GETFLOWTABLE)) {
      const flags = attributes.get(FLOWTABLE.FLAGS);
      const hardware = flags !== undefined && (u32(flags) & HARDWARE_OFFLOAD) !== 0;
      flowtables.push({
        family,
        table: named(attributes, FLOWTABLE.TABLE),
        name: named(attributes, FLOWTABLE.NAME),
        hardware,
      });
    }
    return { chains, tables, flowtables };
  } finally {
    connection.close();
  }
}

type Attributes = ReadonlyMap<number, Buffer>;

/** All of a kind, in the tables of every family. */
async function* everything(
  connection: Connection,
  message: number,
): AsyncGenerator<{ family: string; attributes: Attributes }> {
  const encoder = new Encoder(64);
  encoder.message(p.messageType(message), NLM_F_REQUEST | NLM_F_DUMP, connection.nextSequence()).raw(0, 0, 0, 0);
  let count = 0;
  for await (const { payload } of connection.dump('list', encoder.endMessage().bytes)) {
    if (++count > MOST) continue;
    yield { family: FAMILIES[payload[0] as number] ?? String(payload[0]), attributes: byType(payload, p.NFGENMSG) };
  }
}

const named = (attributes: Attributes, type: number): string => text(attributes.get(type) ?? Buffer.alloc(0));

function hookOf(family: string, hook: Buffer): { hook: string; priority: number } {
  const number = u32(at(hook, p.HOOK.NUM) ?? Buffer.alloc(4));
  const priority = (at(hook, p.HOOK.PRIORITY) ?? Buffer.alloc(4)).readInt32BE(0);
  if (family === 'netdev') return { hook: number === 0 ? 'ingress' : 'egress', priority };
  return { hook: HOOKS[number] ?? String(number), priority };
}

function policyOf(attributes: Attributes): number {
  const policy = attributes.get(p.CHAIN.POLICY);
  return policy ? u32(policy) : p.NF_ACCEPT;
}
