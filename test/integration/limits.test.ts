import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Client } from '../../src/control/client.js';
import { type Service, startService } from '../service.js';

const PATIENCE = { header: 200, look: 100, body: 200 };

/** A connection that has sent this; its errors are its own. */
async function sent(service: Service, bytes: string | Buffer): Promise<Socket> {
  const socket = connect(service.socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

/** Resolves when it is closed, errors or not. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });

/** Whether the service does its work. */
const serves = async ({ client }: Service): Promise<boolean> =>
  (await client.ban({ addresses: ['192.0.2.200'] })).every(({ error }) => !error);

t.test('300 clients at once: every ban is answered, listed and held', async (t) => {
  const service = await startService(t);
  const answers = await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const client = new Client(service.socket);
      const addresses = Array.from({ length: 10 }, (_, last) => `10.${index >> 8}.${index & 255}.${last}`);
      const results = await client.ban({ addresses, reason: `client ${index}` });
      return results.every(({ error }) => !error) ? results.length : 0;
    }),
  );
  t.same(new Set(answers), new Set([10]));
  t.equal(service.ledger.count(), 3000);
  t.equal((await service.held()).length, 3000);
});

t.test('half a request that is never ended is given up', async (t) => {
  const service = await startService(t, { server: { patience: PATIENCE } });
  const header = await sent(service, 'POST /v1/bans HTTP/1.1\r\nhost: x\r\n');
  const body = await sent(service, 'POST /v1/bans HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"addr');
  const [answer] = await once(body, 'data');
  t.match(String(answer), /^HTTP\/1\.1 400 [\s\S]*was not there within 0\.2 s: send it whole/);
  body.resume();
  header.resume();
  await Promise.all([header, body].map(closed));
  t.ok(await serves(service));
});

t.test('ten megabytes of garbage, as whatever they may be sent', async (t) => {
  const service = await startService(t);
  const garbage = Buffer.alloc(10 * 1024 * 1024, 0xfe);
  const raw = await sent(service, garbage);
  raw.resume();
  await closed(raw);
  for (const [type, status, answer] of [
    ['application/json', 400, /larger than 1048576 bytes/],
    ['text/plain', 200, /"banned":0,"refusals":1,"done":true/],
    ['application/x-ndjson', 200, /"banned":0,"refusals":1,"done":true/],
  ] as const) {
    const headers = { 'content-type': type };
    const outgoing = request({ agent: false, socketPath: service.socket, method: 'POST', path: '/v1/bans', headers });
    outgoing.on('error', () => {}).end(garbage);
    const [response] = await once(outgoing, 'response');
    t.equal(response.statusCode, status, type);
    t.match(await text(response), answer, type);
  }
  t.ok(await serves(service));
});

t.test('fifty clients that never read: the others are served, and memory stays', async (t) => {
  const service = await startService(t);
  const addresses = Array.from({ length: 10_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  await service.client.ban({ addresses, reason: 'x'.repeat(400) });
  const before = process.memoryUsage().rss;
  const deaf = await Promise.all(
    Array.from({ length: 50 }, () => sent(service, 'GET /v1/bans HTTP/1.1\r\nhost: x\r\n\r\n')),
  );
  for (const socket of deaf) socket.pause();
  await sleep(500);
  t.ok(await serves(service));
  // 50 lists have 270 MB.
  t.ok(process.memoryUsage().rss - before < 100e6, `${(process.memoryUsage().rss - before) / 1e6} MB`);
  for (const socket of deaf) socket.destroy();
});

t.test(
  'more clients than there is room for: those above are turned away, and those that are in are served',
  async (t) => {
    const service = await startService(t);
    const crowd = await Promise.all(Array.from({ length: 1000 }, () => sent(service, '')));
    await t.rejects(service.client.status(), { code: 'unreachable' });
    for (const socket of crowd.splice(0, 10)) socket.destroy();
    await sleep(100);
    t.ok(await serves(service));
    for (const socket of crowd) socket.destroy();
  },
);
