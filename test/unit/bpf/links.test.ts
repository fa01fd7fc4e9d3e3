import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import t, { type Test } from 'tap';
import { attach, attachBest, updateLink } from '../../../src/bpf/links.js';
import { closeDescriptor, inspect, openPin, pin } from '../../../src/bpf/pins.js';
import { loadProgram, MAPS, type Maps } from '../../../src/bpf/program.js';
import { ADD, Records } from '../../../src/bpf/records.js';
import { planOf, Tables } from '../../../src/bpf/tables.js';
import { readTallies } from '../../../src/bpf/tallies.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Descriptor } from '../../../src/native.js';
import { frame } from '../../frames.js';
import { enterNamespace } from '../../namespace.js';
import { Loaded } from '../../tables.js';

enterNamespace({ bpf: true });

const SIZES = { addresses: 100, prefixes: 100, counting: true };
const ip = (...args: readonly string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

/** As this namespace has it: /sys is mounted for another. */
const indexOf = (name: string): number => JSON.parse(ip('-json', 'link', 'show', name))[0].ifindex;

/** A pair of interfaces; frames sent into the second come out of the first, which has their destination's address. */
function veth(t: Test, name: string): number {
  ip('link', 'add', name, 'address', '02:02:02:02:02:02', 'type', 'veth', 'peer', 'name', `${name}-peer`);
  t.teardown(() => ip('link', 'delete', name));
  ip('address', 'add', '203.0.113.254/24', 'dev', name);
  for (const end of [`${name}-peer`, name]) ip('link', 'set', end, 'up');
  return indexOf(name);
}

/** Sends frames into an interface, by a packet socket. */
function send(name: string, source: string, times: number): void {
  const program = `import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
for _ in range(int(sys.argv[3])): s.send(bytes.fromhex(sys.argv[2]))`;
  const { bytes } = frame(`a UDP datagram to port 53 from ${source}`);
  execFileSync('python3', ['-c', program, name, bytes.toString('hex'), `${times}`]);
}

/** IPv4 packets that came up to the kernel, whatever became of them there. */
const received = (): number => Number(/^Ip: \d+ \d+ (\d+)/m.exec(readFileSync('/proc/net/snmp', 'utf8'))?.[1]);

function arrived(name: string, source: string, times: number): number {
  const before = received();
  send(`${name}-peer`, source, times);
  return received() - before;
}

const closing = (t: Test, descriptor: Descriptor): Descriptor => {
  t.teardown(() => closeDescriptor(descriptor));
  return descriptor;
};

for (const mode of ['native', 'generic'] as const) {
  t.test(`${mode} mode: banned packets do not arrive`, async (t) => {
    const ifindex = veth(t, 'one');
    const loaded = new Loaded(t, SIZES);
    loaded.ban('203.0.113.7');
    t.equal(arrived('one', '203.0.113.7', 3), 3, 'before');
    const link = attach(loaded.program.drop, ifindex, mode);
    t.match(inspect(link), { kind: 'link', ifindex, program: inspect(loaded.program.drop).id });
    t.match(ip('link', 'show', 'one'), mode === 'native' ? / xdp / : / xdpgeneric /);
    t.equal(arrived('one', '203.0.113.7', 5), 0);
    t.equal(arrived('one', '203.0.113.8', 5), 5);
    t.equal(readTallies(loaded.program.maps).verdicts.banned.packets, 5);
    closeDescriptor(link);
    t.equal(arrived('one', '203.0.113.7', 2), 2, 'without the link');
  });
}

t.test('somebody else is there already', async (t) => {
  const ifindex = veth(t, 'two');
  const { program } = new Loaded(t, SIZES);
  closing(t, attach(program.drop, ifindex, 'native'));
  t.throws(() => attach(program.drop, ifindex, 'native'), {
    name: 'BpfError',
    errno: 16,
    operation: 'attaching in native mode',
  });
  t.throws(() => attachBest(program.drop, ifindex), { name: 'BpfError', errno: 16 });
  t.throws(() => attach(program.drop, ifindex, 'generic'), { name: 'BpfError' });
});

t.test('an interface that is not there, and one that goes', async (t) => {
  const { program } = new Loaded(t, SIZES);
  t.throws(() => attachBest(program.drop, 999_999), { name: 'BpfError', errno: 22 });
  ip('link', 'add', 'gone', 'type', 'veth', 'peer', 'name', 'gone-peer');
  const link = closing(t, attach(program.drop, indexOf('gone'), 'native'));
  ip('link', 'delete', 'gone');
  t.notOk('gone' in networkInterfaces());
  t.equal(inspect(link).ifindex, 0);
  t.throws(() => updateLink(link, program.drop), { name: 'BpfError', errno: 67 });
});

t.test('what cannot have a native program has a generic one, with the reason', async (t) => {
  const { program } = new Loaded(t, SIZES);
  const best = attachBest(program.drop, indexOf('lo'));
  closing(t, best.link);
  t.equal(best.mode, 'generic');
  t.match(best.reason, { errno: 95 });
});

t.test('a program is replaced between two packets', async (t) => {
  const ifindex = veth(t, 'three');
  const [first, second] = [new Loaded(t, SIZES), new Loaded(t, SIZES)];
  first.ban('203.0.113.7');
  const { link, mode } = attachBest(first.program.drop, ifindex);
  closing(t, link);
  t.equal(mode, 'native');
  updateLink(link, second.program.drop);
  t.equal(arrived('three', '203.0.113.7', 2), 2);
  updateLink(link, first.program.drop);
  t.equal(arrived('three', '203.0.113.7', 2), 0);
});

/** What a service leaves pinned when it goes, in a process's own words. */
function leave(ifindex: number): void {
  const program = loadProgram({ sizes: planOf(SIZES) });
  const tables = Tables.create(program, SIZES);
  const records = new Records().reset(1);
  records.add(Prefix.parse('203.0.113.7'), ADD, Number.POSITIVE_INFINITY);
  tables.apply(records.bytes);
  const link = attach(program.drop, ifindex, 'native');
  mkdirSync('/sys/fs/bpf/left');
  pin(link, '/sys/fs/bpf/left/link');
  for (const name of MAPS) pin(program.maps[name], `/sys/fs/bpf/left/${name}`);
  closeDescriptor(link);
  tables.close();
  program.close();
}

t.test('what is pinned drops on, and is found again', async (t) => {
  const ifindex = veth(t, 'four');
  leave(ifindex);
  t.equal(arrived('four', '203.0.113.7', 4), 0, 'while nobody is there');
  const maps = Object.fromEntries(MAPS.map((name) => [name, closing(t, openPin(`/sys/fs/bpf/left/${name}`))])) as Maps;
  const program = loadProgram({ maps });
  const tables = Tables.adopt(program);
  t.teardown(() => {
    tables.close();
    program.close();
  });
  t.equal(tables.state.held, 1);
  t.equal(readTallies(maps).verdicts.banned.packets, 4);
  const link = closing(t, openPin('/sys/fs/bpf/left/link'));
  updateLink(link, program.drop);
  t.equal(arrived('four', '203.0.113.7', 3), 0);
  const records = new Records().reset(1);
  records.add(Prefix.parse('203.0.113.7'), 0, 0);
  t.ok(tables.apply(records.bytes));
  t.equal(arrived('four', '203.0.113.7', 3), 3);
});
