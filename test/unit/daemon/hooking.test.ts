import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { Events } from '../../../src/daemon/events.js';
import { hooksOf } from '../../../src/daemon/hooking.js';
import { ban } from '../../jail.js';

t.test('events of the service reach hooks as the stream has them, by jail; not in a dry run', async (t) => {
  const bodies: { events: object[] }[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(JSON.parse(await text(request)));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const target = { kind: 'webhook', url, headers: {}, headerFiles: {}, giveUp: 1000 } as const;
  const rest = { timeout: 5000, pause: 0, batch: 1000, queue: 1000 };
  for (const dryRun of [true, false]) {
    const events = new Events(() => 1_700_000_000_000);
    const hooks = hooksOf(events, dryRun);
    hooks.replace([{ name: 'a', target, events: ['ban', 'unban', 'siege'], jails: ['sshd'], ...rest }]);
    events.tell(ban('192.0.2.1', 'sshd'));
    events.tell(ban('192.0.2.2', 'other'));
    events.tellAll(Array.from({ length: 30 }, (_, n) => ban(`192.0.3.${n}`, 'sshd')));
    events.tell({ kind: 'unban', prefix: ban('192.0.2.1').ban.prefix });
    for (const jail of ['other', 'sshd']) {
      events.tell({ kind: 'siege', jail, state: 'begin', user: 'root', since: 0, until: null, bans: 0 });
    }
    await hooks.stop();
    if (dryRun) t.same(bodies, []);
  }
  server.close();
  const told = bodies.flatMap((body) => body.events);
  t.equal(told.length, 33, 'each of many too');
  t.match(told[0], {
    event: 'ban',
    address: '192.0.2.1',
    jail: 'sshd',
    reason: String,
    since: String,
    message: /^banned/,
  });
  t.match(told.at(-1), { event: 'siege', jail: 'sshd', user: 'root', state: 'begin' });
  t.match(told.at(-2), { event: 'unban', address: '192.0.2.1', jail: null });
});
