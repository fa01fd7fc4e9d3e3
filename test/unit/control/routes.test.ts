import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { DropsetError } from '../../../src/model/errors.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';
import { type Service, startService } from '../../service.js';

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

async function ask(service: Service, method: string, path: string, body = '', type?: string): Promise<Answer> {
  const outgoing = request({
    socketPath: service.socket,

    method,
    path,
    headers: type ? { 'content-type': type } : {},
  });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  const answer = { status: response.statusCode, body: await text(response) };
  // Whatever of a refused body is still on its way.
  outgoing.on('error', () => {}).destroy();
  return answer;
}

const stream = async (service: Service, body: string, query = ''): Promise<{ status?: number; events: unknown[] }> => {
  const answer = await ask(service, 'POST', `/v1/bans${query}`, body, 'text/plain');
  const events = answer.body
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { ...(answer.status && { status: answer.status }), events };
};

const address = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
const bans = (count: number): Verdict[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'ban',
    ban: { prefix: Prefix.parse(address(index)), jail: 'sshd', reason: 'a "reason"\n', since: 0, until: null },
  }));

t.test('the list is JSON, and each ban a line of its own', async (t) => {
  const service = await startService(t);
  for (const count of [0, 1, 500, 501]) {
    service.ledger.record(bans(count));
    const { status, body } = await ask(service, 'GET', '/v1/bans');
    t.equal(status, 200);
    t.equal(JSON.parse(body).length, count, `${count} bans`);
    const rows = body.split('\n').filter((line) => line.startsWith('{'));
    t.same(
      rows.map((row) => JSON.parse(row.replace(/,$/, '')).address).sort(),
      bans(count)
        .map((verdict) => (verdict as { ban: { prefix: Prefix } }).ban.prefix.text)
        .sort(),
    );
  }
});

t.test('why: of one address, in its query', async (t) => {
  const service = await startService(t);
  service.ledger.record(bans(1));
  const { status, body } = await ask(service, 'GET', '/v1/why?address=10.0.0.0');
  t.equal(status, 200);
  t.match(JSON.parse(body), { address: '10.0.0.0', banned: false, bans: [{ jail: 'sshd' }] });
  for (const query of ['', '?address=', '?address=x', `?address=${'1'.repeat(5000)}`]) {
    const answer = await ask(service, 'GET', `/v1/why${query}`);
    t.equal(answer.status, 400);
    t.equal(JSON.parse(answer.body).error.code, 'address');
  }
});

t.test('who was banned most', async (t) => {
  const service = await startService(t);
  service.ledger.record(bans(3));
  const { status, body } = await ask(service, 'GET', '/v1/offenders?since=1970-01-01&fold=no&limit=2');
  t.equal(status, 200);
  t.match(JSON.parse(body), { sums: { offenders: 3 }, offenders: [{ address: '10.0.0.0' }, { address: '10.0.0.1' }] });
  t.equal((await ask(service, 'GET', '/v1/offenders?limit=0')).status, 400);
});

t.test('a reader that is slow costs no memory and leaves no listeners', async (t) => {
  const service = await startService(t);
  service.ledger.record(bans(20_000));
  const warnings: Error[] = [];
  const warned = (warning: Error): number => warnings.push(warning);
  process.on('warning', warned);
  t.teardown(() => process.off('warning', warned));
  const outgoing = request({ socketPath: service.socket, path: '/v1/bans' }).end();
  const [response] = await once(outgoing, 'response');
  for (let waited = 0; waited < 50; waited++) await turn();
  t.ok(response.readableLength < 1_000_000, 'most is still to be made');
  t.equal(JSON.parse(await text(response)).length, 20_000);
  t.same(warnings, []);
});

t.test('a reader that goes away in the middle of the list', async (t) => {
  const service = await startService(t);
  service.ledger.record(bans(20_000));
  const outgoing = request({ socketPath: service.socket, path: '/v1/bans' }).end();
  const [response] = await once(outgoing, 'response');
  response.destroy();
  t.equal((await ask(service, 'GET', '/v1/status')).status, 200);
});

t.test('a list that fails before it begins is an error, not half a list', async (t) => {
  const service = await startService(t);
  service.ledger.close();
  const { status, body } = await ask(service, 'GET', '/v1/bans');
  t.equal(status, 500);
  t.match(JSON.parse(body), { error: { code: 'ledger', message: /^reading the ledger/ } });
});

t.test('JSON bans and unbans', async (t) => {
  const service = await startService(t);
  const banned = await ask(service, 'POST', '/v1/bans', '{"addresses":["192.0.2.7","x"]}', 'application/json');
  t.match(JSON.parse(banned.body), {
    results: [{ address: '192.0.2.7', until: null }, { error: { code: 'address' } }],
  });
  const one = await ask(service, 'POST', '/v1/unbans', '{"addresses":["192.0.2.7"]}');
  t.same(JSON.parse(one.body), { results: [{ address: '192.0.2.7', lifted: 1 }] });
  t.same(JSON.parse((await ask(service, 'POST', '/v1/unbans', '{"all":true}')).body), { lifted: 0 });
});

t.test('a verification is told page by page; one that cannot begin is an error', async (t) => {
  const service = await startService(t);
  service.ledger.record(bans(4500));
  const { status, body } = await ask(service, 'POST', '/v1/verify');
  t.equal(status, 200);
  const told = body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.same(
    told.map(({ checked, done }) => [checked, done]),
    [
      [2000, false],
      [4000, false],
      [4500, false],
      [4500, true],
    ],
  );
  t.match(told.at(-1), { differed: 4500, repaired: 4500 }, 'the kernel knew nothing of them');
  t.equal((await service.held()).length, 4500);
  service.ledger.close();
  t.match(JSON.parse((await ask(service, 'POST', '/v1/verify')).body), { error: { code: 'ledger' } });
});

t.test('errors have a status, a code and a sentence', async (t) => {
  const codes = { request: 400, duration: 400, never: 400, ledger: 500, kernel: 500 } as const;
  for (const [code, status] of Object.entries(codes)) {
    const thrown = new DropsetError(code as keyof typeof codes, `a fault of ${code}`);
    const service = await startService(t, { operations: { status: () => Promise.reject(thrown) } });
    const answer = await ask(service, 'GET', '/v1/status');
    t.equal(answer.status, status, code);
    t.same(JSON.parse(answer.body), { error: { code, message: `a fault of ${code}` } });
  }
  const service = await startService(t, { operations: { status: () => Promise.reject(new TypeError('a defect')) } });
  const answer = await ask(service, 'GET', '/v1/status');
  t.equal(answer.status, 500);
  t.match(JSON.parse(answer.body), { error: { code: 'internal' } });
});

t.test('what is no request', async (t) => {
  const service = await startService(t);
  const wrong: [string, string, string, RegExp][] = [
    ['GET', '/', '', /^there is no GET \/; there are GET \/v1\/status, /],
    ['GET', '/v1/nothing?x=1', '', /^there is no GET \/v1\/nothing;/],
    ['DELETE', '/v1/bans', '', /^there is no DELETE \/v1\/bans;/],
    ['GET', `/${'x'.repeat(5000)}`, '', /x{99};/],
    ['POST', '/v1/bans', 'no JSON', /no JSON/],
    ['POST', '/v1/bans', '{"addresses":["x"],"jail":"sshd"}', /jail/],
    ['POST', '/v1/bans', '{"addresses":["192.0.2.7"],"for":"soon"}', /'soon' is no duration/],
    ['POST', '/v1/unbans', '{"all":false}', /faults/],
  ];
  for (const [method, path, body, message] of wrong) {
    const answer = await ask(service, method, path, body);
    t.equal(answer.status, 400);
    t.match(JSON.parse(answer.body).error.message, message);
  }
  t.equal(service.ledger.count(), 0);
});

t.test('a body that is too large is refused with a sentence, while it is being sent', async (t) => {
  const service = await startService(t);
  for (const size of [1024 * 1024 + 1, 8_000_000]) {
    const answer = await ask(service, 'POST', '/v1/bans', ' '.repeat(size));
    t.equal(answer.status, 400);
    t.match(JSON.parse(answer.body).error.message, /larger than 1048576 bytes/);
  }
});

t.test('a stream of 20,000 lines, some of them no address', async (t) => {
  const service = await startService(t);
  const rows = Array.from({ length: 20_000 }, (_, index) => address(index));
  rows[0] = '# a list of 2023';
  rows[6999] = '   ';
  rows[7000] = '  # indented';
  rows[10_000] = '127.0.0.1';
  rows[15_000] = '10.0.0.256';
  rows[19_999] = '10.1.2';
  const { status, events } = await stream(service, rows.join('\r\n'), '?for=1h&reason=feed');
  t.equal(status, 200);
  const refused = events.filter((event) => Object.hasOwn(event as object, 'refused'));
  t.match(refused, [
    { refused: { line: 10_001, address: '127.0.0.1', error: { code: 'never' } } },
    { refused: { line: 15_001, address: '10.0.0.256', error: { code: 'address' } } },
    { refused: { line: 20_000, address: '10.1.2', error: { code: 'address' } } },
  ]);
  t.equal(refused.length, 3);
  t.same(events.at(-1), { banned: 19_994, refusals: 3, done: true });
  t.equal(service.ledger.count(), 19_994);
  t.match(service.ledger.bansOf(Prefix.parse(address(19_998)))[0], { jail: 'manual', reason: 'feed' });
  t.ok(events.length > 4, 'progress is told meanwhile');
});

t.test(
  'a refused line is named by its own number, though it stands there twice or was written otherwise',
  async (t) => {
    const service = await startService(t, { size: 1 });
    const { events } = await stream(service, 'x\n192.0.2.1\nx\n::ffff:192.0.2.2\n2001:DB8::1\n');
    const found = events.flatMap((event) => (event as { refused?: { line: number } }).refused?.line ?? []);
    t.same(found, [1, 3, 4, 5]);
  },
);

t.test('an empty stream, and one of comments', async (t) => {
  const service = await startService(t);
  for (const body of ['', '\n\n', '# nobody', '\r\n#\r\n']) {
    t.same((await stream(service, body)).events.at(-1), { banned: 0, refusals: 0, done: true });
  }
});

t.test('a stream whose options are wrong bans nobody, and says why', async (t) => {
  const service = await startService(t);
  for (const [query, code] of [
    ['?for=soon', 'duration'],
    ['?for=', 'duration'],
    [`?reason=${'x'.repeat(501)}`, 'request'],
  ]) {
    for (const body of ['', '192.0.2.7\n', '192.0.2.7\n'.repeat(100_000)]) {
      const { status, events } = await stream(service, body, query);
      t.equal(status, 400);
      t.match(events, [{ error: { code } }]);
    }
  }
  t.equal(service.ledger.count(), 0);
});

t.test('a client that goes in the middle of a stream: what was read is banned', async (t) => {
  const service = await startService(t);
  const outgoing = request({
    socketPath: service.socket,

    method: 'POST',
    path: '/v1/bans',
    headers: { 'content-type': 'text/plain' },
  });
  outgoing.on('error', () => {});
  outgoing.write('192.0.2.1\n192.0.2.2\n192.0.2');
  const [response] = await once(outgoing, 'response');
  response.on('error', () => {});
  await once(response, 'data');
  outgoing.destroy();
  t.same(await service.held(), ['192.0.2.1', '192.0.2.2']);
  t.equal((await ask(service, 'GET', '/v1/status')).status, 200);
});

t.test('a client that sends half a request and goes', async (t) => {
  const service = await startService(t);
  const halves = [
    'POST /v1/b',
    'POST /v1/bans HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"addr',
    'POST /v1/bans HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\n192.0',
    '\u0000\u0001',
  ];
  for (const half of halves) {
    const socket = connect(service.socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(half);
    await turn();
    socket.destroy();
    await once(socket, 'close');
    t.equal((await ask(service, 'GET', '/v1/status')).status, 200);
  }
  t.equal(service.ledger.count(), 0);
});
