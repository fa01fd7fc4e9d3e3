// 1,000,000 addresses into the tables, beside a BPF hash by batches of system calls.
import { performance } from 'node:perf_hooks';
import { closeDescriptor } from '../../../dist/bpf/pins.js';
import { best, ms, publish, times } from '../table.mjs';
import { ADDRESSES, ban, openTables, PREFIXES } from './full.mjs';
import { address4, address6, listed4, range } from './numbers.mjs';
import { bulk, loadPrograms } from './programs.mjs';
import { hashKeys } from './structures.mjs';

const ROUNDS = 3;

/** Into new tables, encoding included. Milliseconds. */
function intoTables(prefixes) {
  const opened = openTables();
  const start = performance.now();
  ban(opened.tables, prefixes);
  const time = performance.now() - start;
  opened.close();
  return time;
}

function intoHash(opened, keys) {
  const { maps, ...programs } = loadPrograms(opened.program);
  const time = bulk(maps.hashed, 4, keys);
  for (const descriptor of [...Object.values(programs), ...Object.values(maps)]) closeDescriptor(descriptor);
  return time;
}

/**
 * Publishes the rates.
 *
 * @param backend milliseconds of loads through the whole backend.
 */
export function measureLoad(backend) {
  const lists = [
    { name: '1,000,000 IPv4 addresses into the tables', prefixes: range(address4, 0, ADDRESSES), target: '2.00 M/s' },
    { name: '1,000,000 IPv6 addresses into the tables', prefixes: range(address6, 0, ADDRESSES), target: '' },
    { name: '100,000 IPv4 prefixes into the tables', prefixes: range(listed4, 0, PREFIXES), target: '' },
  ].map((list) => ({ ...list, taken: [] }));
  const keys = hashKeys();
  const hash = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const { prefixes, taken } of lists) taken.push(intoTables(prefixes));
    const opened = openTables();
    hash.push(intoHash(opened, keys));
    opened.close();
  }
  const rate = (count, taken) => count / best(taken) / 1000;
  const row = (name, count, taken, target) => [
    name,
    ms(best(taken)),
    `${rate(count, taken).toFixed(2)} M/s`,
    times(rate(count, taken) / rate(ADDRESSES, hash)),
    target,
  ];
  publish(
    'xdp-load',
    ['into empty tables', 'best of 3', 'rate', 'times as fast as the hash', 'target'],
    [
      ...lists.map(({ name, prefixes, taken, target }) => row(name, prefixes.length, taken, target)),
      row('1,000,000 IPv4 addresses through writer and backend, which grows', ADDRESSES, backend.loads, ''),
      row('1,000,000 IPv4 addresses into a BPF hash, BPF_MAP_UPDATE_BATCH', ADDRESSES, hash, ''),
    ],
    ['Through `Tables.apply` in slices of 4,096, making the records included. The hash has its keys ready, in C.'],
  );
}
