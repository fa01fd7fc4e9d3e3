import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { RouteBackend } from '../../src/backends/route/backend.js';
import { Batch } from '../../src/model/batch.js';
import { Prefix } from '../../src/model/prefix.js';
import { elsewhere, ip } from '../interfaces.js';
import { enterNamespace } from '../namespace.js';

enterNamespace();

/** The host is in this namespace, the attacker in another: 192.0.2.66 and 2001:db8::66. */
const attacker = await elsewhere();
t.teardown(() => attacker.end());
const there = (...words: string[]): string =>
  execFileSync('nsenter', ['-t', String(attacker.pid), '-n', ...words], { encoding: 'utf8' });
ip('link add in0 type veth peer name out0');
ip(`link set out0 netns ${attacker.pid}`);
ip('address add 192.0.2.1/24 dev in0');
ip('address add 2001:db8::1/64 dev in0 nodad');
ip('link set in0 up');
there('ip', 'address', 'add', '192.0.2.66/24', 'dev', 'out0');
there('ip', 'address', 'add', '2001:db8::66/64', 'dev', 'out0', 'nodad');
there('ip', 'link', 'set', 'out0', 'up');

const p = Prefix.parse;

/** Answers what arrives, and notes that it did. */
let arrived = 0;
for (const kind of ['udp4', 'udp6'] as const) {
  const server = createSocket({ type: kind, ipv6Only: kind === 'udp6' });
  server.on('message', (message, { port, address }) => {
    arrived++;
    server.send(message, port, address, () => undefined);
  });
  server.bind({ port: 4000, address: kind === 'udp4' ? '0.0.0.0' : '::' });
  await once(server, 'listening');
  t.teardown(() => server.close());
}

const KNOCK = `
const [address] = process.argv.slice(1);
const socket = require('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
let answered = 0;
socket.on('message', () => answered++);
for (let times = 0; times < 3; times++) socket.send('x', 4000, address);
setTimeout(() => process.exit(answered > 0 ? 0 : 1), 300);
`;

/** Sends three datagrams from the attacker: whether any reached a program on the host, and whether an answer came back. */
async function knock(address: string): Promise<{ arrived: boolean; answered: boolean }> {
  arrived = 0;
  const words = ['-t', String(attacker.pid), '-n', process.execPath, '-e', KNOCK, address];
  const [code] = await once(spawn('nsenter', words), 'exit');
  return { arrived: arrived > 0, answered: code === 0 };
}

const filter = (value: number): void => {
  for (const name of ['all', 'in0']) writeFileSync(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, String(value));
};

t.test('what a blackhole route does to packets of who is banned', async (t) => {
  const backend = new RouteBackend({ table: 213, allow: [] });
  await backend.open();
  t.teardown(() => backend.close({ keep: false }));
  const change = (verb: 'add' | 'remove', address: string): Promise<void> => {
    const prefix = p(address);
    return backend.apply(new Batch([verb === 'add' ? { verb, prefix, until: null } : { verb, prefix }], Date.now()));
  };
  filter(0);
  t.same(await knock('192.0.2.1'), { arrived: true, answered: true });
  t.same(await knock('2001:db8::1'), { arrived: true, answered: true });
  await change('add', '192.0.2.66');
  await change('add', '2001:db8::66');
  t.same(await knock('192.0.2.1'), { arrived: true, answered: false }, 'without rp_filter only answers are stopped');
  t.same(await knock('2001:db8::1'), { arrived: true, answered: false }, 'IPv6 has no rp_filter');
  for (const [value, name] of [
    [1, 'strict'],
    [2, 'loose'],
  ] as const) {
    filter(value);
    t.same(
      await knock('192.0.2.1'),
      { arrived: false, answered: false },
      `with rp_filter, ${name}, its packets are dropped`,
    );
  }
  await backend.allow([p('192.0.2.66'), p('2001:db8::66')]);
  t.same(await knock('192.0.2.1'), { arrived: true, answered: true }, 'who is never banned passes');
  t.same(await knock('2001:db8::1'), { arrived: true, answered: true });
  await backend.allow([]);
  t.same((await knock('192.0.2.1')).answered, false);
  await change('remove', '192.0.2.66');
  await change('remove', '2001:db8::66');
  await change('add', '192.0.2.64/26');
  t.same((await knock('192.0.2.1')).answered, false, 'a prefix, though the host has a route to all of it');
  await backend.allow([p('192.0.2.66')]);
  t.same(await knock('192.0.2.1'), { arrived: true, answered: true }, 'one of it is never banned');
});
