import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { z } from 'zod';
import { ROUTES } from '../../src/control/routes.js';
import { ATTACKER, Guarded } from './guarded.js';

type Json = { readonly [key: string]: Json } & { readonly $ref?: string };

const described = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));

/** A schema with what it refers to in its place. */
function whole(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(whole);
  const { $ref } = schema as Json;
  if ($ref !== undefined) return whole(described.components.schemas[$ref.split('/').at(-1) as string]);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, whole(value)]));
}

const validatorOf = (schema: unknown): z.ZodType => z.fromJSONSchema(whole(schema) as never);

const guarded = await Guarded.for(t);

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly type?: string;
}

/** What the service answers, of which the description has to be true: the status, and each JSON value. */
async function asked(t: Test, { method, path, body, type }: Asked): Promise<[status: string, values: unknown[]]> {
  const headers = type === undefined ? {} : { 'content-type': type };
  const outgoing = request({ agent: false, socketPath: guarded.socket, method, path, headers }).end(body);
  const [response] = await once(outgoing, 'response');
  const answer = await text(response);
  const operation = described.paths[path.split('?')[0] as string]?.[method.toLowerCase()];
  const kind = response.headers['content-type'];
  const schema = operation.responses[response.statusCode]?.content[kind]?.schema;
  t.ok(schema, `${method} ${path}: ${response.statusCode} with ${kind} is described`);
  const texts = kind === 'application/x-ndjson' ? answer.trimEnd().split('\n') : [answer];
  const values = texts.map((one) => (kind?.startsWith('text/plain') ? one : JSON.parse(one)));
  for (const value of values) {
    const { error } = validatorOf(schema).safeParse(value);
    t.notOk(error, `${method} ${path}: ${error ? z.prettifyError(error) : 'as described'}`);
  }
  return [String(response.statusCode), values];
}

t.test('every route is described, and nothing else', async (t) => {
  const routes = Object.entries(described.paths).flatMap(([path, operations]) =>
    Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.same(routes.toSorted(), Object.keys(ROUTES).toSorted());
});

t.test('the answers of the service that runs are as described', async (t) => {
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  const json = 'application/json';
  const requests: [Asked, string][] = [
    [{ method: 'GET', path: '/v1/status' }, '200'],
    [{ method: 'POST', path: '/v1/bans', body: '{"addresses":["192.0.2.7","x"],"for":"1h"}', type: json }, '200'],
    [{ method: 'POST', path: '/v1/bans', body: '{"addresses":[]}', type: json }, '400'],
    [{ method: 'POST', path: '/v1/bans?for=1h&reason=x', body: '192.0.2.8\nx\n', type: 'text/plain' }, '200'],
    [
      {
        method: 'POST',
        path: '/v1/bans',
        body: '{"address":"192.0.2.9","until":null,"jail":"sshd"}\n{"address":"192.0.2.9","until":"2020-01-01"}\nx\n',
        type: 'application/x-ndjson',
      },
      '200',
    ],
    [
      {
        method: 'POST',
        path: '/v1/bans?source=drop&replace=true&shrink=true',
        body: '192.0.2.8\n',
        type: 'text/plain',
      },
      '200',
    ],
    [{ method: 'POST', path: '/v1/bans?source=drop&replace=true', body: '', type: 'text/plain' }, '200'],
    [{ method: 'POST', path: '/v1/bans?replace=true', body: '', type: 'text/plain' }, '400'],
    [{ method: 'GET', path: '/v1/bans' }, '200'],
    [{ method: 'GET', path: '/v1/bans?jail=sshd&prefix=192.0.2.0%2F24&since=2020-01-01' }, '200'],
    [{ method: 'GET', path: '/v1/bans?jial=sshd' }, '400'],
    [{ method: 'GET', path: `/v1/why?address=${ATTACKER}` }, '200'],
    [{ method: 'GET', path: '/v1/why?address=192.0.2.99' }, '200'],
    [{ method: 'GET', path: '/v1/why?address=x' }, '400'],
    [{ method: 'GET', path: '/v1/metrics' }, '200'],
    [{ method: 'GET', path: '/v1/metrics?format=json' }, '200'],
    [{ method: 'GET', path: '/v1/metrics?format=xml' }, '400'],
    [{ method: 'GET', path: '/v1/top' }, '200'],
    [{ method: 'GET', path: '/v1/offenders?since=2020-01-01&limit=5&jail=sshd&prefix=%3A%3A&fold=no' }, '200'],
    [{ method: 'GET', path: '/v1/offenders' }, '200'],
    [{ method: 'GET', path: '/v1/offenders?limit=0' }, '400'],
    [{ method: 'POST', path: '/v1/verify' }, '200'],
    [{ method: 'POST', path: '/v1/reload' }, '200'],
    [{ method: 'POST', path: '/v1/unbans', body: '{"addresses":["192.0.2.7","x"]}', type: json }, '200'],
    [{ method: 'POST', path: '/v1/unbans', body: '{"all":true}', type: json }, '200'],
    [{ method: 'POST', path: '/v1/unbans', body: '{}', type: json }, '400'],
  ];
  for (const [one, status] of requests) t.equal((await asked(t, one))[0], status, `${one.method} ${one.path}`);
});

t.test('events, as they come', async (t) => {
  const path = '/v1/events?event=ban,unban,lifted';
  const outgoing = request({ agent: false, socketPath: guarded.socket, method: 'GET', path }).end();
  const [response] = await once(outgoing, 'response');
  const { content } = described.paths['/v1/events'].get.responses['200'];
  const validator = validatorOf(content[response.headers['content-type']].schema);
  const json = 'application/json';
  for (const body of ['{"addresses":["192.0.2.7"]}', '{"addresses":["192.0.2.7"],"for":"1h"}']) {
    await asked(t, { method: 'POST', path: '/v1/bans', body, type: json });
  }
  await asked(t, { method: 'POST', path: '/v1/unbans', body: '{"addresses":["192.0.2.7"]}', type: json });
  await asked(t, { method: 'POST', path: '/v1/unbans', body: '{"all":true}', type: json });
  const lines = createInterface({ input: response })[Symbol.asyncIterator]();
  for (const name of ['ban', 'ban', 'unban', 'lifted']) {
    const event = JSON.parse((await lines.next()).value);
    t.equal(event.event, name);
    const { error } = validator.safeParse(event);
    t.notOk(error, error ? z.prettifyError(error) : name);
    t.notOk(validator.safeParse({ ...event, more: 1 }).success, 'it is strict');
  }
  outgoing.destroy();
  t.equal((await asked(t, { method: 'GET', path: '/v1/events?event=x' }))[0], '400');
});

t.test('the description is strict: an answer with one thing more or less is not as described', async (t) => {
  const [, [status]] = await asked(t, { method: 'GET', path: '/v1/status' });
  const validator = validatorOf({ $ref: '#/components/schemas/Status' });
  t.ok(validator.safeParse(status).success);
  t.notOk(validator.safeParse({ ...(status as object), more: 1 }).success);
  for (const key of Object.keys(status as object)) {
    const { [key]: _left, ...rest } = status as Record<string, unknown>;
    t.notOk(validator.safeParse(rest).success, key);
  }
});
