import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import t, { type Test } from 'tap';
import type { ListedBan, StreamEvent } from '../../../src/control/api.js';
import { Client } from '../../../src/control/client.js';
import { METRICS, shortDirectory, startService } from '../../service.js';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Somebody else behind the socket: a service that misbehaves. */
async function stranger(t: Test, answer: RequestListener): Promise<Client> {
  const path = join(shortDirectory(t), 's');
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return new Client(path);
}

t.test('every call, against the real service', async (t) => {
  const { client } = await startService(t);
  t.same(await client.ban({ addresses: ['192.0.2.7'] }), [{ address: '192.0.2.7', until: null }]);
  t.match(await client.status(), { bans: 1 });
  t.equal(await client.metrics(), await METRICS.text());
  t.same(await client.metricFamilies(), await METRICS.json());
  t.match(await client.why('::ffff:192.0.2.7'), { address: '192.0.2.7', banned: true });
  t.match(await all(client.bans()), [{ address: '192.0.2.7', jail: 'manual', until: null }]);
  t.same(await client.unban(['192.0.2.7']), [{ address: '192.0.2.7', lifted: 1 }]);
  t.equal(await client.unbanAll(), 0);
  t.match(await all(client.verify()), [{ checked: 0, differed: 0, done: true }]);
  t.same(await all(client.bans()), []);
});

t.test("the service's own errors come through with their code", async (t) => {
  const { client } = await startService(t);
  await t.rejects(client.ban({ addresses: [] }), { name: 'DropsetError', code: 'request', message: /at addresses/ });
  await t.rejects(client.ban({ addresses: ['192.0.2.7'], for: 'soon' }), { code: 'duration' });
});

t.test('a long list, and leaving it in the middle', async (t) => {
  const { client } = await startService(t);
  const addresses = Array.from({ length: 5000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  await client.ban({ addresses });
  t.equal((await all<ListedBan>(client.bans())).length, 5000);
  for await (const _ of client.bans()) break;
  t.match(await client.status(), { bans: 5000 });
});

t.test('a stream, with its options', async (t) => {
  const { client, ledger } = await startService(t);
  const text = Readable.from(['192.0.2.1\n192.0', '.2.2\nnonsense\n', '192.0.2.3']);
  const events = await all<StreamEvent>(client.banStream(text, { for: '1h', reason: 'a & b = c' }));
  t.match(events.at(-1), { banned: 3, refusals: 1, done: true });
  t.match(
    events.find((event) => 'refused' in event),
    { refused: { line: 3, address: 'nonsense' } },
  );
  t.match([...ledger.bans()].flat()[0], { reason: 'a & b = c' });
});

t.test('answers come while the stream goes on', async (t) => {
  const { client } = await startService(t);
  const input = new PassThrough();
  const events = client.banStream(input, {});
  input.write('192.0.2.1\n');
  t.match((await events.next()).value, { banned: 1, done: false });
  input.end('192.0.2.2\n');
  t.match((await all(events)).at(-1), { banned: 2, done: true });
});

t.test('a stream that is refused is read no further', async (t) => {
  const { client } = await startService(t);
  const input = new PassThrough();
  input.write('192.0.2.1\n');
  await t.rejects(all(client.banStream(input, { for: 'soon' })), {
    code: 'duration',
    message: /'soon' is no duration/,
  });
  t.ok(input.isPaused(), 'a terminal that is still read would keep the process');
});

t.test('nobody answers', async (t) => {
  const path = join(shortDirectory(t), 'nobody');
  const message = `no service answers at ${path}: start the service with: dropset run; or name its socket with --socket`;
  const client = new Client(path);
  await t.rejects(client.status(), { code: 'unreachable', message });
  await t.rejects(all(client.bans()), { code: 'unreachable', message });
  await t.rejects(all(client.banStream(Readable.from(['192.0.2.1\n']), {})), { code: 'unreachable', message });
});

t.test('the service goes away before, in, and behind the head of its answer', async (t) => {
  const answers: RequestListener[] = [
    (request) => request.socket.destroy(),
    (_request, response) => {
      response.write('[\n{"address":"192.0.2.1"},\n');
      setImmediate(() => response.destroy());
    },
    (_request, response) => {
      response.flushHeaders();
      setImmediate(() => response.destroy());
    },
  ];
  for (const answer of answers) {
    const client = await stranger(t, answer);
    await t.rejects(client.status(), { code: 'unreachable' });
    await t.rejects(all(client.bans()), { code: 'unreachable' });
    await t.rejects(all(client.verify()), { code: 'unreachable' });
  }
});

t.test('the service dies while it is being sent a stream', async (t) => {
  const client = await stranger(t, (request, response) => {
    response.write('{"banned":1,"refusals":0,"done":false}\n');
    request.once('data', () => setImmediate(() => request.socket.destroy()));
  });
  const endless = Readable.from(
    (function* () {
      for (;;) yield '192.0.2.1\n'.repeat(10_000);
    })(),
  );
  t.teardown(() => endless.destroy());
  await t.rejects(all(client.banStream(endless, {})), { code: 'unreachable', message: /went away/ });
});

t.test('an answer that ends without its last word is no success', async (t) => {
  const client = await stranger(t, (request, response) => {
    request.resume();
    response.end('{"banned":1,"refusals":0,"done":false}\n');
  });
  await t.rejects(all(client.banStream(Readable.from(['x\n']), {})), { code: 'unreachable' });
});

t.test('the input cannot be read', async (t) => {
  const { client } = await startService(t);
  const input = new Readable({
    read() {
      this.destroy(new Error('EISDIR: illegal operation on a directory, read'));
    },
  });
  await t.rejects(all(client.banStream(input, {})), { message: /EISDIR/ });
});

t.test('another program behind the socket', async (t) => {
  for (const [status, body] of [
    [404, '{"message":"page not found"}'],
    [431, ''],
    [500, '<html>'],
    [200, '<html>'],
  ] as const) {
    const client = await stranger(t, (_request, response) => {
      response.writeHead(status);
      response.end(body);
    });
    await t.rejects(client.status(), { name: 'DropsetError', code: 'unreachable', message: /no answer of dropset/ });
  }
});

t.test('events, until they are left, aborted, or the service stops', async (t) => {
  const { client, events, stream } = await startService(t);
  const begun = (): unknown => setImmediate(() => events.problem('disk full'));
  for await (const event of client.events({}, { begun })) {
    t.match(event, { event: 'problem', message: 'disk full' });
    break;
  }
  const aborted = new AbortController();
  const abort = (): unknown => setImmediate(() => aborted.abort());
  t.same(await all(client.events({}, { signal: aborted.signal, begun: abort })), []);
  t.same(await all(client.events({}, { signal: aborted.signal })), [], 'aborted before it began');
  const stop = (): unknown => setImmediate(() => void stream.close());
  t.same(await all(client.events({ event: 'ban' }, { begun: stop })), []);
  await t.rejects(all(client.events({ event: 'x' })), { code: 'request' });
});

t.test('events of a service that goes away without a word', async (t) => {
  const client = await stranger(t, (_request, response) => {
    response.write('{"event":"problem"}\n');
    setImmediate(() => response.destroy());
  });
  await t.rejects(all(client.events()), { code: 'unreachable' });
});

t.test('who was banned most', async (t) => {
  const { client } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7', '192.0.2.8'] });
  t.match(await client.offenders(), { sums: { offenders: 2 } });
  t.equal((await client.offenders({ limit: 1, fold: 'no' })).offenders.length, 1);
  await t.rejects(client.offenders({ since: 'soon' }), { code: 'request' });
});
