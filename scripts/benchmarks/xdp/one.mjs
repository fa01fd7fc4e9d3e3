// One more ban into full tables, from the call to its effect: the call is the effect, there is nothing to wait for.
import { performance } from 'node:perf_hooks';
import { Records } from '../../../dist/bpf/records.js';
import { percentile, publish } from '../table.mjs';
import { timeXdpFilter } from './filter.mjs';
import { ADDRESSES, ban, PREFIXES } from './full.mjs';
import { address4, range, slash24 } from './numbers.mjs';

const TIMES = 5_000;

const micro = (milliseconds) => `${(milliseconds * 1000).toFixed(1)} us`;

/** @returns milliseconds of each call. */
function oneByOne(tables, prefixes) {
  const records = new Records();
  const taken = prefixes.map((prefix) => {
    const start = performance.now();
    ban(tables, [prefix], records);
    return performance.now() - start;
  });
  if (tables.find(prefixes).includes(undefined)) throw new Error('some of the bans do not stand');
  return taken;
}

/**
 * Publishes the times of bans on top of a million.
 *
 * @param backend milliseconds of the whole backend's calls, and of the writer's.
 */
export function measureOne({ tables }, backend) {
  const row = (name, taken, target) => [
    name,
    micro(percentile(taken, 50)),
    micro(percentile(taken, 99)),
    micro(Math.max(...taken)),
    target,
  ];
  const addresses = oneByOne(tables, range(address4, ADDRESSES, ADDRESSES + TIMES));
  const prefixes = oneByOne(tables, range(slash24, PREFIXES, PREFIXES + TIMES));
  const filter = timeXdpFilter();
  publish(
    'xdp-one',
    ['one more', 'p50', 'p99', 'worst', 'target, p99'],
    [
      row('address into 1,000,000 and 100,000, `Tables.apply`', addresses, '200 us'),
      row('/24 into 1,000,000 and 100,000, `Tables.apply`', prefixes, '200 us'),
      row('address, backend', backend.applied, '200 us'),
      row('address, writer to receipt', backend.written, '200 us'),
      ['address into 1,000, `xdp-filter ip`, a process each', `${micro(filter.each)} (mean)`, '', '', ''],
    ],
    [`${TIMES.toLocaleString('en')} calls each; xdp-filter of ${filter.version}.`],
  );
}
