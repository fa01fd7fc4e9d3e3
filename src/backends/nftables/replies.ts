import type { Family } from '../../model/prefix.js';
import {
  count,
  differs,
  type Expression,
  equals,
  isAtLeast,
  loadDirection,
  loadPriority,
  loadProtocol,
  loadTransport,
  loadTransportHeader,
  mask,
  setPriority,
  verdict,
} from './expressions.js';
import * as p from './protocol.js';
import { dropCounter, PROTOCOL } from './sets.js';

/**
 * Which packets of banned addresses pass.
 *
 * - `tracked`: replies to connections that began with a packet of this host's, or of one behind it, by the kernel's connection tracking.
 * - `tcp`: all TCP segments but those that open a connection; nothing needs to be tracked for that.
 */
export type Replies = 'tracked' | 'tcp';

/** NF_IP_PRI_CONNTRACK of linux/netfilter_ipv4.h: before it no packet has a connection. */
const TRACKING = -200;

/** As soon as a packet's connection is known, and before anybody routes, marks or translates it by that. */
export const BEHIND_TRACKING = TRACKING + 1;

/** The chain that is hooked in there, and the one that a packet goes on in which waits for it. */
export const REPLIES = 'replies';
export const JUDGED = 'judged';

/** Whether the chain that bans are looked up in knows a packet's connection. */
export const isBehindTracking = ({ hook, priority }: { readonly hook: string; readonly priority: number }): boolean =>
  hook === 'input' || priority > TRACKING;

/** IPPROTO_* of linux/in.h and linux/in6.h. */
const TCP = 6;
const UDP = 17;
const ICMP = { 4: 1, 6: 58 } as const;
const ECHO_REQUEST = { 4: 8, 6: 128 } as const;

/** RFC 9293, 3.1: the flags' byte, and those that one at least of is in every segment but the one that opens a connection. */
const TCP_FLAGS = 13;
const ACK_OR_RST = 0x14;

/** RFC 9293, RFC 768: the same place. */
export const DESTINATION_PORT = 2;

/** From here on ports are those that connections are opened from: ip_unprivileged_port_start of ip-sysctl.rst. */
const UNPRIVILEGED = Uint8Array.of(1024 >> 8, 0);

/**
 * A word that a packet carries from the one chain to the other, in skb->priority, which means nothing before it is sent: a mark would
 * be anybody's to overwrite, and then who is banned would pass. Its lowest bits are the number of the scope that the packet met; 0 is
 * none, that of a ban of all packets.
 */
const WAITING = 0xd209000;
export const NUMBER_BITS = 12;
export const NONE = word(0);

function word(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer);
}

export const isTransport = (protocol: number): readonly Expression[] => [
  loadTransport,
  equals(Uint8Array.of(protocol)),
];

/** `tcp flags & (rst | ack) != 0` */
const opensNothing: readonly Expression[] = [
  ...isTransport(TCP),
  loadTransportHeader(TCP_FLAGS, 1),
  mask(Uint8Array.of(ACK_OR_RST)),
  differs(Uint8Array.of(0)),
];

/** `th dport >= 1024` */
const toUnprivileged: readonly Expression[] = [loadTransportHeader(DESTINATION_PORT, 2), isAtLeast(UNPRIVILEGED)];

/** `ct direction reply accept`, or another verdict in its place. */
export const isReply = (code: number = p.NF_ACCEPT): readonly Expression[] => [
  loadDirection,
  equals(Uint8Array.of(p.IP_CT_DIR_REPLY)),
  verdict(code),
];

type Rule = readonly Expression[];

interface Hooked {
  readonly hook: string;
  readonly priority: number;
  readonly replies?: Replies;
}

/** Whether what may be a reply is judged in another chain than the one that found it to be banned. */
export const waitsForTracking = (options: Hooked): boolean =>
  options.replies === 'tracked' && !isBehindTracking(options);

/**
 * The rules by which a banned packet is not dropped where it was found to be banned.
 *
 * Before connections are tracked only what may be a reply waits for its judgement: who floods a port of ours with anything
 * does not come as far, and costs no look-up of a connection.
 *
 * @param met the number of the scope that was met, and the verdict on what is spared by it; of a ban of all packets where absent.
 */
export function exceptions(
  options: Hooked,
  families: readonly Family[],
  { number, spared }: { readonly number: number; readonly spared: number } = { number: 0, spared: p.NF_ACCEPT },
): readonly Rule[] {
  if (options.replies === undefined) return [];
  if (options.replies === 'tcp') return [[...opensNothing, verdict(spared)]];
  if (isBehindTracking(options)) return [isReply(spared)];
  const wait = [...setPriority(word(WAITING | number)), verdict(spared)];
  const isNoRequest = (family: Family) => [loadTransportHeader(0, 1), differs(Uint8Array.of(ECHO_REQUEST[family]))];
  return [
    [...opensNothing, ...toUnprivileged, ...wait],
    [...isTransport(UDP), ...toUnprivileged, ...wait],
    ...families.map((family) => [...isTransport(ICMP[family]), ...isNoRequest(family), ...wait]),
  ];
}

const maskedPriority: readonly Expression[] = [loadPriority, mask(word(-1 << NUMBER_BITS))];

/** `meta priority & 0xfffff000 == WAITING goto judged` */
export const waiting: Rule = [...maskedPriority, equals(word(WAITING)), verdict(p.NFT_GOTO, JUDGED)];

/** `meta priority & 0xfffff000 != WAITING` */
export const waitsNot: readonly Expression[] = [...maskedPriority, differs(word(WAITING))];

/** `meta priority set 0; ct direction reply accept; ...; meta nfproto ipv4 counter name "dropped4" drop; counter name "dropped6" drop` */
export const judgement = (beforeDrop: readonly Rule[]): readonly Rule[] => [
  setPriority(NONE),
  isReply(),
  ...beforeDrop,
  [loadProtocol, equals(Uint8Array.of(PROTOCOL[4])), count(dropCounter(4)), verdict(p.NF_DROP)],
  [count(dropCounter(6)), verdict(p.NF_DROP)],
];
