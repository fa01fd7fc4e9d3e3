import type { Family, Prefix } from '../../model/prefix.js';
import type { Encoder } from '../../netlink/encoder.js';
import { NLM_F_APPEND, NLM_F_CREATE } from '../../netlink/protocol.js';
import { count, type Expression, lookup, verdict } from './expressions.js';
import { intervals } from './intervals.js';
import * as p from './protocol.js';
import {
  BEHIND_TRACKING,
  exceptions,
  isBehindTracking,
  JUDGED,
  judgement,
  REPLIES,
  type Replies,
  waiting,
} from './replies.js';
import {
  ADDRESS_SETS,
  allowSet,
  type BanSet,
  bannedChain,
  cut,
  dropCounter,
  keyLength,
  keyType,
  setFor,
  source,
} from './sets.js';
import type { Transaction } from './transaction.js';

/** What the table looks like. */
export interface RulesetOptions {
  readonly table: string;
  readonly hook: keyof typeof p.HOOKS;
  readonly priority: number;
  /** Count packets and bytes of each element. */
  readonly elementCounters: boolean;
  /** Elements that a set of addresses can hold. */
  readonly size: number;
  /** Looked up before any ban. */
  readonly allow: readonly Prefix[];
  /** Whose packets pass though they are banned: see replies.ts; nobody's where absent. */
  readonly replies?: Replies;
}

type AllowOptions = Pick<RulesetOptions, 'table' | 'allow'>;

/** Elements that a set of one prefix length can hold at least; else a part of what a set of addresses can. */
const PREFIX_SET_SIZE = 65_536;
const PREFIX_SHARE = 8;

/** What jails ban of IPv6 by default: as many of them as of addresses. */
const USUAL_SET = setFor(6, 64).name;

/**
 * How often the kernel sweeps out expired elements. They never match any more, so this is only about memory; each sweep
 * walks all elements, which takes 6 % of a core at 1,000,000 elements with the kernel's default of one second.
 */
const GC_INTERVAL = 60_000;

const FAMILIES: readonly Family[] = [4, 6];

/** The table itself; with `flags` the sender becomes or stays its owner. */
export function addTable(transaction: Transaction, table: string, flags: number): void {
  transaction.add(p.NEWTABLE, NLM_F_CREATE, (encoder) => {
    encoder.string(p.TABLE.NAME, table);
    if (flags !== 0) encoder.u32(p.TABLE.FLAGS, flags);
  });
}

export function deleteTable(transaction: Transaction, table: string): void {
  transaction.add(p.DELTABLE, 0, (encoder) => encoder.string(p.TABLE.NAME, table));
}

/** Takes chains with their rules away; the rules first, since they lead from one chain to another. */
export function deleteChains(transaction: Transaction, table: string, chains: readonly string[]): void {
  for (const chain of chains) {
    transaction.add(p.DELRULE, 0, (encoder) => encoder.string(p.RULE.TABLE, table).string(p.RULE.CHAIN, chain));
  }
  for (const chain of chains) {
    transaction.add(p.DELCHAIN, 0, (encoder) => encoder.string(p.CHAIN.TABLE, table).string(p.CHAIN.NAME, chain));
  }
}

/** Everything in the table but the elements of the ban sets. What is there already and the same, stays. */
export function addRuleset(transaction: Transaction, options: RulesetOptions, sets: readonly BanSet[]): void {
  for (const family of FAMILIES) addCounter(transaction, options.table, dropCounter(family));
  for (const family of FAMILIES) addAllowSet(transaction, options, family);
  for (const set of sets) addBanSet(transaction, options, set);
  for (const family of FAMILIES) addBannedChain(transaction, options, family);
  addBaseChain(transaction, options.table, options.hook, options);
  if (options.replies === 'tracked' && !isBehindTracking(options)) addReplies(transaction, options.table);
  for (const set of sets) addBanRule(transaction, options, set);
}

/** One more ban set and its rule, behind the others. */
export function addLength(transaction: Transaction, options: RulesetOptions, set: BanSet): void {
  addBanSet(transaction, options, set);
  addBanRule(transaction, options, set);
}

/** `counter dropped4 { }` */
function addCounter(transaction: Transaction, table: string, name: string): void {
  transaction.add(p.NEWOBJ, NLM_F_CREATE, (encoder) => {
    encoder.string(p.OBJ.TABLE, table).string(p.OBJ.NAME, name).u32(p.OBJ.TYPE, p.OBJECT_COUNTER);
    encoder.nested(p.OBJ.DATA, () => undefined);
  });
}

/** `flush set inet dropset ban4`: without a list all elements are meant (nf_tables_api.c, nf_tables_delsetelem). */
export function flushSet(transaction: Transaction, table: string, name: string): void {
  transaction.add(p.DELSETELEM, 0, (encoder) => encoder.string(p.ELEMS.TABLE, table).string(p.ELEMS.SET, name));
}

/** `set allow4 { type ipv4_addr; flags interval; elements = { ... } }`, emptied first. */
function addAllowSet(transaction: Transaction, options: RulesetOptions, family: Family): void {
  const name = allowSet(family);
  transaction.add(p.NEWSET, NLM_F_CREATE, (encoder) => {
    setHead(encoder, options.table, name, family, p.SET_INTERVAL);
  });
  fillAllowSet(transaction, options, family);
}

/** What the sets `allow4` and `allow6` hold, in place of what they held: a packet meets the old ones or the new ones. */
export function replaceAllowed(transaction: Transaction, options: AllowOptions): void {
  for (const family of FAMILIES) fillAllowSet(transaction, options, family);
}

function fillAllowSet(transaction: Transaction, { table, allow }: AllowOptions, family: Family): void {
  const name = allowSet(family);
  flushSet(transaction, table, name);
  for (const part of intervals(allow, family)) {
    transaction.add(p.NEWSETELEM, NLM_F_CREATE, (encoder) => {
      encoder.string(p.ELEMS.TABLE, table).string(p.ELEMS.SET, name);
      encoder.nested(p.ELEMS.ELEMENTS, () => {
        for (const bound of part) bound(encoder);
      });
    });
  }
}

function sizeOf({ name }: BanSet, size: number): number {
  if (name === USUAL_SET || ADDRESS_SETS.some((set) => set.name === name)) return size;
  return Math.max(PREFIX_SET_SIZE, Math.floor(size / PREFIX_SHARE));
}

/** `set ban4 { type ipv4_addr; size N; flags timeout; gc-interval 1m; counter; }` */
function addBanSet(transaction: Transaction, options: RulesetOptions, set: BanSet): void {
  const size = sizeOf(set, options.size);
  transaction.add(p.NEWSET, NLM_F_CREATE, (encoder) => {
    setHead(encoder, options.table, set.name, set.family, p.SET_TIMEOUT);
    encoder.nested(p.SET.DESC, () => encoder.u32(p.SET_DESC_SIZE, size));
    encoder.u32(p.SET.GC_INTERVAL, GC_INTERVAL);
    if (options.elementCounters) encoder.nested(p.SET.EXPR, () => emptyCounter(encoder));
  });
}

function setHead(encoder: Encoder, table: string, name: string, family: Family, flags: number): void {
  encoder.string(p.SET.TABLE, table).string(p.SET.NAME, name).u32(p.SET.FLAGS, flags);
  // The id is a handle within the transaction; the name serves as well, but the kernel insists (EINVAL).
  encoder.u32(p.SET.KEY_TYPE, keyType(family)).u32(p.SET.KEY_LEN, keyLength(family)).u32(p.SET.ID, 1);
}

function emptyCounter(encoder: Encoder): void {
  encoder.string(p.EXPR.NAME, 'counter').nested(p.EXPR.DATA, () => undefined);
}

/** `type filter hook prerouting priority raw; policy accept;` Where bans are looked up, the chain is named after its hook. */
function addBaseChain(
  transaction: Transaction,
  table: string,
  name: string,
  { hook, priority }: Pick<RulesetOptions, 'hook' | 'priority'>,
): void {
  transaction.add(p.NEWCHAIN, NLM_F_CREATE, (encoder) => {
    encoder.string(p.CHAIN.TABLE, table).string(p.CHAIN.NAME, name);
    encoder.nested(p.CHAIN.HOOK, () => {
      encoder.u32(p.HOOK.NUM, p.HOOKS[hook]).u32(p.HOOK.PRIORITY, priority);
    });
    encoder.u32(p.CHAIN.POLICY, p.NF_ACCEPT).string(p.CHAIN.TYPE, 'filter');
  });
}

/** The chain behind connection tracking, and the one that what waits for its judgement goes on in. */
function addReplies(transaction: Transaction, table: string): void {
  addChain(transaction, table, JUDGED);
  for (const rule of judgement) addRule(transaction, table, JUDGED, rule);
  addBaseChain(transaction, table, REPLIES, { hook: 'prerouting', priority: BEHIND_TRACKING });
  addRule(transaction, table, REPLIES, waiting);
}

/** `ip saddr @ban4 goto banned4` */
function addBanRule(transaction: Transaction, options: RulesetOptions, set: BanSet): void {
  const banned = [...source(set.family), ...cut(set), lookup(set.name)];
  addRule(transaction, options.table, options.hook, [...banned, verdict(p.NFT_GOTO, bannedChain(set.family))]);
}

/**
 * `chain banned4 { ip saddr @allow4 accept; counter name "dropped4" drop }`, with the exceptions of replies.ts in between.
 *
 * Nothing is dropped before the allow set was looked up, and a clean packet does not pay for it: one look-up in an interval set
 * costs 150 ns, as much as all the rest.
 */
function addBannedChain(transaction: Transaction, options: RulesetOptions, family: Family): void {
  const chain = bannedChain(family);
  addChain(transaction, options.table, chain);
  addRule(transaction, options.table, chain, [...source(family), lookup(allowSet(family)), verdict(p.NF_ACCEPT)]);
  for (const rule of exceptions(options, family)) addRule(transaction, options.table, chain, rule);
  addRule(transaction, options.table, chain, [count(dropCounter(family)), verdict(p.NF_DROP)]);
}

function addChain(transaction: Transaction, table: string, name: string): void {
  transaction.add(p.NEWCHAIN, NLM_F_CREATE, (encoder) => {
    encoder.string(p.CHAIN.TABLE, table).string(p.CHAIN.NAME, name);
  });
}

function addRule(transaction: Transaction, table: string, chain: string, expressions: readonly Expression[]): void {
  transaction.add(p.NEWRULE, NLM_F_CREATE | NLM_F_APPEND, (encoder) => {
    encoder.string(p.RULE.TABLE, table).string(p.RULE.CHAIN, chain);
    encoder.nested(p.RULE.EXPRESSIONS, () => {
      for (const expression of expressions) expression(encoder);
    });
  });
}
