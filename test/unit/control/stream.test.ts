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
