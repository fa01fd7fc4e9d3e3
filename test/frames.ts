/**
 * Ethernet frames from a sentence: `a TCP segment to port 22 from 192.0.2.7 behind two VLAN tags`.
 *
 *     [the first fragment of | a later fragment of] WHAT from ADDRESS [behind ... tags] [behind ... headers]
 *         [with ... | with flags SYN and ...] [of N bytes] [cut to N bytes]
 */
import { Prefix } from '../src/model/prefix.js';

/** A frame, and where in it what somebody who reads it has to know. */
export interface Frame {
  readonly bytes: Buffer;
  /** Behind the IP header: from so many bytes on the source address is known. */
  readonly header: number;
  /** Behind the ports. */
  readonly ports: number;
}

interface Plan {
  protocol: number;
  port: number;
  flags: number;
  source?: Prefix;
  ethertype?: number;
  tags: number[];
  extensions: number[];
  options: number;
  version?: number;
  words?: number;
  offset: number;
  more: boolean;
  size: number;
  cut: number;
}

const PROTOCOLS = { TCP: 6, UDP: 17, DCCP: 33, SCTP: 132, 'UDP-Lite': 136 } as const;
const EXTENSIONS = { 'hop-by-hop': 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const;
/** RFC 9293, 3.1. */
const FLAGS = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16 } as const;
const COUNTS = { a: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6 } as const;
/** Of what carries no IP, or carries it where nobody looks: IANA's numbers. */
const ETHERTYPES = {
  'an ARP request': 0x0806,
  'an LLDP frame': 0x88cc,
  'a PPPoE frame': 0x8864,
  'an MPLS packet': 0x8847,
  'an 802.3 frame': 0x0026,
} as const;

const alternatives = (words: object): string => Object.keys(words).join('|');
const named = <Words extends Record<string, number>>(words: Words, word: string | undefined): number =>
  words[word as keyof Words] as number;

/** A sentence is read from its beginning: each of these takes its piece. */
const PHRASES: readonly (readonly [RegExp, (plan: Plan, ...words: string[]) => void])[] = [
  [
    new RegExp(`^an? (${alternatives(PROTOCOLS)}) (?:segment|datagram|packet) to port (\\d+)`),
    (plan, protocol, port) => Object.assign(plan, { protocol: named(PROTOCOLS, protocol), port: Number(port) }),
  ],
  [/^an ICMP message/, (plan) => Object.assign(plan, { protocol: 1 })],
  [/^the first fragment of /, (plan) => Object.assign(plan, { more: true })],
  [/^a later fragment of /, (plan) => Object.assign(plan, { offset: 185 })],
  [
    new RegExp(`^(${alternatives(ETHERTYPES)})`),
    (plan, kind) => Object.assign(plan, { ethertype: named(ETHERTYPES, kind) }),
  ],
  [/^ from ([0-9a-f.:]+)/, (plan, address) => Object.assign(plan, { source: sourceOf(address as string) })],
  [
    new RegExp(`^ behind (${alternatives(COUNTS)}) VLAN tags?`),
    (plan, count) => plan.tags.push(...Array<number>(named(COUNTS, count)).fill(0x8100)),
  ],
  [/^ behind an 802\.1ad tag(?: and a VLAN tag)?/, (plan) => plan.tags.push(0x88a8, 0x8100)],
  [
    new RegExp(`^ (?:behind|and) (${alternatives(COUNTS)}) (${alternatives(EXTENSIONS)}) headers?`),
    (plan, count, kind) => plan.extensions.push(...Array<number>(named(COUNTS, count)).fill(named(EXTENSIONS, kind))),
  ],
  [/^ with (\d+) bytes of options/, (plan, bytes) => Object.assign(plan, { options: Number(bytes) })],
  [
    /^ with flags ((?:FIN|SYN|RST|PSH|ACK)(?: and (?:FIN|SYN|RST|PSH|ACK))*)/,
    (plan, words) =>
      Object.assign(plan, {
        flags: (words as string).split(' and ').reduce((sum, word) => sum | named(FLAGS, word), 0),
      }),
  ],
  [/^ with version (\d+)/, (plan, version) => Object.assign(plan, { version: Number(version) })],
  [/^ with a header of (\d+) words/, (plan, words) => Object.assign(plan, { words: Number(words) })],
  [/^ of (\d+) bytes/, (plan, size) => Object.assign(plan, { size: Number(size) })],
  [/^ cut to (\d+) bytes/, (plan, cut) => Object.assign(plan, { cut: Number(cut) })],
];

/** @throws Error that names the words which it does not know. */
export function frame(sentence: string): Frame {
  const plan: Plan = {
    protocol: 6,
    port: 80,
    flags: 0,
    tags: [],
    extensions: [],
    options: 0,
    offset: 0,
    more: false,
    size: 0,
    cut: Number.POSITIVE_INFINITY,
  };
  for (let rest = sentence; rest !== ''; ) {
    const [words, read] = phraseOf(rest, sentence);
    read(plan, ...words.slice(1));
    rest = rest.slice(words[0].length);
  }
  return build(plan);
}

function phraseOf(rest: string, sentence: string): [RegExpExecArray, (plan: Plan, ...words: string[]) => void] {
  for (const [pattern, read] of PHRASES) {
    const words = pattern.exec(rest);
    if (words) return [words, read];
  }
  throw new Error(`a frame of ${JSON.stringify(sentence)}: no such words as ${JSON.stringify(rest)}`);
}

/** Not `parse`, for which an IPv4-mapped address is an IPv4 one: a packet may say otherwise. */
function sourceOf(address: string): Prefix {
  const mapped = /^::ffff:([0-9.]+)$/.exec(address);
  if (!mapped) return Prefix.parse(address);
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(0xffff, 10);
  Prefix.parse(mapped[1] as string).write(bytes, 12);
  return Prefix.fromBytes(bytes);
}

function build(plan: Plan): Frame {
  const ethernet = ethernetOf(plan);
  if (!plan.source) return cut([ethernet, Buffer.alloc(50)], plan, 0, 0);
  const payload = Buffer.alloc(20);
  payload.writeUInt16BE(40000, 0);
  payload.writeUInt16BE(plan.port, 2);
  payload[13] = plan.flags;
  const network = plan.source.family === 4 ? [ipv4Of(plan, plan.source)] : ipv6Of(plan, plan.source);
  const header = ethernet.length + (network[0] as Buffer).length;
  const ports = ethernet.length + Buffer.concat(network).length + 4;
  return cut([ethernet, ...network, payload], plan, header, ports);
}

function cut(parts: readonly Buffer[], { size, cut: most }: Plan, header: number, ports: number): Frame {
  const whole = Buffer.concat(parts);
  const bytes = Buffer.concat([whole, Buffer.alloc(Math.max(0, size - whole.length), 0xee)]);
  return { bytes: bytes.subarray(0, Math.min(most, bytes.length)), header, ports };
}

function ethernetOf({ tags, ethertype, source }: Plan): Buffer {
  const bytes = Buffer.alloc(14 + tags.length * 4);
  bytes.fill(0x02, 0, 12);
  const types = [...tags, ethertype ?? (source?.family === 6 ? 0x86dd : 0x0800)];
  for (const [index, type] of types.entries()) bytes.writeUInt16BE(type, 12 + index * 4);
  return bytes;
}

function ipv4Of({ protocol, options, version, words, offset, more }: Plan, source: Prefix): Buffer {
  const bytes = Buffer.alloc(20 + options, 1);
  bytes[0] = ((version ?? 4) << 4) | (words ?? bytes.length / 4);
  bytes.writeUInt16BE(bytes.length + 20, 2);
  bytes.writeUInt16BE((more ? 0x2000 : 0) | offset, 6);
  bytes[8] = 64;
  bytes[9] = protocol;
  source.write(bytes, 12);
  Prefix.parse('203.0.113.254').write(bytes, 16);
  return bytes;
}

/** The header, and then the extension headers: a fragment's has a size of its own, and the routing header is a long one. */
function ipv6Of({ protocol, extensions, version, offset, more }: Plan, source: Prefix): Buffer[] {
  const chain = offset > 0 || more ? [...extensions, EXTENSIONS.fragment] : extensions;
  const bytes = Buffer.alloc(40);
  bytes[0] = (version ?? 6) << 4;
  bytes[6] = chain[0] ?? protocol;
  bytes[7] = 64;
  source.write(bytes, 8);
  Prefix.parse('2001:db8:ffff::254').write(bytes, 24);
  return [
    bytes,
    ...chain.map((kind, index) => {
      const words = kind === EXTENSIONS.routing ? 2 : 0;
      const header = Buffer.alloc(8 + words * 8);
      header[0] = chain[index + 1] ?? protocol;
      header[1] = words;
      if (kind === EXTENSIONS.fragment) header.writeUInt16BE((offset << 3) | (more ? 1 : 0), 2);
      return header;
    }),
  ];
}
