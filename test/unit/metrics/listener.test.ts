import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Listener } from '../../../src/metrics/listener.js';

async function listener(t: Test, answer: () => Promise<string> = async () => 'up 1\n') {
  const problems: string[] = [];
  const problem = (sentence: string): unknown => problems.push(sentence);
  const it = new Listener({ host: '127.0.0.1', port: 0 }, { text: answer, problem });
  await it.open();
  t.teardown(() => it.close());
  const ask = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
    const outgoing = request({ agent: false, host: '127.0.0.1', port: it.port, method, path, headers });
    outgoing.on('error', () => {});
    outgoing.end(body);
    const [response] = await once(outgoing, 'response');
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  };
  return { it, problems, ask };
}

t.test('GET and HEAD of /metrics, and nothing else', async (t) => {
  const { ask } = await listener(t);
  const type = 'text/plain; version=0.0.4; charset=utf-8';
  t.match(await ask('GET', '/metrics'), { status: 200, body: 'up 1\n', headers: { 'content-type': type } });
  t.match(await ask('GET', '/metrics?name[]=up'), { status: 200 });
  t.match(await ask('HEAD', '/metrics'), { status: 200, body: '', headers: { 'content-length': '5' } });
  t.match(await ask('GET', '/'), { status: 404 });
  t.match(await ask('GET', '/v1/status'), { status: 404 });
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    t.match(await ask(method, '/metrics'), { status: 405, headers: { allow: 'GET, HEAD' } }, method);
  }
  t.match(await ask('GET', '/metrics', { 'content-length': '4' }, 'body'), { status: 413 });
  t.match(await ask('GET', '/metrics', { 'x-long': 'x'.repeat(10_000) }), { status: 431 });
});

t.test('figures that cannot be had are no silence', async (t) => {
  const { ask } = await listener(t, () => Promise.reject(new Error('no figures')));
  t.match(await ask('GET', '/metrics'), { status: 500, body: 'no figures\n' });
});

t.test('clients are few', async (t) => {
  const { it, ask } = await listener(t);
  const sockets = Array.from({ length: 20 }, () => connect(it.port as number, '127.0.0.1'));
  const closed = sockets.map((socket) => {
    socket.on('error', () => {});
    return new Promise<void>((resolve) => socket.once('close', () => resolve()));
  });
  await Promise.race(closed);
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  t.match(await ask('GET', '/metrics'), { status: 200 });
});

t.test('a port that somebody else has: said once, tried again, and it is ours when it is free', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const problems: string[] = [];
  const it = new Listener(
    { host: '127.0.0.1', port },
    { text: async () => '', problem: (sentence) => problems.push(sentence), again: 5 },
  );
  t.teardown(() => it.close());
  await it.open();
  await sleep(50);
  t.equal(it.port, undefined);
  t.match(problems, [
    /^metrics cannot be read on 127\.0\.0\.1 port \d+: .*EADDRINUSE.*set another port in \[metrics\]$/,
  ]);
  other.close();
  while (it.port === undefined) await sleep(5);
  t.equal(it.port, port);
  t.equal(problems.length, 1);
});

t.test('closing ends who is connected, also before it listens', async (t) => {
  const { it } = await listener(t);
  const socket = connect(it.port as number, '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(
    socket.on('error', () => {}),
    'close',
  );
  await it.close();
  await closed;
  await it.close();
  t.equal(it.port, undefined);
});
