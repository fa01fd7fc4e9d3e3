/** The program on packets: native/bpf has no other test than what becomes of frames. */
import t from 'tap';
import { ADD } from '../../../src/bpf/records.js';
import { readTallies, sum, type Verdict } from '../../../src/bpf/tallies.js';
import { Prefix } from '../../../src/model/prefix.js';
import { frame } from '../../frames.js';
import { Loaded, XDP } from '../../tables.js';

function scopes(loaded: Loaded): void {
  loaded.scope('tcp/22 udp/*', Number.POSITIVE_INFINITY, '203.0.113.9');
  loaded.scope('observe tcp/22', Number.POSITIVE_INFINITY, '203.0.113.11');
  loaded.scope('tcp/20-22,1000-2000 udp/0', Number.POSITIVE_INFINITY, '203.0.113.12');
  loaded.scope('tcp/22', 0, '203.0.113.13');
  loaded.scope('udp/53', Number.POSITIVE_INFINITY, '203.0.113.16/28');
  loaded.scope('observe tcp/22,23', Number.POSITIVE_INFINITY, '203.0.113.20');
  loaded.scope('tcp/22 sctp/*', Number.POSITIVE_INFINITY, '2001:db8:9::9');
}

function furnish(loaded: Loaded): void {
  loaded.ban('192.0.2.7', '198.51.100.0/24', '10.0.0.0/8', '172.16.5.5', '0.0.0.0', '255.255.255.255');
  loaded.ban('2001:db8::1', '2001:db8:1::/48', '2001:db8:2:3::/64', '2001:db8:2:4:8000::/65', '2001:db8:2:5::8/125');
  loaded.ban('2001:db9::/33', '192.0.2.32/30', '192.0.2.36/31');
  loaded.observe('192.0.2.8', '172.16.0.0/12', '2001:db8::2', '2001:db8:4::/64');
  loaded.put(ADD, 0, '192.0.2.9', '2001:db8::3', '192.0.3.0/24');
  loaded.allow('198.51.100.64/26', '198.51.100.200', '2001:db8:1:5::/64', '10.9.9.9', '2001:db8:1::77');
  scopes(loaded);
}

const TABLE: readonly (readonly [string, Verdict])[] = [
  ['a TCP segment to port 22 from 192.0.2.7', 'banned'],
  ['a UDP datagram to port 53 from 192.0.2.7', 'banned'],
  ['an ICMP message from 192.0.2.7', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.6', 'clean'],
  ['a TCP segment to port 22 from 192.0.2.8', 'observed'],
  ['a TCP segment to port 22 from 192.0.2.9', 'clean'],
  ['a TCP segment to port 22 from 192.0.3.9', 'clean'],
  ['a TCP segment to port 22 from 192.0.2.31', 'clean'],
  ['a TCP segment to port 22 from 192.0.2.32', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.35', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.37', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.38', 'clean'],
  ['a TCP segment to port 22 from 0.0.0.0', 'banned'],
  ['a TCP segment to port 22 from 0.0.0.1', 'clean'],
  ['a TCP segment to port 22 from 255.255.255.255', 'banned'],
  ['a TCP segment to port 22 from 198.51.100.1', 'banned'],
  ['a TCP segment to port 22 from 198.51.100.63', 'banned'],
  ['a TCP segment to port 22 from 198.51.100.64', 'allowed'],
  ['a TCP segment to port 22 from 198.51.100.127', 'allowed'],
  ['a TCP segment to port 22 from 198.51.100.128', 'banned'],
  ['a TCP segment to port 22 from 198.51.100.200', 'allowed'],
  ['a TCP segment to port 22 from 10.255.255.255', 'banned'],
  ['a TCP segment to port 22 from 10.9.9.9', 'allowed'],
  ['a TCP segment to port 22 from 11.0.0.0', 'clean'],
  ['a TCP segment to port 22 from 172.31.255.255', 'observed'],
  ['a TCP segment to port 22 from 172.16.5.5', 'banned'],
  ['a TCP segment to port 22 from 2001:db8::1', 'banned'],
  ['a UDP datagram to port 53 from 2001:db8::1 behind two VLAN tags', 'banned'],
  ['a TCP segment to port 22 from 2001:db8::2', 'observed'],
  ['a TCP segment to port 22 from 2001:db8::3', 'clean'],
  ['a TCP segment to port 22 from 2001:db8::4', 'clean'],
  ['a TCP segment to port 22 from 2001:db8:1:ffff::1', 'banned'],
  ['a TCP segment to port 22 from 2001:db8:1:5::1', 'allowed'],
  ['a TCP segment to port 22 from 2001:db8:1::77', 'allowed'],
  ['a TCP segment to port 22 from 2001:db8:1::78', 'banned'],
  ['a TCP segment to port 22 from 2001:db8:2:3:ffff::', 'banned'],
  ['a TCP segment to port 22 from 2001:db8:2:4::', 'clean'],
  ['a TCP segment to port 22 from 2001:db8:2:4:8000::', 'banned'],
  ['a TCP segment to port 22 from 2001:db8:2:5::f', 'banned'],
  ['a TCP segment to port 22 from 2001:db8:2:5::10', 'clean'],
  ['a TCP segment to port 22 from 2001:db8:4:0:1::', 'observed'],
  ['a TCP segment to port 22 from 2001:db8:4:1::', 'clean'],
  ['a TCP segment to port 22 from 2001:db9:7fff::1', 'banned'],
  ['a TCP segment to port 22 from 2001:db9:8000::1', 'clean'],
  ['a TCP segment to port 22 from 2001:dba::1', 'clean'],
  // An IPv6 packet that says so is none of IPv4's.
  ['a TCP segment to port 22 from ::ffff:192.0.2.7', 'clean'],
  ['a TCP segment to port 22 from ::ffff:198.51.100.64', 'clean'],
  // Link layer.
  ['a TCP segment to port 22 from 192.0.2.7 behind a VLAN tag', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.7 behind two VLAN tags', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.7 behind an 802.1ad tag and a VLAN tag', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.7 behind three VLAN tags', 'unknown'],
  ['an ARP request', 'unknown'],
  ['an ARP request behind a VLAN tag', 'unknown'],
  ['an LLDP frame', 'unknown'],
  ['an 802.3 frame', 'unknown'],
  ['a PPPoE frame from 192.0.2.7', 'unknown'],
  ['an MPLS packet from 192.0.2.7', 'unknown'],
  // IP headers.
  ['a TCP segment to port 22 from 192.0.2.7 with 40 bytes of options', 'banned'],
  ['a TCP segment to port 22 from 192.0.2.6 with 40 bytes of options', 'clean'],
  ['a TCP segment to port 22 from 192.0.2.7 with a header of 4 words', 'malformed'],
  ['a TCP segment to port 22 from 192.0.2.7 with a header of 0 words', 'malformed'],
  ['a TCP segment to port 22 from 192.0.2.7 with a header of 11 words', 'malformed'],
  ['a TCP segment to port 22 from 192.0.2.7 with version 6', 'malformed'],
  ['a TCP segment to port 22 from 2001:db8::1 with version 4', 'malformed'],
  ['a later fragment of a TCP segment to port 22 from 192.0.2.7', 'banned'],
  ['the first fragment of a UDP datagram to port 53 from 2001:db8::1', 'banned'],
  ['a later fragment of a UDP datagram to port 53 from 2001:db8::1', 'banned'],
  ['a TCP segment to port 22 from 2001:db8::1 behind a hop-by-hop header and a routing header', 'banned'],
  ['a TCP segment to port 22 from 2001:db8::1 behind six destination headers', 'banned'],
];

/** From addresses with bans of single ports. */
const PORTS: readonly (readonly [string, Verdict])[] = [
  ['a TCP segment to port 22 from 203.0.113.9', 'banned'],
  ['a TCP segment to port 22 from 203.0.113.9 with 40 bytes of options', 'banned'],
  ['a TCP segment to port 22 from 203.0.113.9 behind an 802.1ad tag', 'banned'],
  ['a TCP segment to port 23 from 203.0.113.9', 'clean'],
  ['a TCP segment to port 5632 from 203.0.113.9', 'clean'],
  ['a UDP datagram to port 22 from 203.0.113.9', 'banned'],
  ['a UDP datagram to port 9 from 203.0.113.9', 'banned'],
  ['an ICMP message from 203.0.113.9', 'clean'],
  ['the first fragment of a TCP segment to port 22 from 203.0.113.9', 'banned'],
  ['a later fragment of a TCP segment to port 22 from 203.0.113.9', 'clean'],
  ['a later fragment of a UDP datagram to port 22 from 203.0.113.9', 'banned'],
  ['a TCP segment to port 22 from 203.0.113.11', 'observed'],
  ['a TCP segment to port 22 from 203.0.113.12', 'banned'],
  ['a TCP segment to port 19 from 203.0.113.12', 'clean'],
  ['a TCP segment to port 23 from 203.0.113.12', 'clean'],
  ['a TCP segment to port 1000 from 203.0.113.12', 'banned'],
  ['a TCP segment to port 2000 from 203.0.113.12', 'banned'],
  ['a TCP segment to port 2001 from 203.0.113.12', 'clean'],
  ['a UDP datagram to port 0 from 203.0.113.12', 'banned'],
  ['a later fragment of a UDP datagram to port 0 from 203.0.113.12', 'clean'],
  ['a UDP datagram to port 53 from 203.0.113.20', 'banned'],
  ['a TCP segment to port 23 from 203.0.113.20', 'observed'],
  ['a TCP segment to port 22 from 203.0.113.13', 'clean'],
  ['a UDP datagram to port 53 from 203.0.113.31', 'banned'],
  ['a UDP datagram to port 53 from 203.0.113.32', 'clean'],
  ['a UDP datagram to port 54 from 203.0.113.31', 'clean'],
  ['a TCP segment to port 22 from 2001:db8:9::9', 'banned'],
  ['a TCP segment to port 23 from 2001:db8:9::9', 'clean'],
  ['a SCTP packet to port 7 from 2001:db8:9::9', 'banned'],
  ['a TCP segment to port 22 from 2001:db8:9::9 behind a hop-by-hop header and a routing header', 'banned'],
  ['a TCP segment to port 22 from 2001:db8:9::9 behind four destination headers', 'banned'],
  ['the first fragment of a TCP segment to port 22 from 2001:db8:9::9 behind three destination headers', 'banned'],
  ['a later fragment of a TCP segment to port 22 from 2001:db8:9::9', 'clean'],
  // Behind more headers than are walked no port is known; whoever needs so many can be banned as a whole.
  ['a TCP segment to port 22 from 2001:db8:9::9 behind five destination headers', 'clean'],
];

/** The shortest frame that a test run takes. */
const LEAST = 14;

t.test('a table of packets', async (t) => {
  const loaded = new Loaded(t);
  furnish(loaded);
  for (const [sentence, expected] of [...TABLE, ...PORTS])
    t.equal(loaded.verdict(frame(sentence).bytes), expected, sentence);
});

t.test('the same, cut short at every byte', async (t) => {
  const loaded = new Loaded(t);
  furnish(loaded);
  for (const [sentence, expected] of [...TABLE, ...PORTS]) {
    const { bytes, header, ports } = frame(sentence);
    const needed = PORTS.some(([other]) => other === sentence) ? ports : header;
    const wrong: string[] = [];
    for (let length = LEAST; length < bytes.length; length++) {
      const found = loaded.verdict(bytes.subarray(0, length));
      if (!expectedOf(length, expected, header, needed, bytes).includes(found)) wrong.push(`${length}: ${found}`);
    }
    t.same(wrong, [], sentence);
  }
});

/** What may be said of a beginning: nothing of who sent it; the same; or, while ports are wanted, what holds for all of them. */
function expectedOf(length: number, expected: Verdict, header: number, needed: number, bytes: Buffer): string[] {
  const isTagged = [0x8100, 0x88a8].includes(bytes.readUInt16BE(12));
  if (expected === 'unknown') return [isTagged && length < tagsOf(bytes) ? 'malformed' : 'unknown'];
  if (length < header || expected === 'malformed') return ['malformed'];
  return length < needed ? [expected, 'clean', 'observed'] : [expected];
}

/** Behind the tags that are looked at. */
function tagsOf(bytes: Buffer): number {
  const isInner = [0x8100, 0x88a8].includes(bytes.readUInt16BE(LEAST + 2));
  return LEAST + (isInner ? 8 : 4);
}

t.test('a ban of all ports needs no ports', async (t) => {
  const loaded = new Loaded(t);
  loaded.ban('192.0.2.7', '2001:db8::1');
  for (const source of ['192.0.2.7', '2001:db8::1']) {
    const { bytes, header } = frame(`a TCP segment to port 22 from ${source}`);
    t.equal(loaded.verdict(bytes.subarray(0, header)), 'banned');
    t.equal(loaded.verdict(bytes.subarray(0, header - 1)), 'malformed');
  }
});

t.test('large frames', async (t) => {
  const loaded = new Loaded(t);
  loaded.ban('192.0.2.7', '2001:db8::1');
  for (const source of ['192.0.2.7', '192.0.2.6', '2001:db8::1', '2001:db8::2']) {
    for (const size of [1514, 3400, 3500]) {
      const { bytes } = frame(`a UDP datagram to port 53 from ${source} of ${size} bytes`);
      t.equal(loaded.verdict(bytes), /[71]$/.test(source) ? 'banned' : 'clean', `${size} bytes from ${source}`);
    }
    // In several pieces: the first, with the headers, is counted.
    for (const size of [9014, 65_000, 65_536]) {
      const { bytes } = frame(`a UDP datagram to port 53 from ${source} of ${size} bytes`);
      t.equal(loaded.run(bytes), /[71]$/.test(source) ? 1 : 2, `${size} bytes from ${source}`);
    }
  }
});

const shifted = (prefix: Prefix, by: bigint): string => {
  const bytes = Buffer.alloc(16);
  prefix.write(bytes, prefix.family === 4 ? 12 : 0);
  const number = (BigInt(`0x${bytes.toString('hex')}`) + by) & (2n ** (prefix.family === 4 ? 32n : 128n) - 1n);
  const moved = Buffer.from(number.toString(16).padStart(32, '0'), 'hex');
  return Prefix.fromBytes(prefix.family === 4 ? moved.subarray(12) : moved).text;
};

t.test('prefixes of every length: the first and the last address are in, their neighbours are not', async (t) => {
  const loaded = new Loaded(t);
  for (const address of ['170.85.170.85', '2aaa:5555:aaaa:5555:aaaa:5555:aaaa:5555']) {
    const width = address.includes(':') ? 128 : 32;
    for (let length = 0; length <= width; length++) {
      const prefix = Prefix.parse(`${address}/${length}`);
      const size = 2n ** BigInt(width - length);
      t.ok(loaded.ban(prefix.text));
      const inside = [0n, size / 2n, size - 1n].map((by) => loaded.drops(shifted(prefix, by)));
      t.same(inside, [true, true, true], `${prefix.text}: inside`);
      const outside = length === 0 ? [] : [-1n, size].map((by) => loaded.drops(shifted(prefix, by)));
      t.notOk(outside.includes(true), `${prefix.text}: outside`);
      if (length % 8 === 0) {
        loaded.sweep();
        t.ok(loaded.drops(shifted(prefix, 0n)), `${prefix.text}: behind a sweep`);
      }
      loaded.unban(prefix.text);
      t.notOk(loaded.drops(shifted(prefix, 0n)), `${prefix.text}: not any more`);
    }
  }
});

t.test('allowed prefixes of every length', async (t) => {
  const loaded = new Loaded(t);
  for (const address of ['170.85.170.85', '2aaa:5555:aaaa:5555:aaaa:5555:aaaa:5555']) {
    const width = address.includes(':') ? 128 : 32;
    loaded.ban(`${address}/0`);
    for (let length = 0; length <= width; length++) {
      const prefix = Prefix.parse(`${address}/${length}`);
      loaded.allow(prefix.text);
      if (length % 8 === 0) loaded.sweep();
      t.notOk(loaded.drops(shifted(prefix, 0n)), `${prefix.text}: inside`);
      if (length > 0) t.ok(loaded.drops(shifted(prefix, -1n)), `${prefix.text}: outside`);
    }
  }
  loaded.ban('192.0.2.0/24', '192.0.2.1', '2001:db8::1');
  loaded.allow('::/0');
  t.ok(loaded.drops('192.0.2.1'), 'all of IPv6 allowed says nothing of IPv4');
  t.notOk(loaded.drops('2001:db8::1'));
  loaded.allow('0.0.0.0/0');
  t.notOk(loaded.drops('192.0.2.1'));
  t.ok(loaded.drops('2001:db8::1'));
});

t.test('packets are counted for their element', async (t) => {
  const loaded = new Loaded(t);
  loaded.ban('192.0.2.7', '198.51.100.0/24', '2001:db8::1', '2001:db8:1::/48');
  loaded.observe('192.0.2.8');
  const sent = { '192.0.2.7': 3, '198.51.100.9': 200, '2001:db8::1': 64, '2001:db8:1::5': 65, '192.0.2.8': 129 };
  for (const [source, repeat] of Object.entries(sent)) {
    const { bytes } = frame(`a TCP segment to port 22 from ${source} of 100 bytes`);
    t.equal(loaded.verdict(bytes, repeat), source === '192.0.2.8' ? 'observed' : 'banned');
  }
  const prefixes = ['192.0.2.7', '198.51.100.0/24', '2001:db8::1', '2001:db8:1::/48', '192.0.2.8'];
  const found = loaded.tables.find(prefixes.map((text) => Prefix.parse(text)));
  const { pending } = readTallies(loaded.program.maps);
  for (const [index, repeat] of Object.values(sent).entries()) {
    const element = found[index];
    const rest = pending.filter(({ slot, tag }) => slot === element?.slot && tag === element.tag);
    const { packets, bytes } = sum([element ?? { packets: 0, bytes: 0 }, ...rest]);
    t.same({ packets, bytes }, { packets: repeat, bytes: repeat * 100 }, prefixes[index] as string);
  }
});

t.test('nobody counts for an element that has gone, and nothing where it is not wanted', async (t) => {
  const loaded = new Loaded(t);
  const { bytes } = frame('a TCP segment to port 22 from 192.0.2.7');
  loaded.ban('192.0.2.7');
  loaded.run(bytes, 10);
  loaded.unban('192.0.2.7');
  loaded.ban('192.0.2.9');
  loaded.run(frame('a TCP segment to port 22 from 192.0.2.9').bytes, 100);
  const [gone, other] = loaded.tables.find([Prefix.parse('192.0.2.7'), Prefix.parse('192.0.2.9')]);
  t.equal(gone, undefined);
  t.ok((other?.packets ?? 0) <= 100, `${other?.packets}`);
  const uncounted = new Loaded(t, { addresses: 100, prefixes: 100, counting: false });
  uncounted.ban('192.0.2.7');
  t.equal(uncounted.verdict(bytes, 100), 'banned');
  t.equal(uncounted.tables.find([Prefix.parse('192.0.2.7')])[0]?.packets, 0);
  t.same(readTallies(uncounted.program.maps).pending, []);
});

t.test('words that nobody knows make no frame', async (t) => {
  t.throws(
    () => frame('a TCP segment to port 22 from 192.0.2.7 behind the moon'),
    /no such words as " behind the moon"/,
  );
  t.equal(frame('an ARP request cut to 13 bytes').bytes.length, 13);
});

t.test('of TCP only what opens a connection is dropped, by the program that spares the rest', async (t) => {
  const loaded = new Loaded(t, undefined, true);
  furnish(loaded);
  const drops = (sentence: string): boolean => loaded.run(frame(sentence).bytes) === XDP.DROP;
  for (const from of ['192.0.2.7', '198.51.100.9', '2001:db8::1', '2001:db8:1::9']) {
    const segment = `a TCP segment to port 40000 from ${from}`;
    for (const flags of ['ACK', 'SYN and ACK', 'RST', 'PSH and ACK', 'FIN and ACK']) {
      t.notOk(drops(`${segment} with flags ${flags}`), `${flags} from ${from}`);
    }
    for (const flags of ['SYN', 'FIN', 'PSH', 'SYN and FIN']) {
      t.ok(drops(`${segment} with flags ${flags}`), `${flags} from ${from}`);
    }
    t.ok(drops(`a UDP datagram to port 40000 from ${from}`));
    t.ok(drops(`a later fragment of ${segment} with flags ACK`), 'nobody knows its flags');
    t.ok(drops(`${segment} with flags ACK cut to 60 bytes`) || !from.includes(':'), 'cut short');
  }
  t.ok(drops('an ICMP message from 192.0.2.7'));
  t.notOk(drops('a TCP segment to port 22 from 192.0.2.6 with flags SYN'), 'a clean one');
  const packets = (verdict: Verdict): number => sum([readTallies(loaded.program.maps).verdicts[verdict]]).packets;
  t.ok(packets('allowed') >= 20 && packets('banned') >= 24);
  const other = new Loaded(t);
  furnish(other);
  t.equal(other.run(frame('a TCP segment to port 22 from 192.0.2.7 with flags ACK').bytes), XDP.DROP);
});
