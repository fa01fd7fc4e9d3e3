// Kernel memory that the tables take, all of it when they are made.
import { MAPS } from '../../../dist/bpf/program.js';
import { publish } from '../table.mjs';
import { openTables } from './full.mjs';
import { memoryOf } from './programs.mjs';

/** Room for so many addresses of each family; for prefixes, what is reserved beside them. */
const SIZES = [65_536, 131_072, 1_000_000].map((addresses) => ({
  addresses,
  prefixes: Math.max(16_384, addresses / 8),
  counting: true,
}));

const PURPOSE = {
  shape: 'what the rest means',
  present4: 'presence of IPv4: two bits for each /24',
  present6: 'presence of IPv6: two bits for each hashed /64',
  wide6: 'presence of IPv6: two bits for each hashed /32',
  blocks4: 'prefix lengths in each IPv4 /18',
  buckets4: 'IPv4 elements',
  buckets6: 'IPv6 elements',
  allow: 'what is never dropped',
  scopes: 'rules of bans of ports',
  scope_tallies: 'counters of each of these rules',
  tallies: 'counters of each processor',
};

const ONLY_IPV6 = new Set(['present6', 'wide6', 'buckets6']);

function measure(sizes) {
  const opened = openTables(sizes);
  const bytes = new Map(MAPS.map((name) => [name, memoryOf(opened.program.maps[name])]));
  opened.close();
  return bytes;
}

const sum = (bytes, wanted) =>
  [...bytes].filter(([name]) => wanted(name)).reduce((total, [, value]) => total + value, 0);

const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1);

/** Publishes them. @returns bytes for IPv4 alone, with room for a million. */
export function measureMemory() {
  const columns = SIZES.map(measure);
  const row = (name, wanted) => [name, ...columns.map((bytes) => megabytes(sum(bytes, wanted)))];
  publish(
    'xdp-memory',
    ['MB of kernel memory', ...SIZES.map(({ addresses }) => `${addresses.toLocaleString('en')} addresses`), 'target'],
    [
      ...MAPS.map((name) => [...row(`\`${name}\`: ${PURPOSE[name]}`, (other) => other === name), '']),
      [...row('what IPv4 needs of it', (name) => !ONLY_IPV6.has(name)), ''],
      [...row('both families', () => true), 160],
    ],
    [
      `Room for so many addresses of each family, and for ${SIZES.map(({ prefixes }) => prefixes.toLocaleString('en')).join(', ')} prefixes of each. Tables of a size take it at once, however many bans there are; the backend begins with 65,536 and makes larger ones as they come. The target is for the last column.`,
    ],
  );
  return sum(columns.at(-1), (name) => !ONLY_IPV6.has(name));
}
