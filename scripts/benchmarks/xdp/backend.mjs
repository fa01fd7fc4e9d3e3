// The whole backend, as the service has it: a batch into tables that grow, pinned, with the program attached.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { XdpBackend } from '../../../dist/backends/xdp/backend.js';
import { Batch } from '../../../dist/model/batch.js';
import { Writer } from '../../../dist/writer/writer.js';
import { ADDRESSES, PREFIXES, SIZES } from './full.mjs';
import { address4, listed4, range } from './numbers.mjs';

const ROUNDS = 3;
const ONE_BY_ONE = 5_000;
const HOUR = 3_600_000;
/** Verdicts on their way at once, as in the service. */
const PAGE = 10_000;

const run = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' });

const changes = (prefixes) => prefixes.map((prefix) => ({ verb: 'add', prefix, until: Date.now() + HOUR }));

/** Runs `work` with an open backend on a veth pair, and takes all of it away again. */
async function withBackend(work) {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-bpffs-'));
  run('mount', '-t', 'bpf', 'bpf', folder);
  run('ip', 'link', 'add', 'ban0', 'type', 'veth', 'peer', 'name', 'ban1');
  for (const name of ['ban0', 'ban1']) run('ip', 'link', 'set', name, 'up');
  const options = { size: SIZES.addresses, elementCounters: true, allow: [], interfaces: ['ban0'], mode: 'native' };
  const backend = new XdpBackend({ ...options, pins: join(folder, 'dropset'), say: () => {} });
  try {
    await backend.open();
    await backend.settle();
    return await work(backend);
  } finally {
    await backend.close({ keep: false });
    run('ip', 'link', 'delete', 'ban0');
    run('umount', folder);
    rmdirSync(folder);
  }
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Two pages are on their way, so that the writer always has something to do. */
async function writeAll(writer, prefixes) {
  let before = Promise.resolve([]);
  for (let start = 0; start < prefixes.length; start += PAGE) {
    const next = writer.write(changes(prefixes.slice(start, start + PAGE)));
    if ((await before).some(({ error }) => error)) throw new Error('a change was refused');
    before = next;
  }
  await before;
}

async function oneByOne(prefixes, work) {
  const taken = [];
  for (const change of changes(prefixes)) taken.push(await timed(() => work(change)));
  return taken;
}

/** @returns milliseconds: of each load, of each single `apply`, of each single `write`. */
export async function measureBackend() {
  const prefixes = range(address4, 0, ADDRESSES);
  const loads = [];
  let ones;
  for (let round = 0; round < ROUNDS; round++) {
    await withBackend(async (backend) => {
      const writer = new Writer(backend);
      loads.push(await timed(() => writeAll(writer, prefixes)));
      if (round < ROUNDS - 1) return;
      await writeAll(writer, range(listed4, 0, PREFIXES));
      const more = range(address4, ADDRESSES, ADDRESSES + 2 * ONE_BY_ONE);
      const applied = await oneByOne(more.slice(0, ONE_BY_ONE), (change) =>
        backend.apply(new Batch([change], Date.now())),
      );
      const written = await oneByOne(more.slice(ONE_BY_ONE), (change) => writer.write([change]));
      ones = { applied, written };
    });
  }
  return { loads, ...ones };
}
