// 1,000,000 addresses into the kernel: through the writer, beside `nft -f` and `ipset restore`, in turn; then one more ban.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Client } from '../../dist/control/client.js';
import { Prefix } from '../../dist/model/prefix.js';
import { Writer } from '../../dist/writer/writer.js';
import { openBackend } from './backend.mjs';
import { DROPSET, Service } from './service.mjs';
import { best, ms, percentile, publish, times, us } from './table.mjs';

const COUNT = 1_000_000;
const ROUNDS = 3;
const HOUR = 3_600_000;

/** Distinct addresses in no order, as a ledger or a list has them: a fixed permutation of 1,048,576. */
const address = (index) => {
  const mixed = (index * 764_261 + 12_345) & 0xfffff;
  return `${10 + (mixed >> 16)}.${(mixed >> 8) & 255}.${mixed & 255}.${index & 255}`;
};
const addresses = [...new Set(Array.from({ length: COUNT + 48_000 }, (_, index) => address(index)))].slice(0, COUNT);
if (addresses.length !== COUNT) throw new Error(`only ${addresses.length} addresses`);

const folder = mkdtempSync(join(tmpdir(), 'dropset-load-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

function writeNft() {
  const lines = [
    'table inet other {',
    ' set ban4 {',
    '  type ipv4_addr',
    '  flags timeout',
    '  size 1572864',
    '  gc-interval 1m',
    ' }',
    '}',
  ];
  for (let i = 0; i < COUNT; i += 1000) {
    lines.push(
      `add element inet other ban4 { ${addresses
        .slice(i, i + 1000)
        .map((text) => `${text} timeout 1h`)
        .join(', ')} }`,
    );
  }
  writeFileSync(join(folder, 'load.nft'), `${lines.join('\n')}\n`);
}

/** As `ipset save` prints a set of that size. */
function writeIpset() {
  const head = 'create other hash:ip family inet hashsize 524288 maxelem 2000000 timeout 3600';
  writeFileSync(
    join(folder, 'load.ipset'),
    `${[head, ...addresses.map((text) => `add other ${text} timeout 3600`)].join('\n')}\n`,
  );
}

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const prefixes = addresses.map((text) => Prefix.parse(text));

/** Pages of verdicts become changes while the writer is at work: as in the service, two pages are on their way. */
async function throughWriter(writer) {
  const until = Date.now() + HOUR;
  let before = Promise.resolve([]);
  for (let i = 0; i < COUNT; i += 10_000) {
    const next = writer.write(prefixes.slice(i, i + 10_000).map((prefix) => ({ verb: 'add', prefix, until })));
    if ((await before).some(({ error }) => error)) throw new Error('a change was refused');
    before = next;
  }
  await before;
}

async function loadDropset(elementCounters) {
  const backend = await openBackend(elementCounters);
  const writer = new Writer(backend);
  const time = await timed(() => throughWriter(writer));
  const { elements } = await backend.counters();
  if (elements !== undefined && elements !== COUNT) throw new Error(`${elements} elements`);
  await backend.close({ keep: false });
  return time;
}

async function loadNft() {
  const time = await timed(() => execFileSync('nft', ['-f', join(folder, 'load.nft')]));
  execFileSync('nft', ['delete', 'table', 'inet', 'other']);
  return time;
}

async function loadIpset() {
  const input = openSync(join(folder, 'load.ipset'), 'r');
  const time = await timed(() => execFileSync('ipset', ['restore'], { stdio: [input, 'inherit', 'inherit'] }));
  closeSync(input);
  execFileSync('ipset', ['destroy', 'other']);
  return time;
}

async function compareLoads() {
  const found = { plain: [], counted: [], nft: [], ipset: [] };
  for (let round = 0; round < ROUNDS; round++) {
    found.plain.push(await loadDropset(false));
    found.nft.push(await loadNft());
    found.ipset.push(await loadIpset());
    found.counted.push(await loadDropset(true));
  }
  const row = (name, numbers) => [
    name,
    ms(best(numbers)),
    `${(COUNT / best(numbers) / 1000).toFixed(2)} M/s`,
    times(best(found.nft) / best(numbers)),
    times(best(found.ipset) / best(numbers)),
  ];
  return [
    row('writer, element counters off', found.plain),
    row('writer, element counters on', found.counted),
    row('`nft -f`', found.nft),
    row('`ipset restore`', found.ipset),
  ];
}

/** One ban at a time into a set of a million, from the call on the writer to the acknowledgement. */
async function oneBan(elementCounters) {
  const backend = await openBackend(elementCounters);
  const writer = new Writer(backend);
  await throughWriter(writer);
  const taken = [];
  for (let i = 0; i < 5000; i++) {
    const prefix = Prefix.parse(`198.18.${i >> 8}.${i & 255}`);
    taken.push(await timed(() => writer.write([{ verb: 'add', prefix, until: Date.now() + HOUR }])));
  }
  await backend.close({ keep: false });
  return taken;
}

async function throughSocket(elementCounters) {
  const service = await Service.run({ config: `[backend]\nelement_counters = ${elementCounters}\n` });
  const time = await timed(
    () =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [DROPSET, '--socket', service.socket, 'ban', '--for', '1h', '-'], {
          stdio: ['pipe', 'ignore', 'inherit'],
        });
        child.once('exit', (code) => (code === 0 ? resolve(undefined) : reject(new Error(`ban - ended with ${code}`))));
        child.stdin.end(`${addresses.join('\n')}\n`);
      }),
  );
  const client = new Client(service.socket);
  const taken = [];
  for (let i = 0; i < 2000; i++) {
    taken.push(await timed(() => client.ban({ addresses: [`198.18.${i >> 8}.${i & 255}`], for: '1h' })));
  }
  const { peakMemory } = service;
  await service.stop();
  return { time, taken, peakMemory };
}

writeNft();
writeIpset();
const loads = await compareLoads();
const plain = await oneBan(false);
const counted = await oneBan(true);
const [socketPlain, socketCounted] = [await throughSocket(false), await throughSocket(true)];
const latency = (name, taken) => [name, us(percentile(taken, 50)), us(percentile(taken, 99)), us(Math.max(...taken))];

publish(
  'load',
  ['1,000,000 addresses with timeouts', 'best of 3', 'rate', 'times as fast as nft', 'times as fast as ipset'],
  loads,
);
publish(
  'one-ban',
  ['one ban into 1,000,000', 'p50', 'p99', 'worst'],
  [
    latency('writer to acknowledgement, counters off', plain),
    latency('writer to acknowledgement, counters on', counted),
    latency('through socket and ledger, counters off', socketPlain.taken),
    latency('through socket and ledger, counters on', socketCounted.taken),
  ],
);
publish(
  'service',
  ['1,000,000 through `dropset ban -`, ledger included', 'time', 'peak resident memory of the service'],
  [
    ['counters off', ms(socketPlain.time), `${socketPlain.peakMemory.toFixed(0)} MB`],
    ['counters on', ms(socketCounted.time), `${socketCounted.peakMemory.toFixed(0)} MB`],
  ],
);
process.exit(0);
