import type { Encoder } from '../../netlink/encoder.js';
import * as p from './protocol.js';

/** Writes one expression of a rule. The comments say what `nft --debug=netlink` prints for it. */
export type Expression = (encoder: Encoder) => void;

const expression =
  (name: string, content: (encoder: Encoder) => void): Expression =>
  (encoder) => {
    encoder.nested(p.LIST_ELEM, () => {
      encoder.string(p.EXPR.NAME, name).nested(p.EXPR.DATA, () => content(encoder));
    });
  };

const value = (encoder: Encoder, type: number, bytes: Uint8Array): Encoder =>
  encoder.nested(type, () => encoder.bytesOf(p.DATA.VALUE, bytes));

const loadMeta = (key: number): Expression =>
  expression('meta', (encoder) => {
    encoder.u32(p.META.KEY, key).u32(p.META.DREG, p.REG_1);
  });

/** `[ meta load nfproto => reg 1 ]` */
export const loadProtocol: Expression = loadMeta(p.META_NFPROTO);

/** `[ meta load l4proto => reg 1 ]` */
export const loadTransport: Expression = loadMeta(p.META_L4PROTO);

/** `[ meta load priority => reg 1 ]`: the packet's, of which a received one has none. */
export const loadPriority: Expression = loadMeta(p.META_PRIORITY);

/** `[ meta set priority with reg 1 ]` */
export const storePriority: Expression = expression('meta', (encoder) => {
  encoder.u32(p.META.KEY, p.META_PRIORITY).u32(p.META.SREG, p.REG_1);
});

/** `[ immediate reg 1 VALUE ]`, `[ meta set priority with reg 1 ]` */
export const setPriority = (bytes: Uint8Array): readonly Expression[] => [
  expression('immediate', (encoder) => {
    encoder.u32(p.IMMEDIATE.DREG, p.REG_1);
    value(encoder, p.IMMEDIATE.DATA, bytes);
  }),
  storePriority,
];

/** `[ ct load direction => reg 1 ]`; the rule ends here for a packet of no tracked connection. It has the kernel track connections. */
export const loadDirection: Expression = expression('ct', (encoder) => {
  encoder.u32(p.CT.KEY, p.CT_DIRECTION).u32(p.CT.DREG, p.REG_1);
});

const compare =
  (operator: number) =>
  (bytes: Uint8Array): Expression =>
    expression('cmp', (encoder) => {
      encoder.u32(p.CMP.SREG, p.REG_1).u32(p.CMP.OP, operator);
      value(encoder, p.CMP.DATA, bytes);
    });

/** `[ cmp eq reg 1 ... ]` */
export const equals = compare(p.CMP_EQ);

/** `[ cmp neq reg 1 ... ]` */
export const differs = compare(p.CMP_NEQ);

/** `[ cmp gte reg 1 ... ]`: of numbers in network order. */
export const isAtLeast = compare(p.CMP_GTE);

/** `[ cmp lte reg 1 ... ]`: as above. */
export const isAtMost = compare(p.CMP_LTE);

const loadHeader =
  (base: number) =>
  (offset: number, length: number): Expression =>
    expression('payload', (encoder) => {
      encoder.u32(p.PAYLOAD.DREG, p.REG_1).u32(p.PAYLOAD.BASE, base);
      encoder.u32(p.PAYLOAD.OFFSET, offset).u32(p.PAYLOAD.LEN, length);
    });

/** `[ payload load 4b @ network header + 12 => reg 1 ]` */
export const loadNetworkHeader = loadHeader(p.PAYLOAD_NETWORK_HEADER);

/** `[ payload load 2b @ transport header + 2 => reg 1 ]`; the rule ends here for a later fragment, which has none. */
export const loadTransportHeader = loadHeader(p.PAYLOAD_TRANSPORT_HEADER);

/** `[ bitwise reg 1 = ( reg 1 & mask ) ^ 0 ]` */
export const mask = (bytes: Uint8Array): Expression =>
  expression('bitwise', (encoder) => {
    encoder.u32(p.BITWISE.SREG, p.REG_1).u32(p.BITWISE.DREG, p.REG_1).u32(p.BITWISE.LEN, bytes.length);
    value(encoder, p.BITWISE.MASK, bytes);
    value(encoder, p.BITWISE.XOR, new Uint8Array(bytes.length));
  });

/** `[ lookup reg 1 set NAME ]`: goes on if the set has it. The set's own counter counts. */
export const lookup = (set: string): Expression =>
  expression('lookup', (encoder) => {
    encoder.string(p.LOOKUP.SET, set).u32(p.LOOKUP.SREG, p.REG_1);
  });

/** `[ lookup reg 1 set NAME dreg 1 ]`: what the map has for it takes its place; the rule ends here if it has nothing. */
export const translate = (map: string): Expression => lookupInto(map, p.REG_1);

/** `[ lookup reg 1 set NAME dreg 0 ]`: goes where the map leads; the rule ends here if it leads nowhere. */
export const branch = (map: string): Expression => lookupInto(map, p.REG_VERDICT);

const lookupInto = (map: string, register: number): Expression =>
  expression('lookup', (encoder) => {
    encoder.string(p.LOOKUP.SET, map).u32(p.LOOKUP.SREG, p.REG_1).u32(p.LOOKUP.DREG, register);
  });

/** `[ objref type 1 name NAME ]`: the named counter. */
export const count = (counter: string): Expression =>
  expression('objref', (encoder) => {
    encoder.u32(p.OBJREF.IMM_TYPE, p.OBJECT_COUNTER).string(p.OBJREF.IMM_NAME, counter);
  });

/** `[ limit rate 10/minute burst 5 type packets flags 0x0 ]`; the rule ends here for a packet beyond it. */
export const limit = (aMinute: number, burst: number): Expression =>
  expression('limit', (encoder) => {
    encoder.u64(p.LIMIT.RATE, aMinute).u64(p.LIMIT.UNIT, 60);
    encoder.u32(p.LIMIT.BURST, burst).u32(p.LIMIT.TYPE, p.LIMIT_PACKETS);
  });

/** `[ log prefix PREFIX level 4 ]`, or `[ log prefix PREFIX group N snaplen 0 qthreshold 0 ]` */
export const log = (prefix: string, group: number | undefined): Expression =>
  expression('log', (encoder) => {
    encoder.string(p.LOG.PREFIX, prefix);
    if (group === undefined) encoder.u32(p.LOG.LEVEL, p.LOG_WARNING);
    else encoder.bytesOf(p.LOG.GROUP, Uint8Array.of(group >> 8, group & 0xff));
  });

/** `[ immediate reg 0 accept ]`, or `goto -> CHAIN` */
export const verdict = (code: number, chain?: string): Expression =>
  expression('immediate', (encoder) => {
    encoder.u32(p.IMMEDIATE.DREG, p.REG_VERDICT).nested(p.IMMEDIATE.DATA, () => writeVerdict(encoder, code, chain));
  });

/** A verdict as data: of a rule, or of a map's element. */
export function writeVerdict(encoder: Encoder, code: number, chain?: string): void {
  encoder.nested(p.DATA.VERDICT, () => {
    encoder.u32(p.VERDICT.CODE, code);
    if (chain !== undefined) encoder.string(p.VERDICT.CHAIN, chain);
  });
}
