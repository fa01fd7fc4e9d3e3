import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { decodePacket } from '../../../src/nflog/packet.js';

const bytesOf = (address: string): Buffer => {
  const prefix = Prefix.parse(address);
  const bytes = Buffer.alloc(prefix.family === 4 ? 4 : 16);
  prefix.write(bytes, 0);
  return bytes;
};

const attribute = (type: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + payload.length);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
};

/** As the kernel sends it: struct nfgenmsg, the interface it came by, the packet. */
const message = (packet: Buffer): Buffer =>
  Buffer.concat([Buffer.from([2, 0, 0, 7]), attribute(4, Buffer.from([0, 0, 0, 9])), attribute(9, packet)]);

const PORTS = Buffer.from([0xab, 0xcd, 0, 22, 0, 0, 0, 0]);

function four(protocol: number, { fragment = 0, options = 0 } = {}): Buffer {
  const header = Buffer.alloc(20 + options * 4);
  header[0] = 0x45 + options;
  header.writeUInt16BE(fragment, 6);
  header[9] = protocol;
  bytesOf('192.0.2.7').copy(header, 12);
  bytesOf('198.51.100.1').copy(header, 16);
  return Buffer.concat([header, PORTS]);
}

/** @param chain extension headers, each with its own number and its octets from the second one on. */
function six(chain: readonly (readonly [number, ...number[]])[], protocol: number): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header[6] = chain[0]?.[0] ?? protocol;
  bytesOf('2001:db8::7').copy(header, 8);
  bytesOf('2001:db8:1::1').copy(header, 24);
  const extensions = chain.map(([, ...rest], index) => Buffer.from([chain[index + 1]?.[0] ?? protocol, ...rest]));
  return Buffer.concat([header, ...extensions, PORTS]);
}

const zeros = (count: number): number[] => new Array(count).fill(0);

t.test('where a packet is from, where it goes, and how', async (t) => {
  const [options, routing] = [
    [0, 0, ...zeros(6)],
    [43, 1, ...zeros(14)],
  ] as const;
  for (const [name, packet, protocol, port] of [
    ['TCP', four(6), 6, 22],
    ['with options', four(6, { options: 3 }), 6, 22],
    ['the first fragment', four(17, { fragment: 0x2000 }), 17, 22],
    ['another fragment', four(17, { fragment: 0x2001 }), 17, undefined],
    ['ICMP', four(1), 1, undefined],
    ['IPv6', six([], 6), 6, 22],
    ['DCCP behind two headers', six([options, routing], 33), 33, 22],
    ['IPv6, the first fragment', six([[44, 0, 0, 1, ...zeros(4)]], 17), 17, 22],
    ['IPv6, another fragment', six([[44, 0, 0, 8, ...zeros(4)]], 17), 17, undefined],
    ['behind authentication', six([[51, 4, ...zeros(22)]], 6), 6, 22],
    ['eight headers', six(new Array(8).fill(options), 6), 6, 22],
    ['nine are not passed', six(new Array(9).fill(options), 6), 0, undefined],
    ['ICMPv6', six([], 58), 58, undefined],
  ] as const) {
    const found = decodePacket(message(packet));
    const [source, destination] =
      (packet[0] as number) >> 4 === 4 ? ['192.0.2.7', '198.51.100.1'] : ['2001:db8::7', '2001:db8:1::1'];
    t.same([found?.source.text, found?.destination.text], [source, destination], name);
    t.same([found?.protocol, found?.port], [protocol, port], name);
  }
});

t.test('what is cut short says what is there, or nothing', async (t) => {
  for (const packet of [four(6), six([[0, 0, ...zeros(6)]], 6), six([[51, 255, ...zeros(6)]], 6)]) {
    const header = packet[0] === 0x60 ? 40 : 20;
    for (let length = 0; length <= packet.length; length++) {
      const found = decodePacket(message(packet.subarray(0, length)));
      t.equal(found !== undefined, length >= header, `${length} octets`);
    }
  }
  t.equal(decodePacket(message(Buffer.from([0x50, ...zeros(60)]))), undefined, 'another version');
  t.equal(decodePacket(Buffer.from([2, 0, 0, 7])), undefined, 'no packet');
  t.equal(decodePacket(Buffer.alloc(0)), undefined);
});
