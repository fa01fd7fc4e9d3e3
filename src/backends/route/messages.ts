import { Prefix, WIDTH } from '../../model/prefix.js';
import { byType } from '../../netlink/attributes.js';
import type { Encoder } from '../../netlink/encoder.js';
import { hostU8, hostU32 } from '../../netlink/host.js';
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from '../../netlink/protocol.js';
import * as p from '../../rtnetlink/protocol.js';
import { PRIORITY, PROTOCOL } from './options.js';

/** What a route does: `blackhole` has no packet leave to its prefix, `throw` has the tables behind ours decide. */
export type RouteKind = 'blackhole' | 'throw';

/** One message to the kernel. */
export interface Step {
  readonly verb: 'add' | 'remove';
  readonly kind: RouteKind;
  readonly prefix: Prefix;
}

const TYPES: Readonly<Record<RouteKind, number>> = { blackhole: p.RTN_BLACKHOLE, throw: p.RTN_THROW };

const FAMILIES = { 4: p.AF_INET, 6: p.AF_INET6 } as const;

const CREATE = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL;

/** The header has eight bits for a table's number; RTA_TABLE has the whole. */
const RT_TABLE_UNSPEC = 0;

/**
 * Writes one route. What is somebody else's is never replaced (NLM_F_EXCL), and never deleted: only a route of our protocol and of this
 * kind is meant.
 *
 * @param isLast asks for an acknowledgement: refusals come unasked.
 */
export function writeStep(encoder: Encoder, step: Step, table: number, sequence: number, isLast: boolean): void {
  const { verb, kind, prefix } = step;
  const acknowledge = isLast ? NLM_F_ACK : 0;
  const [type, flags, scope] =
    verb === 'add' ? [p.RTM_NEWROUTE, CREATE, 0] : [p.RTM_DELROUTE, NLM_F_REQUEST, p.RT_SCOPE_NOWHERE];
  encoder.message(type, flags | acknowledge, sequence);
  encoder.raw(FAMILIES[prefix.family], prefix.length, 0, 0, RT_TABLE_UNSPEC, PROTOCOL, scope, TYPES[kind], 0, 0, 0, 0);
  encoder
    .fill(p.RTA.DST, WIDTH[prefix.family] / 8, prefix)
    .hostU32(p.RTA.TABLE, table)
    .endMessage();
}

/** Writes the rule that has packets of a family ask our table. */
export function writeRule(encoder: Encoder, verb: Step['verb'], family: 4 | 6, table: number, sequence: number): void {
  const [type, flags] = verb === 'add' ? [p.RTM_NEWRULE, CREATE] : [p.RTM_DELRULE, NLM_F_REQUEST];
  encoder.message(type, flags | NLM_F_ACK, sequence);
  encoder.raw(FAMILIES[family], 0, 0, 0, RT_TABLE_UNSPEC, 0, 0, p.FR_ACT_TO_TBL, 0, 0, 0, 0);
  encoder.hostU32(p.FRA.PRIORITY, PRIORITY).hostU32(p.FRA.TABLE, table);
  encoder.bytesOf(p.FRA.PROTOCOL, Uint8Array.of(PROTOCOL)).endMessage();
}

/** A route of any table, as the kernel tells it. */
export interface Route {
  readonly table: number;
  readonly prefix: Prefix;
  /** Undefined for what is not ours: of another protocol or type. */
  readonly kind: RouteKind | undefined;
}

/** @param payload of RTM_NEWROUTE or RTM_DELROUTE; undefined for what is no route of IPv4 or IPv6. */
export function routeOf(payload: Buffer): Route | undefined {
  const [family, length, , , small, protocol, , type] = payload;
  if (payload.length < p.RTMSG || (family !== p.AF_INET && family !== p.AF_INET6)) return undefined;
  const attributes = byType(payload, p.RTMSG);
  const width = family === p.AF_INET ? 4 : 16;
  // A default route has no destination.
  const bytes = attributes.get(p.RTA.DST) ?? Buffer.alloc(width);
  if (bytes.length !== width) return undefined;
  const ours =
    protocol === PROTOCOL ? (['blackhole', 'throw'] as const).find((kind) => TYPES[kind] === type) : undefined;
  return {
    table: hostU32(attributes.get(p.RTA.TABLE)) ?? (small as number),
    prefix: Prefix.fromBytes(bytes, length),
    kind: ours,
  };
}

/** Whether a message of RTM_NEWRULE or RTM_DELRULE is about our rule. */
export function isOurRule(payload: Buffer, table: number): boolean {
  if (payload.length < p.FIB_RULE_HDR) return false;
  const attributes = byType(payload, p.FIB_RULE_HDR);
  const isOurs = hostU8(attributes.get(p.FRA.PROTOCOL)) === PROTOCOL;
  return (
    isOurs && hostU32(attributes.get(p.FRA.TABLE)) === table && hostU32(attributes.get(p.FRA.PRIORITY)) === PRIORITY
  );
}
