import { Prefix } from '../model/prefix.js';
import { PROTOCOLS } from '../model/scope.js';
import { byType } from '../netlink/attributes.js';
import * as p from './protocol.js';

/** A packet as its first octets tell it. */
export interface Packet {
  readonly source: Prefix;
  readonly destination: Prefix;
  /** IANA's protocol number, behind all extension headers that could be read. */
  readonly protocol: number;
  /** Where it goes to, of a protocol with ports; absent in fragments that do not begin one. */
  readonly port?: number;
}

/**
 * Reads a message of nfnetlink_log.
 *
 * @param payload struct nfgenmsg and attributes, as the kernel sends them; what they carry was written by a stranger.
 * @returns undefined for what is no packet of IPv4 or IPv6, or too short.
 */
export function decodePacket(payload: Buffer): Packet | undefined {
  const bytes = byType(payload, p.NFGENMSG).get(p.PACKET_PAYLOAD);
  return bytes && decodeHeader(bytes);
}

/** @param bytes from the network header on: RFC 791, RFC 8200. */
function decodeHeader(bytes: Buffer): Packet | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4 && bytes.length >= IPV4_HEADER) return decodeIPv4(bytes);
  return version === 6 && bytes.length >= IPV6_HEADER ? decodeIPv6(bytes) : undefined;
}

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;

function decodeIPv4(bytes: Buffer): Packet {
  const protocol = bytes[9] as number;
  const isFirst = (bytes.readUInt16BE(6) & 0x1fff) === 0;
  const behind = ((bytes[0] as number) & 15) * 4;
  return {
    source: Prefix.fromBytes(bytes.subarray(12, 16)),
    destination: Prefix.fromBytes(bytes.subarray(16, 20)),
    protocol,
    ...(isFirst && portAt(bytes, behind, protocol)),
  };
}

/** Extension headers that are passed: RFC 8200, 4; RFC 4302. */
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const OPTIONS: readonly number[] = [0, 43, 60, 135];

/** As many in one packet. */
const MOST_HEADERS = 8;

function decodeIPv6(bytes: Buffer): Packet {
  const ends = {
    source: Prefix.fromBytes(bytes.subarray(8, 24)),
    destination: Prefix.fromBytes(bytes.subarray(24, 40)),
  };
  let protocol = bytes[6] as number;
  let at = IPV6_HEADER;
  for (let headers = 0; headers < MOST_HEADERS && at + 8 <= bytes.length; headers++) {
    const length = lengthOf(protocol, bytes[at + 1] as number);
    if (length === undefined) break;
    const isLater = protocol === FRAGMENT && bytes.readUInt16BE(at + 2) >> 3 !== 0;
    protocol = bytes[at] as number;
    if (isLater) return { ...ends, protocol };
    at += length;
  }
  return { ...ends, protocol, ...portAt(bytes, at, protocol) };
}

/** Octets of an extension header; undefined for what is none. */
function lengthOf(protocol: number, field: number): number | undefined {
  if (protocol === FRAGMENT) return 8;
  if (protocol === AUTHENTICATION) return (field + 2) * 4;
  return OPTIONS.includes(protocol) ? (field + 1) * 8 : undefined;
}

const WITH_PORTS: readonly number[] = Object.values(PROTOCOLS);

/** The destination's port: the second number of each such header. */
const portAt = (bytes: Buffer, at: number, protocol: number): Pick<Packet, 'port'> =>
  WITH_PORTS.includes(protocol) && at + 4 <= bytes.length ? { port: bytes.readUInt16BE(at + 2) } : {};
