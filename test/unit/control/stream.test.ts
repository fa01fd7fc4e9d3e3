import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { type Service, startService } from '../../service.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;

async function stream(service: Service, body: string, query = ''): Promise<unknown[]> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const outgoing = request({ socketPath: service.socket, method: 'POST', path: `/v1/bans${query}`, headers });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  const lines = (await text(response)).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

t.test('bans with what they say of themselves', async (t) => {
  const service = await startService(t, { clock });
  const events = await stream(
    service,
    `{"address":"192.0.2.7","jail":"sshd","reason":"knöck","since":"2023-11-14T21:00:00Z","until":"2023-11-14T23:00:00Z"}

{"address":"192.0.2.8","until":null,"packets":5,"bytes":null}
`,
  );
  t.same(events.at(-1), { banned: 2, refusals: 0, done: true });
  t.match(service.ledger.bansOf(Prefix.parse('192.0.2.7')), [
    { jail: 'sshd', reason: 'knöck', since: Date.parse('2023-11-14T21:00Z'), until: Date.parse('2023-11-14T23:00Z') },
  ]);
  t.match(service.ledger.bansOf(Prefix.parse('192.0.2.8')), [{ jail: 'manual', reason: '', since: NOW, until: null }]);
});

t.test('what has ended is passed over, and told', async (t) => {
  const service = await startService(t, { clock });
  const lines = '{"address":"192.0.2.7","until":"2023-11-14T22:13:20Z"}\n{"address":"192.0.2.8"}\n';
  t.same((await stream(service, lines)).at(-1), { banned: 1, refusals: 0, ended: 1, done: true });
  t.equal(service.ledger.count(), 1);
  t.same((await stream(service, lines, '?for=1h')).at(-1), { banned: 2, refusals: 0, done: true });
});

t.test('each line that is none is refused by its number, and the others go through', async (t) => {
  const service = await startService(t, { clock });
  const rows = [
    '{"address":"192.0.2.7"}',
    '',
    'no JSON',
    '{"addres":"192.0.2.8"}',
    '{"address":"127.0.0.1"}',
    '{"address":"192.0.2.9","until":"soon"}',
    `{"address":"192.0.2.9","reason":"${'x'.repeat(20_000)}"}`,
    '[]',
    '{"address":"192.0.2.10"}',
  ];
  const events = await stream(service, rows.join('\n'));
  t.same(events.at(-1), { banned: 2, refusals: 6, done: true });
  t.match(
    events.filter((event) => 'refused' in (event as object)),
    [
      { refused: { line: 3, address: '', error: { code: 'request', message: /no JSON/ } } },
      { refused: { line: 4, error: { message: /faults: .*address/ } } },
      { refused: { line: 5, address: '127.0.0.1', error: { code: 'never' } } },
      { refused: { line: 6, address: '192.0.2.9', error: { message: /is no time/ } } },
      { refused: { line: 7, error: { message: /no JSON/ } } },
      { refused: { line: 8, error: { message: /faults/ } } },
    ],
  );
});

t.test('a list that replaces an earlier one, and one that broke off', async (t) => {
  const service = await startService(t, { clock });
  const named = (...addresses: string[]): string => addresses.map((address) => `{"address":"${address}"}\n`).join('');
  await stream(service, named('192.0.2.1', '192.0.2.2'), '?source=drop');
  const again = await stream(service, named('192.0.2.2', '192.0.2.3'), '?source=drop&replace=true');
  t.same(again.at(-1), { banned: 2, refusals: 0, lifted: 1, done: true });
  t.same((await service.held()).sort(), ['192.0.2.2', '192.0.2.3']);
  const nobody = await stream(service, '', '?source=drop&replace=true');
  t.match(nobody.at(-1), { banned: 0, lifted: 0, kept: /names nobody/ });

  const path = '/v1/bans?source=drop&replace=true';
  const headers = { 'content-type': 'application/x-ndjson' };
  const outgoing = request({ socketPath: service.socket, method: 'POST', path, headers }).on('error', () => {});
  outgoing.write(named('192.0.2.2'));
  const [response] = await once(outgoing, 'response');
  await once(response, 'data');
  const [busy] = (await stream(service, named('192.0.2.4'), '?source=drop&replace=true')) as [object];
  t.match(busy, { error: { code: 'busy', message: /another list of drop/ } });
  response.on('error', () => {});
  outgoing.destroy();
  let events: unknown[] = [];
  for (let tries = 0; tries < 100 && !events.some((event) => 'done' in (event as object)); tries++) {
    events = await stream(service, named('192.0.2.2', '192.0.2.3'), '?source=drop&replace=true');
  }
  t.match(events.at(-1), { lifted: 0, done: true }, 'what broke off has lifted nobody, and is over');
  t.same((await service.held()).sort(), ['192.0.2.2', '192.0.2.3']);
});
