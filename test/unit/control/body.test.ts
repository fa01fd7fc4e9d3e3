import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import t from 'tap';
import { banRequest, readJson, unbanRequest } from '../../../src/control/body.js';

const bytes = (...parts: (string | Buffer)[]): Readable => Readable.from(parts.map((part) => Buffer.from(part)));
const request = (...parts: (string | Buffer)[]): IncomingMessage => bytes(...parts) as unknown as IncomingMessage;

t.test('JSON of the right shape', async (t) => {
  t.same(await readJson(request('{"addresses":["192.0', '.2.7"],"for":"1h"}'), banRequest, 1000), {
    addresses: ['192.0.2.7'],
    for: '1h',
  });
  t.same(await readJson(request('{"all":true}'), unbanRequest, 1000), { all: true });
  t.same(await readJson(request('{"addresses":["x"]}'), unbanRequest, 1000), { addresses: ['x'] });
});

t.test('a character that is cut between two parts is whole again', async (t) => {
  const body = Buffer.from('{"addresses":["x"],"reason":"é☃"}');
  for (let at = 26; at < body.length; at++) {
    const found = await readJson(request(body.subarray(0, at), body.subarray(at)), banRequest, 1000);
    t.equal(found.reason, 'é☃');
  }
});

t.test('what is no JSON, or not of the shape', async (t) => {
  const wrong: [string, RegExp][] = [
    ['', /^the request's body is no JSON: /],
    ['{"addresses":', /^the request's body is no JSON: /],
    ['192.0.2.7', /^the request's body is no JSON: /],
    ['null', /^the request has faults: /],
    ['{}', /addresses/],
    ['{"addresses":[]}', /at addresses/],
    ['{"addresses":["x",7]}', /at addresses\[1\]/],
    [`{"addresses":["${'x'.repeat(65)}"]}`, /at addresses\[0\]/],
    [JSON.stringify({ addresses: Array.from({ length: 10_001 }, () => 'x') }), /10000/],
    ['{"addresses":["x"],"jail":"sshd"}', /jail/],
    ['{"addresses":["x"],"for":60}', /at for/],
    [JSON.stringify({ addresses: ['x'], reason: 'x'.repeat(501) }), /at reason/],
    ['{"__proto__":{"addresses":["x"]}}', /faults/],
  ];
  for (const [body, message] of wrong) {
    const thrown = await readJson(request(body), banRequest, 1000).catch((error) => error);
    t.match(thrown, { code: 'request', message }, body.slice(0, 60));
    t.notMatch(thrown.message, /\n/, 'one line');
  }
  for (const body of ['{}', '{"all":false}', '{"all":true,"addresses":["x"]}', '{"all":true,"now":1}']) {
    await t.rejects(readJson(request(body), unbanRequest, 1000), { code: 'request' }, body);
  }
});

t.test('a body that is too large', async (t) => {
  const part = Buffer.alloc(64 * 1024, ' ');
  const fits = Array.from({ length: 15 }, () => part);
  t.same(await readJson(request(...fits, '{"all":true}'), unbanRequest, 1000), { all: true });
  await t.rejects(readJson(request(...fits, part, '{"all":true}'), unbanRequest, 1000), {
    code: 'request',
    message: "the request's body is larger than 1048576 bytes",
  });
});
