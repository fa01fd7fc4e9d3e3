// The same packets through the structures that XDP programs usually have.
import { publish } from '../table.mjs';
import { ADDRESSES, PREFIXES } from './full.mjs';
import { KIND, listed4, number4 } from './numbers.mjs';
import { bulk, compare, memoryOf } from './programs.mjs';

const AIMS = [
  { kind: KIND.ADDRESS4, first: 2 ** 21, count: 2 ** 31, expect: 'clean' },
  { kind: KIND.ADDRESS4, first: 2 ** 21 + 1, count: 1, expect: 'clean' },
  { kind: KIND.ADDRESS4, first: 0, count: ADDRESSES, expect: 'banned' },
  { kind: KIND.ADDRESS4, first: 7, count: 1, expect: 'banned' },
];
const IN_PREFIX = { kind: KIND.LISTED4, first: 0, count: PREFIXES, expect: 'banned' };

/** Keys of the map `hashed`: addresses as numbers of this machine. */
export function hashKeys() {
  const keys = Buffer.alloc(ADDRESSES * 4);
  for (let number = 0; number < ADDRESSES; number++) keys.writeUInt32LE(number4(number), number * 4);
  return keys;
}

/** Keys of the map `trie`: a length, and an address of network order. */
function trieKeys() {
  const keys = Buffer.alloc((ADDRESSES + PREFIXES) * 8);
  for (let number = 0; number < ADDRESSES; number++) {
    keys.writeUInt32LE(32, number * 8);
    keys.writeUInt32BE(number4(number), number * 8 + 4);
  }
  for (let number = 0; number < PREFIXES; number++) {
    const prefix = listed4(number);
    keys.writeUInt32LE(prefix.length, (ADDRESSES + number) * 8);
    prefix.write(keys, (ADDRESSES + number) * 8 + 4);
  }
  return keys;
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/**
 * Publishes them beside the tables, which are full.
 *
 * @param memory bytes that the tables take for IPv4.
 */
export function compareStructures(programs, memory) {
  const { hashed, trie } = programs.maps;
  bulk(hashed, 4, hashKeys());
  bulk(trie, 8, trieKeys());
  const times = compare(programs, ['aimed', 'in_hash', 'in_trie'], AIMS);
  const [inPrefix] = compare(programs, ['aimed', 'in_trie'], [IN_PREFIX]);
  const row = (name, program, bytes) => [
    name,
    ...times.map((each) => each.get(program)),
    inPrefix.get(program) ?? '',
    megabytes(bytes),
  ];
  publish(
    'xdp-structures',
    [
      'ns a packet on top of an empty XDP program, best of 5',
      'clean, random',
      'clean, one',
      'banned, each another',
      'banned, one',
      'in a prefix',
      'memory by the kernel',
    ],
    [
      row('dropset, 1,000,000 addresses, 100,000 prefixes', 'aimed', memory),
      row('BPF hash, 1,000,000 addresses', 'in_hash', memoryOf(hashed)),
      row('BPF LPM trie, 1,000,000 addresses, 100,000 prefixes', 'in_trie', memoryOf(trie)),
    ],
    [
      `IPv4 alone. dropset counts each element's packets; the others check for an end and count all packets in one counter. The empty program itself: ${times[0].get('empty')} ns. Of a trie the kernel leaves its inner nodes out.`,
    ],
  );
}
