import type { Family } from '../../model/prefix.js';
import { isWhole, type PortRange, type Ports, PROTOCOLS, Scope } from '../../model/scope.js';
import type { Encoder } from '../../netlink/encoder.js';
import { NLM_F_CREATE } from '../../netlink/protocol.js';
import { type DropLog, logged } from './drop-log.js';
import {
  branch,
  count,
  type Expression,
  equals,
  isAtLeast,
  isAtMost,
  loadPriority,
  loadProtocol,
  loadTransportHeader,
  lookup,
  mask,
  setPriority,
  verdict,
  writeVerdict,
} from './expressions.js';
import {
  addChain,
  addCounter,
  addRule,
  deleteChains,
  deleteCounter,
  hostOrder,
  type KeyType,
  setHead,
} from './objects.js';
import * as p from './protocol.js';
import {
  DESTINATION_PORT,
  exceptions,
  isReply,
  isTransport,
  JUDGED,
  NONE,
  NUMBER_BITS,
  type Replies,
  waitsForTracking,
  waitsNot,
} from './replies.js';
import { allowSet, dropCounter, observeCounter, PROTOCOL, source } from './sets.js';
import type { Transaction } from './transaction.js';

/**
 * How packets of elements that have a scope are judged. The maps `scoped4`, `scoped6` and those of prefixes lead from a source address
 * to the number of a scope, and these from the number to chains of the scope's own, of which there are three. The number is carried in
 * skb->priority (replies.ts), since nft can print no rule that looks up what it has looked up.
 *
 *     chain prerouting { meta priority set ip saddr map @scoped4 jump scoped }
 *     chain scoped { meta priority vmap @scopes; meta priority set none }
 *     map scopes { type classid : verdict; elements = { 0:1 : jump scope_tcp/22 } }
 *     map scopes_judged { type classid : verdict; elements = { 0:1 : goto judged_tcp/22 } }
 *     chain scope_tcp/22 { tcp dport 22 goto hit_tcp/22 }
 *     chain hit_tcp/22 { ip saddr @allow4 accept; ip6 saddr @allow6 accept; (replies.ts) goto judged_tcp/22 }
 *     chain judged_tcp/22 { counter name "scope_tcp/22"; meta nfproto ipv4 counter name "dropped4" drop; counter name "dropped6" drop }
 *
 * Of a scope that observes all of them go back where they came from, since others may drop the packet still.
 */
export const SCOPED = 'scoped';
export const SCOPES = 'scopes';
export const SCOPES_JUDGED = 'scopes_judged';

/** A scope's number, as nft's type `classid`, that of a packet's priority: of 32 bits, in host order. */
export const NUMBER: KeyType = { type: 23, length: 4 };

/** Scopes at a time: the number has to fit beside a packet's word (replies.ts), and a frame with all of them into a transaction. */
export const MOST_SCOPES = 256;

const FAMILIES: readonly Family[] = [4, 6];

export interface ScopeOptions {
  readonly table: string;
  readonly hook: string;
  readonly priority: number;
  readonly replies?: Replies;
  readonly log?: DropLog | undefined;
}

/** `observe tcp/22,443` is `observe_tcp/22.443`: what nft takes for a name. */
const named = ({ text }: Scope): string => text.replaceAll(' ', '_').replaceAll(',', '.').replaceAll('*', 'any');

const matching = (scope: Scope): string => `scope_${named(scope)}`;
const hit = (scope: Scope): string => `hit_${named(scope)}`;
const judged = (scope: Scope): string => `judged_${named(scope)}`;

/** Its counter has the name of its first chain. */
export const scopeCounter = matching;

/** The scope whose chain or counter has that name; undefined if it is none of ours. */
export function scopeNamed(name: string): Scope | undefined {
  if (!name.startsWith('scope_')) return undefined;
  const text = name.slice('scope_'.length).replaceAll('_', ' ').replaceAll('.', ',').replaceAll('any', '*');
  try {
    const scope = Scope.parse(text);
    return scope && matching(scope) === name ? scope : undefined;
  } catch {
    return undefined;
  }
}

/** A scope's number as the kernel has it in keys and data. */
export const numberBytes = (number: number): Uint8Array => new Uint8Array(Uint32Array.of(number).buffer);

/** `meta priority & 0xfff vmap @scopes_judged` */
export const judgeByScope: readonly Expression[] = [
  loadPriority,
  mask(numberBytes((1 << NUMBER_BITS) - 1)),
  branch(SCOPES_JUDGED),
];

/** `meta priority & ffff:f000 != WAITING meta priority set none` */
const forget = (options: ScopeOptions): Rule => [...(waitsForTracking(options) ? waitsNot : []), ...setPriority(NONE)];

/** The maps from numbers, still empty, what leads there, and the counters of what is observed. */
export function addScopeMaps(transaction: Transaction, options: ScopeOptions): void {
  const { table } = options;
  for (const family of FAMILIES) addCounter(transaction, table, observeCounter(family));
  for (const name of [SCOPES, SCOPES_JUDGED]) {
    transaction.add(p.NEWSET, NLM_F_CREATE, (encoder) => {
      setHead(encoder, table, name, NUMBER, p.SET_MAP);
      encoder.u32(p.SET.DATA_TYPE, p.DATA_VERDICT).u32(p.SET.DATA_LEN, 0);
      encoder.nested(p.SET.DESC, () => encoder.u32(p.SET_DESC_SIZE, 2 * MOST_SCOPES));
      hostOrder(encoder, p.UDATA_KEYBYTEORDER);
    });
  }
  addChain(transaction, table, SCOPED);
  addRule(transaction, table, SCOPED, [loadPriority, branch(SCOPES)]);
  addRule(transaction, table, SCOPED, forget(options));
}

/** As `addScopeMaps`, in a table that stands already. */
export function addFirstScopeMaps(transaction: Transaction, options: ScopeOptions): void {
  addScopeMaps(transaction, options);
  if (waitsForTracking(options)) addRule(transaction, options.table, JUDGED, judgeByScope, 'first');
}

/** A scope's chains and counter, and what leads there. */
export function addScope(transaction: Transaction, options: ScopeOptions, number: number, scope: Scope): void {
  const { table } = options;
  addCounter(transaction, table, scopeCounter(scope));
  for (const chain of [judged(scope), hit(scope), matching(scope)]) addChain(transaction, table, chain);
  for (const rule of judgement(options, scope)) addRule(transaction, table, judged(scope), rule);
  for (const rule of passing(options, number, scope)) addRule(transaction, table, hit(scope), rule);
  addRule(transaction, table, hit(scope), [verdict(p.NFT_GOTO, judged(scope))]);
  for (const rule of matches(scope)) addRule(transaction, table, matching(scope), [...rule, goOn(scope)]);
  addElement(transaction, table, SCOPES, number, p.NFT_JUMP, matching(scope));
  addElement(transaction, table, SCOPES_JUDGED, number, p.NFT_GOTO, judged(scope));
}

/** Takes away what `addScope` made: of scopes that no element has. */
export function deleteScopes(transaction: Transaction, table: string, scopes: ReadonlyMap<number, Scope>): void {
  for (const map of [SCOPES, SCOPES_JUDGED]) {
    transaction.add(p.DELSETELEM, 0, (encoder) => {
      encoder.string(p.ELEMS.TABLE, table).string(p.ELEMS.SET, map);
      encoder.nested(p.ELEMS.ELEMENTS, () => {
        for (const number of scopes.keys()) encoder.nested(p.LIST_ELEM, () => writeKey(encoder, number));
      });
    });
  }
  const all = [...scopes.values()];
  deleteChains(
    transaction,
    table,
    all.flatMap((scope) => [matching(scope), hit(scope), judged(scope)]),
  );
  for (const scope of all) deleteCounter(transaction, table, scopeCounter(scope));
}

type Rule = readonly Expression[];

const goOn = (scope: Scope): Expression => verdict(p.NFT_GOTO, hit(scope));

/** The packets that it is about: one rule for each range of ports, or one for all packets. */
const matches = (scope: Scope): readonly Rule[] => (scope.ports.length === 0 ? [[]] : scope.ports.flatMap(matchesOf));

function matchesOf(ports: Ports): readonly Rule[] {
  const transport = isTransport(PROTOCOLS[ports.protocol]);
  if (isWhole(ports)) return [transport];
  return ports.ranges.map((range) => [...transport, loadTransportHeader(DESTINATION_PORT, 2), ...isIn(range)]);
}

const isIn = ({ first, last }: PortRange): readonly Expression[] =>
  first === last ? [equals(portBytes(first))] : [isAtLeast(portBytes(first)), isAtMost(portBytes(last))];

const portBytes = (port: number): Uint8Array => Uint8Array.of(port >> 8, port & 0xff);

/** Who passes all the same: the allowed, and what may be replies. */
const passing = (options: ScopeOptions, number: number, scope: Scope): readonly Rule[] => [
  ...FAMILIES.map((family) => [...source(family), lookup(allowSet(family)), verdict(p.NF_ACCEPT)]),
  ...exceptions(options, FAMILIES, { number, spared: letGo(scope) }),
];

/** What is spared by a scope that drops passes at once; one that observes leaves it to the others. */
const letGo = ({ observes }: Scope): number => (observes ? p.NFT_RETURN : p.NF_ACCEPT);

function judgement(options: ScopeOptions, scope: Scope): readonly Rule[] {
  const counter = scope.observes ? observeCounter : dropCounter;
  const end = verdict(scope.observes ? p.NFT_RETURN : p.NF_DROP);
  return [
    ...(waitsForTracking(options) ? [setPriority(NONE), isReply(letGo(scope))] : []),
    ...(scope.observes ? [] : logged(options.log)),
    [count(scopeCounter(scope))],
    [loadProtocol, equals(Uint8Array.of(PROTOCOL[4])), count(counter(4)), end],
    [count(counter(6)), end],
  ];
}

function addElement(
  transaction: Transaction,
  table: string,
  map: string,
  number: number,
  code: number,
  chain: string,
): void {
  transaction.add(p.NEWSETELEM, NLM_F_CREATE, (encoder) => {
    encoder.string(p.ELEMS.TABLE, table).string(p.ELEMS.SET, map);
    encoder.nested(p.ELEMS.ELEMENTS, () => {
      encoder.nested(p.LIST_ELEM, () => {
        writeKey(encoder, number);
        encoder.nested(p.ELEM.DATA, () => writeVerdict(encoder, code, chain));
      });
    });
  });
}

const writeKey = (encoder: Encoder, number: number): void => {
  encoder.nested(p.ELEM.KEY, () => encoder.bytesOf(p.DATA.VALUE, numberBytes(number)));
};
