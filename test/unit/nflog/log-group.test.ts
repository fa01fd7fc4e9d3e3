import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { LogGroup } from '../../../src/nflog/log-group.js';
import type { Packet } from '../../../src/nflog/packet.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

const GROUP = 53_760;

execFileSync('nft', ['-f', '-'], {
  input: `table inet test {
    chain in {
      type filter hook input priority 0
      udp dport { 4000, 4001 } log prefix "x" group ${GROUP} drop
    }
  }`,
});

async function send(port: number, address: string): Promise<void> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  await new Promise((sent) => socket.send('x'.repeat(500), port, address, sent));
  socket.close();
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !holds(); tries++) await sleep(5);
}

t.test('packets of a group, as they come', async (t) => {
  const heard: Packet[] = [];
  const group = await LogGroup.bind(GROUP, (packet) => heard.push(packet));
  t.teardown(() => group.close());
  await send(4000, '127.0.0.1');
  await send(4001, '::1');
  await send(4002, '127.0.0.1');
  await until(() => heard.length === 2);
  t.same(
    heard.map(({ source, destination, protocol, port }) => [source.text, destination.text, protocol, port]),
    [
      ['127.0.0.1', '127.0.0.1', 17, 4000],
      ['::1', '::1', 17, 4001],
    ],
  );
});

/** The kernel lets a group go a moment after its socket was closed. */
const isFree = (): boolean => !readFileSync('/proc/net/netfilter/nfnetlink_log', 'utf8').includes(`${GROUP}`);

t.test('one process has a group', async (t) => {
  await until(isFree);
  const group = await LogGroup.bind(GROUP, () => undefined);
  await t.rejects(
    LogGroup.bind(GROUP, () => undefined),
    { errno: 1, message: /nfnetlink_log: .*EPERM/ },
  );
  const other = await LogGroup.bind(GROUP + 1, () => undefined);
  group.close();
  group.close();
  other.close();
  await until(isFree);
  const heard: Packet[] = [];
  const again = await LogGroup.bind(GROUP, (packet) => heard.push(packet));
  await send(4000, '127.0.0.1');
  await until(() => heard.length > 0);
  again.close();
  t.equal(heard.length, 1, 'who lets it go leaves it to the next');
});
