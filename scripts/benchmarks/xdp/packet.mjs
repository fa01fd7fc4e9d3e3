// What the program itself adds to a packet, by BPF_PROG_TEST_RUN.
import { Prefix } from '../../../dist/model/prefix.js';
import { publish } from '../table.mjs';
import { ADDRESSES, ban, PREFIXES } from './full.mjs';
import { address4, address6, KIND, listed4, listed6, range } from './numbers.mjs';
import { compare } from './programs.mjs';

/** Numbers that nobody ever bans. */
const CLEAN = { first: 2 ** 21, count: 2 ** 31 };
const CLEAN_ONE = { first: 2 ** 21 + 1, count: 1 };
const ONE = { first: 7, count: 1 };

/** Never listed, and in the middle of a banned /16: all of them by their own numbers. */
const BANNED_AROUND = Prefix.parse('100.71.0.0/16');
const ALLOWED = Prefix.parse('100.71.5.0/24');
const IN_ALLOWED = { first: 0x64470500, count: 256 };

const STAGES = [
  { addresses: 0, prefixes: 0 },
  { addresses: 1_000, prefixes: 100 },
  { addresses: ADDRESSES, prefixes: PREFIXES },
];

/** @returns rows: what a packet is, its aim for so many bans, and how much it may cost with most of them. */
function kinds({ addresses, prefixes }) {
  const many = { first: 0, count: addresses };
  const listed = { first: 0, count: prefixes };
  return [
    { name: 'clean IPv4, random', kind: KIND.ADDRESS4, ...CLEAN, expect: 'clean', target: 40 },
    { name: 'clean IPv4, one source', kind: KIND.ADDRESS4, ...CLEAN_ONE, expect: 'clean', target: 8 },
    { name: 'clean IPv6, random', kind: KIND.ADDRESS6, ...CLEAN, expect: 'clean', target: 45 },
    { name: 'clean IPv6, one source', kind: KIND.ADDRESS6, ...CLEAN_ONE, expect: 'clean', target: 12 },
    { name: 'banned IPv4, one attacker', kind: KIND.ADDRESS4, ...ONE, expect: 'banned', target: 45 },
    { name: 'banned IPv4, each packet another', kind: KIND.ADDRESS4, ...many, expect: 'banned', target: 220 },
    { name: 'in a banned IPv4 prefix, each another', kind: KIND.LISTED4, ...listed, expect: 'banned', target: 120 },
    { name: 'banned IPv6, one attacker', kind: KIND.ADDRESS6, ...ONE, expect: 'banned' },
    { name: 'banned IPv6, each packet another', kind: KIND.ADDRESS6, ...many, expect: 'banned' },
    { name: 'in a banned IPv6 prefix, each another', kind: KIND.LISTED6, ...listed, expect: 'banned' },
    { name: 'never listed, in a banned prefix', kind: KIND.PLAIN4, ...IN_ALLOWED, expect: 'allowed' },
  ];
}

/** All of a family's addresses and prefixes up to these, but those that stand already. */
function banUpTo(tables, from, to) {
  ban(tables, range(address4, from.addresses, to.addresses));
  ban(tables, range(address6, from.addresses, to.addresses));
  ban(tables, range(listed4, from.prefixes, to.prefixes));
  ban(tables, range(listed6, from.prefixes, to.prefixes));
}

/** Fills the tables, and publishes what packets cost before, meanwhile and after. */
export function measurePackets({ tables, allow }, programs) {
  allow([ALLOWED]);
  ban(tables, [BANNED_AROUND]);
  const rows = new Map();
  let before = STAGES[0];
  for (const stage of STAGES) {
    banUpTo(tables, before, stage);
    before = stage;
    const aims = kinds(stage).filter(({ expect }) => stage.addresses > 0 || expect !== 'banned');
    for (const [index, times] of compare(programs, ['aimed'], aims).entries()) {
      const { name } = aims[index];
      rows.set(name, [...(rows.get(name) ?? []), times.get('aimed')]);
    }
  }
  publish(
    'xdp-packet',
    ['ns a packet on top of an empty XDP program, best of 5', '0', '1,000 and 100', '1,000,000 and 100,000', 'target'],
    kinds(STAGES[2]).map(({ name, target }) => [name, ...cells(rows.get(name)), target ?? '']),
    [
      'Columns: so many addresses and so many prefixes of IPv4, and as many again of IPv6, with element counters. Random addresses come from anywhere; of those with a target, the target is for the last column.',
    ],
  );
}

/** Where nothing was banned there is no banned packet. */
const cells = (numbers) => [...new Array(STAGES.length - numbers.length).fill(''), ...numbers];
