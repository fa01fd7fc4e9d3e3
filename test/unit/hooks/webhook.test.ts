import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import type { WebhookTarget } from '../../../src/config/types.js';
import { Webhook } from '../../../src/hooks/webhook.js';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const { signal } = new AbortController();

interface Seen {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A server of HTTP on loopback, and a webhook that leads to it. */
async function world(
  t: Test,
  answer: (response: ServerResponse, seen: Seen) => void,
  more: Partial<WebhookTarget> = {},
  timeout = 2000,
) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const one = { request, body: await text(request) };
    seen.push(one);
    answer(response, one);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = {
    kind: 'webhook',
    url: `${origin}/in?key=secret`,
    headers: {},
    headerFiles: {},
    giveUp: 0,
    ...more,
  } as const;
  const webhook = new Webhook({ target, timeout, version: '1.2.3', now: () => NOW });
  t.teardown(() => {
    webhook.close();
    server.closeAllConnections();
    server.close();
  });
  return { webhook, seen, origin };
}

t.test('a POST of JSON, with headers that are configured or in files, over one connection', async (t) => {
  const folder = t.testdir({ token: 'Bearer 4711\n' });
  const { webhook, seen, origin } = await world(t, (response) => response.end('ok'), {
    headers: { 'X-Team': 'ops', 'User-Agent': 'other' },
    headerFiles: { Authorization: join(folder, 'token') },
  });
  t.equal(webhook.target, origin, 'no path, which may have a secret in it');
  t.equal(webhook.fault(), undefined);
  await webhook.call('{"events":[]}\n', 'id-1', signal);
  writeFileSync(join(folder, 'token'), 'Bearer 4712');
  await webhook.call('{}', 'id-2', signal);
  t.match(
    seen.map(({ request: { method, url }, body }) => [method, url, body]),
    [
      ['POST', '/in?key=secret', '{"events":[]}\n'],
      ['POST', '/in?key=secret', '{}'],
    ],
  );
  t.match(seen[0]?.request.headers, {
    'content-type': 'application/json',
    'x-team': 'ops',
    'user-agent': 'dropset/1.2.3',
    'idempotency-key': 'id-1',
    authorization: 'Bearer 4711',
  });
  t.equal(seen[1]?.request.headers.authorization, 'Bearer 4712', 'read anew for each call');
  t.equal(seen[0]?.request.socket, seen[1]?.request.socket);
});

t.test('what is answered says whether to come again', async (t) => {
  for (const [status, headers, expected] of [
    [503, { 'retry-after': '7' }, { isPassing: true, after: 7000 }],
    [429, { 'retry-after': 'Sat, 31 Jan 2026 12:01:00 GMT' }, { isPassing: true, after: 60_000 }],
    [500, {}, { isPassing: true, after: undefined }],
    [408, {}, { isPassing: true }],
    [400, {}, { isPassing: false }],
    [404, {}, { isPassing: false, message: /^http:\/\/127\.0\.0\.1:\d+ answered 404: no \\u\{1b\}\[2Jroom$/ }],
  ] as const) {
    const { webhook } = await world(t, (response) => response.writeHead(status, headers).end('no \u001b[2Jroom\n'));
    await t.rejects(webhook.call('{}', 'x', signal), { name: 'Failed', ...expected }, String(status));
  }
  for (const status of [200, 201, 204]) {
    const { webhook } = await world(t, (response) => response.writeHead(status).end());
    await webhook.call('{}', 'x', signal);
  }
});

t.test('a redirect is not followed', async (t) => {
  const other = await world(t, (response) => response.end());
  const { webhook } = await world(t, (response) => response.writeHead(307, { location: other.origin }).end());
  await t.rejects(webhook.call('{}', 'x', signal), {
    isPassing: false,
    message: /answered 307, a redirect, which is not followed/,
  });
  t.same(other.seen, []);
});

t.test('of an answer only the begin is read', async (t) => {
  let sent = 0;
  const { webhook } = await world(t, (response) => {
    response.writeHead(500);
    const more = (): void => {
      while (!response.destroyed && sent < 500_000_000) {
        sent += 65_536;
        if (!response.write(Buffer.alloc(65_536, 'x'))) return void response.once('drain', more);
      }
    };
    more();
  });
  await t.rejects(webhook.call('{}', 'x', signal), { message: /answered 500: x{200}$/ });
  t.ok(sent < 50_000_000, `${sent} bytes were sent`);
});

t.test('no answer, half an answer, nobody there', async (t) => {
  const silent = await world(t, () => undefined, {}, 200);
  const begun = performance.now();
  await t.rejects(silent.webhook.call('{}', 'x', signal), { isPassing: true, message: /no answer within 200 ms$/ });
  t.ok(performance.now() - begun < 1500);
  const slow = await world(t, (response) => response.writeHead(200).write('x'), {}, 300);
  await slow.webhook.call('{}', 'x', signal);
  const broken = await world(t, (response) => response.destroy());
  await t.rejects(broken.webhook.call('{}', 'x', signal), { name: 'Failed', isPassing: true });
  const target = { kind: 'webhook', url: 'http://127.0.0.1:1/', headers: {}, headerFiles: {}, giveUp: 0 } as const;
  const nobody = new Webhook({ target, timeout: 1000, version: '1', now: Date.now });
  await t.rejects(nobody.call('{}', 'x', signal), {
    isPassing: true,
    message: /^http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/,
  });
  nobody.close();
});

t.test('told to stop', async (t) => {
  const { webhook } = await world(t, () => undefined, {}, 60_000);
  const over = new AbortController();
  const going = webhook.call('{}', 'x', over.signal);
  setTimeout(() => over.abort(), 20);
  await t.rejects(going, { name: 'Failed' });
  await t.rejects(webhook.call('{}', 'x', over.signal), { name: 'Failed' });
});

t.test('a header that is no header is named by its file, and not shown', async (t) => {
  const folder = t.testdir({ lines: 'secret\nsecret2\n', long: `secret${'x'.repeat(5000)}`, empty: '' });
  for (const name of ['lines', 'long', 'empty', 'none']) {
    const path = join(folder, name);
    const { webhook, seen } = await world(t, (response) => response.end(), { headerFiles: { Authorization: path } });
    const thrown = await webhook.call('{}', 'x', signal).catch((error) => error);
    t.match(thrown, { name: 'Failed', isPassing: true });
    t.ok(thrown.message.startsWith(path));
    t.notMatch(thrown.message, /secret/);
    t.same(seen, []);
  }
});
