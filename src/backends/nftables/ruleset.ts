import { type Family, type Prefix, WIDTH } from '../../model/prefix.js';
import type { Scope } from '../../model/scope.js';
import type { Encoder } from '../../netlink/encoder.js';
import { NLM_F_CREATE } from '../../netlink/protocol.js';
import { addLogChain, type DropLog, logged } from './drop-log.js';
import { count, lookup, storePriority, translate, verdict } from './expressions.js';
import { intervals } from './intervals.js';
import { addChain, addCounter, addRule, deleteRules, flushSet, hostOrder, setHead } from './objects.js';
import * as p from './protocol.js';
import {
  BEHIND_TRACKING,
  exceptions,
  JUDGED,
  judgement,
  REPLIES,
  type Replies,
  waiting,
  waitsForTracking,
} from './replies.js';
import { addScope, addScopeMaps, judgeByScope, NUMBER, SCOPED } from './scope-chains.js';
import { addressKey, allowSet, type BanSet, bannedChain, cut, dropCounter, source } from './sets.js';
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
  /** How dropped packets are logged; not at all where absent. */
  readonly log?: DropLog | undefined;
  /** Whose packets pass though they are banned: see replies.ts; nobody's where absent. */
  readonly replies?: Replies;
}

type AllowOptions = Pick<RulesetOptions, 'table' | 'allow'>;

/** Elements that a set of one prefix length can hold at least; else a part of what a set of addresses can. */
const PREFIX_SET_SIZE = 65_536;
const PREFIX_SHARE = 8;

/** What jails ban of IPv6 by default: as many of them as of addresses. */
const USUAL_LENGTH = 64;

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

/** What is in the table beside what every table has. */
export interface Contents {
  readonly sets: readonly BanSet[];
  /** By number; absent where no element ever had one. */
  readonly scopes?: ReadonlyMap<number, Scope> | undefined;
}

/** Everything in the table but the elements of the ban sets. What is there already and the same, stays. */
export function addRuleset(transaction: Transaction, options: RulesetOptions, { sets, scopes }: Contents): void {
  for (const family of FAMILIES) addCounter(transaction, options.table, dropCounter(family));
  for (const family of FAMILIES) addAllowSet(transaction, options, family);
  for (const set of sets) addBanSet(transaction, options, set);
  if (options.log) addLogChain(transaction, options.table, options.log);
  for (const family of FAMILIES) addBannedChain(transaction, options, family);
  addBaseChain(transaction, options.table, options.hook, options);
  if (scopes) addScopeMaps(transaction, options);
  if (waitsForTracking(options)) addReplies(transaction, options, scopes !== undefined);
  for (const [number, scope] of scopes ?? []) addScope(transaction, options, number, scope);
  for (const set of sets.toSorted(byRule)) addBanRule(transaction, options, set);
}

/**
 * In which order packets are looked for. Who is dropped whatever the port is not counted as observed, and costs no second look-up. Longer
 * prefixes come first: what is folded goes in the transaction that its prefix comes in, and a packet between two look-ups finds one of them.
 */
const byRule = (one: BanSet, other: BanSet): number =>
  Number(one.isScoped) - Number(other.isScoped) || cutOf(one) - cutOf(other) || one.family - other.family;

/** Bits that are cut off an address. */
const cutOf = ({ family, length }: BanSet): number => WIDTH[family] - length;

/** More ban sets. The rules of all are written anew, in their order. @param known those that are there. */
export function addLengths(
  transaction: Transaction,
  options: RulesetOptions,
  added: readonly BanSet[],
  known: readonly BanSet[],
): void {
  for (const set of added) addBanSet(transaction, options, set);
  deleteRules(transaction, options.table, options.hook);
  for (const set of [...known, ...added].sort(byRule)) addBanRule(transaction, options, set);
}

/** `set allow4 { type ipv4_addr; flags interval; elements = { ... } }`, emptied first. */
function addAllowSet(transaction: Transaction, options: RulesetOptions, family: Family): void {
  const name = allowSet(family);
  transaction.add(p.NEWSET, NLM_F_CREATE, (encoder) => {
    setHead(encoder, options.table, name, addressKey(family), p.SET_INTERVAL);
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

function sizeOf({ family, length }: BanSet, size: number): number {
  if (length === WIDTH[family] || (family === 6 && length === USUAL_LENGTH)) return size;
  return Math.max(PREFIX_SET_SIZE, Math.floor(size / PREFIX_SHARE));
}

/** `set ban4 { type ipv4_addr; size N; flags timeout; gc-interval 1m; counter; }`, `map scoped4 { type ipv4_addr : classid; ... }` */
function addBanSet(transaction: Transaction, options: RulesetOptions, set: BanSet): void {
  const size = sizeOf(set, options.size);
  transaction.add(p.NEWSET, NLM_F_CREATE, (encoder) => {
    const flags = set.isScoped ? p.SET_TIMEOUT | p.SET_MAP : p.SET_TIMEOUT;
    setHead(encoder, options.table, set.name, addressKey(set.family), flags);
    if (set.isScoped) encoder.u32(p.SET.DATA_TYPE, NUMBER.type).u32(p.SET.DATA_LEN, NUMBER.length);
    encoder.nested(p.SET.DESC, () => encoder.u32(p.SET_DESC_SIZE, size));
    // nft 1.0.6 prints an interval of a map and cannot read it: whoever saves the ruleset so could not load it at the next boot.
    if (!set.isScoped) encoder.u32(p.SET.GC_INTERVAL, GC_INTERVAL);
    if (set.isScoped) hostOrder(encoder, p.UDATA_DATABYTEORDER);
    if (options.elementCounters) encoder.nested(p.SET.EXPR, () => emptyCounter(encoder));
  });
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
function addReplies(transaction: Transaction, { table, log }: RulesetOptions, isScoped: boolean): void {
  addChain(transaction, table, JUDGED);
  const rules = judgement(logged(log));
  for (const rule of isScoped ? [judgeByScope, ...rules] : rules) addRule(transaction, table, JUDGED, rule);
  addBaseChain(transaction, table, REPLIES, { hook: 'prerouting', priority: BEHIND_TRACKING });
  addRule(transaction, table, REPLIES, waiting);
}

/** `ip saddr @ban4 goto banned4`, or `meta priority set ip saddr map @scoped4 jump scoped`, which comes back unless it was dropped. */
function addBanRule(transaction: Transaction, options: RulesetOptions, set: BanSet): void {
  const found = set.isScoped
    ? [translate(set.name), storePriority, verdict(p.NFT_JUMP, SCOPED)]
    : [lookup(set.name), verdict(p.NFT_GOTO, bannedChain(set.family))];
  addRule(transaction, options.table, options.hook, [...source(set.family), ...cut(set), ...found]);
}

/**
 * `chain banned4 { ip saddr @allow4 accept; counter name "dropped4" drop }`, with the exceptions of replies.ts and what is logged in between.
 *
 * Nothing is dropped before the allow set was looked up, and a clean packet does not pay for it: one look-up in an interval set
 * costs 150 ns, as much as all the rest.
 */
function addBannedChain(transaction: Transaction, options: RulesetOptions, family: Family): void {
  const chain = bannedChain(family);
  addChain(transaction, options.table, chain);
  addRule(transaction, options.table, chain, [...source(family), lookup(allowSet(family)), verdict(p.NF_ACCEPT)]);
  for (const rule of exceptions(options, [family])) addRule(transaction, options.table, chain, rule);
  for (const rule of logged(options.log)) addRule(transaction, options.table, chain, rule);
  addRule(transaction, options.table, chain, [count(dropCounter(family)), verdict(p.NF_DROP)]);
}
