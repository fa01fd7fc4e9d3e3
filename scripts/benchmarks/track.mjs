// Jails under a flood: memory of the addresses that are remembered, what a verdict takes, and what becomes of a real attacker.
import { readFileSync } from 'node:fs';
import { Jail } from '../../dist/jails/jail.js';
import { Never } from '../../dist/jails/never.js';
import { Prefix } from '../../dist/model/prefix.js';
import { publish } from './table.mjs';

const NOW = 1_700_000_000_000;
/** All that there is room for, but for the last ones. */
const COUNT = 1_498_000;
const settings = { name: 'track', maxretry: 5, findtime: 86_400_000, bantime: 600_000 };

const addressOf = (index, family) =>
  family === 4
    ? `${11 + (index >>> 24)}.${(index >>> 16) & 255}.${(index >>> 8) & 255}.${index & 255}`
    : `2001:db8:${(index >>> 16).toString(16)}:${(index & 0xffff).toString(16)}::1`;

/** Prefixes are parsed before: that is the filter's part. */
const failuresOf = (from, count, family) =>
  Array.from({ length: count }, (_, index) => ({
    prefix: Prefix.parse(addressOf(from + index, family)),
    time: NOW,
    line: { text: 'x', source: '/var/log/auth.log', position: 0 },
  }));

const used = () => {
  for (let times = 0; times < 3; times++) globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};

/** This thread's time on a processor, in nanoseconds: what others do with the machine does not count. */
const processorTime = () => Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]);

/** Each of these many addresses fails so often; answers nanoseconds for one. */
function fail(jail, from, count, times, family) {
  let elapsed = 0;
  for (let at = 0; at < count; at += 20_000) {
    const failures = failuresOf(from + at, Math.min(20_000, count - at), family);
    const begin = processorTime();
    for (let round = 0; round < times; round++) for (const failure of failures) jail.consider(failure);
    elapsed += processorTime() - begin;
  }
  return elapsed / (count * times);
}

const rows = [4, 6].map((family) => {
  const before = used();
  const jail = new Jail(settings, new Never([]), () => NOW);
  // As many as there is room for: half of them again and again, half once.
  const again = fail(jail, 0, COUNT / 2, 4, family);
  const once = fail(jail, COUNT, COUNT / 2, 1, family);
  const memory = used() - before;
  const held = jail.remembered;
  const flood = fail(jail, 2 * COUNT, 1_000_000, 1, family);
  return [
    `IPv${family}`,
    held.toLocaleString('en-US'),
    `${memory.toFixed(0)} MB`,
    ...[once, again, flood].map((ns) => `${(ns / 1000).toFixed(2)} us`),
  ];
});
publish(
  'track',
  [
    'addresses',
    'remembered',
    'memory (target 200 MB)',
    'a failure, of who failed once (target 2 us)',
    'of who failed before',
    'in a flood of 1,000,000 others',
  ],
  rows,
  ['Half of the remembered addresses have failed four times, half once; the jail counts five.'],
);
