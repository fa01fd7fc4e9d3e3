// 100,000 elements into the backends beside nftables and XDP, each next to the plainest way to do the same: `ip -batch`, and a file that is
// written, synced and renamed.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DenyfileBackend } from '../../dist/backends/denyfile/backend.js';
import { FORMATS } from '../../dist/backends/denyfile/formats/formats.js';
import { RouteBackend } from '../../dist/backends/route/backend.js';
import { Prefix } from '../../dist/model/prefix.js';
import { Writer } from '../../dist/writer/writer.js';
import { best, ms, publish, times } from './table.mjs';

const COUNT = 100_000;
const ROUNDS = 5;
const TABLE = 213;
const OTHER = 214;
const BATCH = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'dropset-beside-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
execFileSync('ip', ['link', 'set', 'lo', 'up']);

/** In no order, as attackers come: a fixed permutation. */
const mixed = (index) => (index * 764_261 + 12_345) & 0xfffff;
const addresses = {
  4: Array.from(
    { length: COUNT },
    (_, index) => `10.${mixed(index) >> 16}.${(mixed(index) >> 8) & 255}.${mixed(index) & 255}`,
  ),
  6: Array.from(
    { length: COUNT },
    (_, index) => `2001:db8:${(mixed(index) >> 16).toString(16)}:${(mixed(index) & 0xffff).toString(16)}::/64`,
  ),
};
const prefixes = {
  4: addresses[4].map((text) => Prefix.parse(text)),
  6: addresses[6].map((text) => Prefix.parse(text)),
};

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** All of them through the writer, as the service writes them. */
async function fill(backend, family) {
  const writer = new Writer(backend);
  const until = Date.now() + 3_600_000;
  const answers = [];
  for (let at = 0; at < COUNT; at += BATCH)
    answers.push(
      writer.write(prefixes[family].slice(at, at + BATCH).map((prefix) => ({ verb: 'add', prefix, until }))),
    );
  const receipts = (await Promise.all(answers)).flat();
  if (receipts.some(({ error }) => error)) throw new Error('a change was refused');
}

/** Kilobytes that all slabs of the kernel take. */
const slab = () => Number(/^Slab: +(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1]);

async function route(family) {
  const backend = new RouteBackend({ table: TABLE, size: 2 * COUNT, allow: [] });
  await backend.open();
  await backend.settle();
  const before = slab();
  const filled = await timed(() => fill(backend, family));
  const memory = (slab() - before) / 1024;
  const compared = await timed(async () => {
    const faults = await backend.check();
    if (faults.length > 0) throw new Error(faults[0]);
  });
  const cleared = await timed(() => backend.clear());
  await backend.close({ keep: false });
  return { filled, memory, compared, cleared };
}

/** The same routes by iproute2. */
async function batch(family) {
  const path = join(folder, `routes${family}`);
  writeFileSync(path, `${addresses[family].map((text) => `route add blackhole ${text} table ${OTHER}`).join('\n')}\n`);
  const filled = await timed(() => execFileSync('ip', [`-${family}`, '-batch', path]));
  const cleared = await timed(() => execFileSync('ip', [`-${family}`, 'route', 'flush', 'table', String(OTHER)]));
  return { filled, cleared };
}

async function file(format) {
  const path = join(folder, format);
  const backend = new DenyfileBackend({
    path,
    format,
    size: 2 * COUNT,
    interval: 1000,
    allow: [],
    say: () => undefined,
  });
  await backend.open();
  await backend.settle();
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const before = process.cpuUsage();
  const written = await timed(async () => {
    await fill(backend, 4);
    await backend.written();
  });
  const { user, system } = process.cpuUsage(before);
  await backend.close({ keep: true });
  return { written, processor: (user + system) / 1000, bytes: statSync(path).size };
}

/** The same lines, of texts that are parsed and sorted first, with nobody keeping a list. */
async function plainly(format) {
  const path = join(folder, `plainly-${format}`);
  const written = await timed(() => {
    const sorted = addresses[4].toSorted().map((address) => Prefix.parse(address));
    const text = sorted.map((prefix) => FORMATS[format].line(prefix)).join('');
    const to = openSync(`${path}.new`, 'w');
    writeSync(to, text);
    fsyncSync(to);
    closeSync(to);
    renameSync(`${path}.new`, path);
  });
  return { written };
}

/** By name and figure. */
const found = new Map();
const note = (name, figures) => {
  for (const [key, value] of Object.entries(figures))
    found.set(`${name} ${key}`, [...(found.get(`${name} ${key}`) ?? []), value]);
};
for (let round = 0; round < ROUNDS; round++) {
  for (const family of [4, 6]) {
    note(`route${family}`, await route(family));
    note(`batch${family}`, await batch(family));
  }
  for (const format of ['nginx', 'nginx-geo', 'rewritemap']) {
    note(format, await file(format));
    note(`plainly-${format}`, await plainly(format));
  }
}

const of = (name, key) => best(found.get(`${name} ${key}`));
const rows = [4, 6].flatMap((family) => [
  [
    `route: added, IPv${family}`,
    ms(of(`route${family}`, 'filled')),
    ms(of(`batch${family}`, 'filled')),
    times(of(`batch${family}`, 'filled') / of(`route${family}`, 'filled')),
    `${of(`route${family}`, 'memory').toFixed(0)} MB in the kernel`,
  ],
  [
    `route: all taken away, IPv${family}`,
    ms(of(`route${family}`, 'cleared')),
    ms(of(`batch${family}`, 'cleared')),
    times(of(`batch${family}`, 'cleared') / of(`route${family}`, 'cleared')),
    '',
  ],
  [`route: compared with the kernel, IPv${family}`, ms(of(`route${family}`, 'compared')), '', '', ''],
]);
for (const format of ['nginx', 'nginx-geo', 'rewritemap'])
  rows.push([
    `denyfile: ${format}, from the ban until it is in place`,
    ms(of(format, 'written')),
    ms(of(`plainly-${format}`, 'written')),
    times(of(`plainly-${format}`, 'written') / of(format, 'written')),
    `${of(format, 'processor').toFixed(0)} ms of processor, ${(of(format, 'bytes') / 2 ** 20).toFixed(1)} MB on disk`,
  ]);

publish('beside', [`100,000 elements, best of ${ROUNDS}`, 'dropset', 'the plainest way', 'times as fast', ''], rows, [
  'The plainest way: `ip -batch` and `ip route flush`; the same addresses read, sorted, written, synced and renamed, with no list to keep and no ends.',
]);
process.exit(0);
