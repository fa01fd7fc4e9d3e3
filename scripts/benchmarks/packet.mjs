// What one received packet costs, clean and banned, beside linear rules. The packets come from BPF_PROG_TEST_RUN
// (packets.c) and go up the receive path of a veth interface to a drop at the end of the input hook.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Batch } from '../../dist/model/batch.js';
import { Prefix } from '../../dist/model/prefix.js';
import { Scope } from '../../dist/model/scope.js';
import { openBackend } from './backend.mjs';
import { best, median, publish, us } from './table.mjs';

const PACKETS = fileURLToPath(new URL('../../build/bench/packets', import.meta.url));
const MAC = '02:00:00:00:00:02';
const HERE = '10.255.0.1';
const ROUNDS = 5;
const MANY = 1_000_000;
const FEW = 300_000;
const FEW_BANS = 1000;
const NETWORKS = 100_000;

const run = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' });

function prepare() {
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'link', 'add', 'in0', 'address', MAC, 'type', 'veth', 'peer', 'name', 'out0');
  for (const name of ['out0', 'in0']) run('ip', 'link', 'set', name, 'up');
  run('ip', 'address', 'add', `${HERE}/24`, 'dev', 'in0');
  run('sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.in0.rp_filter=0');
  run('ip', 'route', 'add', 'default', 'via', '10.255.0.2', 'dev', 'in0');
  run('ip', 'neighbour', 'add', '10.255.0.2', 'lladdr', '02:00:00:00:00:01', 'dev', 'in0');
  const sink =
    'table inet sink {\n chain input {\n  type filter hook input priority 100\n  policy accept\n  iifname "in0" udp dport 9 counter drop\n }\n}\n';
  execFileSync('nft', ['-f', '-'], { input: sink });
}

/** Nanoseconds a packet. */
function measure(count, ...source) {
  return JSON.parse(run('taskset', '-c', '1', PACKETS, 'in0', MAC, HERE, ...source, String(count))).ns_per_packet;
}

const CLEAN = ['random', '11.0.0.0', '4194304'];
const CLEAN_ONE = ['fixed', '11.0.0.1'];
const BANNED_ONE = ['fixed', '12.0.0.7'];

const banned = (index) => Prefix.parse(`12.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);

const network = (index) => Prefix.parse(`${100 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/24`);

async function add(backend, count, prefixOf, scope) {
  const until = Date.now() + 3_600_000;
  for (let start = 0; start < count; start += 10_000) {
    const size = Math.min(10_000, count - start);
    await backend.apply(
      new Batch(
        Array.from({ length: size }, (_, index) => ({
          ...{ verb: 'add', prefix: prefixOf(start + index), until },
          ...(scope && { scope: Scope.parse(scope) }),
        })),
        Date.now(),
      ),
    );
  }
}

async function withBans(count, elementCounters, work, networks = 0) {
  const backend = await openBackend(elementCounters);
  await add(backend, count, banned);
  await add(backend, networks, network);
  await work(backend);
  await backend.close({ keep: false });
}

/** Beside 1,000 bans of everything, one of a port; and 1,000 bans of the port that the packets go to, or of another. */
async function measureScopes() {
  await withBans(FEW_BANS, true, async (backend) => {
    await add(backend, 1, (index) => banned(MANY + index), 'tcp/22');
    note('dropset, 1,000 bans and one of a port', 'random', measure(MANY, ...CLEAN));
    note('dropset, 1,000 bans and one of a port', 'one', measure(MANY, ...CLEAN_ONE));
  });
  for (const [scope, name] of [
    ['udp/9', 'dropset, 1,000 bans of the port'],
    ['udp/10', 'dropset, 1,000 bans of another port: they pass'],
    ['observe', 'dropset, 1,000 observed: they pass'],
  ]) {
    await withBans(0, true, async (backend) => {
      await add(backend, FEW_BANS, banned, scope);
      note(name, 'random', measure(MANY, ...CLEAN));
      note(name, 'one', measure(MANY, ...CLEAN_ONE));
      note(name, 'bannedMany', measure(MANY, 'random', '12.0.0.0', String(FEW_BANS)));
      note(name, 'bannedOne', measure(MANY, ...BANNED_ONE));
    });
  }
}

/** Milliseconds, each prefix in a transaction of its own. */
async function oneMore(backend, from) {
  const taken = [];
  for (let index = 0; index < 200; index++) {
    const batch = new Batch(
      [{ verb: 'add', prefix: network(from + index), until: Date.now() + 3_600_000 }],
      Date.now(),
    );
    const begin = performance.now();
    await backend.apply(batch);
    taken.push(performance.now() - begin);
  }
  return median(taken);
}

function withLinearRules(count, work) {
  const rules = Array.from({ length: count }, (_, index) => `-A INPUT -s 13.0.${index >> 8}.${index & 255}/32 -j DROP`);
  execFileSync('iptables-restore', [], { input: `*filter\n:INPUT ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n` });
  work();
  execFileSync('iptables-restore', [], { input: '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n' });
}

prepare();
const found = new Map();
const more = [];
const note = (name, column, value) => {
  const row = found.get(name) ?? {};
  found.set(name, { ...row, [column]: [...(row[column] ?? []), value] });
};

for (let round = 0; round < ROUNDS; round++) {
  note('no rules', 'random', measure(MANY, ...CLEAN));
  note('no rules', 'one', measure(MANY, ...CLEAN_ONE));
  for (const elementCounters of [true, false]) {
    for (const count of [0, 1000, MANY]) {
      const name = `dropset, ${count.toLocaleString('en')} bans, element counters ${elementCounters ? 'on' : 'off'}`;
      await withBans(count, elementCounters, () => {
        note(name, 'random', measure(MANY, ...CLEAN));
        note(name, 'one', measure(MANY, ...CLEAN_ONE));
        if (count === 0) return;
        note(name, 'bannedMany', measure(MANY, 'random', '12.0.0.0', String(count)));
        note(name, 'bannedOne', measure(MANY, ...BANNED_ONE));
      });
    }
  }
  await withBans(
    MANY,
    true,
    async (backend) => {
      const name = 'dropset, 1,000,000 bans and 100,000 prefixes (/24), element counters on';
      note(name, 'random', measure(MANY, ...CLEAN));
      note(name, 'one', measure(MANY, ...CLEAN_ONE));
      note(name, 'bannedMany', measure(MANY, 'random', '100.0.0.0', '16777216'));
      more.push(await oneMore(backend, NETWORKS));
    },
    NETWORKS,
  );
  await measureScopes();
  withLinearRules(1000, () => {
    const name = '1,000 linear rules (iptables)';
    note(name, 'random', measure(FEW, ...CLEAN));
    note(name, 'one', measure(FEW, ...CLEAN_ONE));
    note(name, 'bannedMany', measure(FEW, 'random', '13.0.0.0', '1000'));
    note(name, 'bannedOne', measure(FEW, 'fixed', '13.0.3.231'));
  });
}

const base = best(found.get('no rules').random);
const cell = (numbers) => (numbers ? best(numbers).toFixed(0) : '');
const rows = [...found].map(([name, row]) => [
  name,
  cell(row.random),
  (best(row.random) - base).toFixed(0),
  cell(row.one),
  cell(row.bannedMany),
  cell(row.bannedOne),
]);
publish(
  'packet',
  ['ns a packet, best of 5', 'clean, random', 'over no rules', 'clean, one source', 'banned, many', 'banned, one'],
  rows,
  [
    `Linear rules: ${run('iptables', '--version').trim()}.`,
    `One more prefix into 100,000, as a transaction of its own: ${us(best(more))} (target 100 us); a clean packet beside them: target 600 ns over no rules.`,
  ],
);
process.exit(0);
