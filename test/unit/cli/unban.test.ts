import t from 'tap';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

t.test('lifts, and says who was not banned', async (t) => {
  const { socket, client, held } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7', '2001:db8::1'] });
  t.same(await type(['unban', '192.0.2.7', '192.0.2.99', '--socket', socket]), {
    code: 0,
    stdout: 'unbanned 192.0.2.7\n192.0.2.99 was not banned\n',
    stderr: '',
  });
  t.same(await held(), ['2001:db8::1']);
});

t.test('what is no address fails, the others are lifted', async (t) => {
  const { socket, client, held } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7'] });
  t.same(await type(['unban', 'x', '192.0.2.7', '--socket', socket]), {
    code: 1,
    stdout: 'unbanned 192.0.2.7\n',
    stderr: 'dropset: x: "x" is no IPv4 or IPv6 address or prefix\n',
  });
  t.same(await held(), []);
});

t.test('all', async (t) => {
  const { socket, client, ledger } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7', '2001:db8::1'] });
  t.same(await type(['unban', '--all', '--socket', socket]), { code: 0, stdout: 'unbanned all: 2\n', stderr: '' });
  t.equal(ledger.count(), 0);
  t.equal((await type(['unban', '--all', '--json', '--socket', socket])).stdout, '{"lifted":0}\n');
});

t.test('as JSON', async (t) => {
  const { socket, client } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7'] });
  const { code, stdout } = await type(['unban', '192.0.2.7', 'x', '--json', '--socket', socket]);
  t.equal(code, 1);
  t.match(JSON.parse(stdout), [
    { address: '192.0.2.7', lifted: 1 },
    { address: 'x', lifted: 0, error: { code: 'address' } },
  ]);
});

t.test('a command line that makes no sense', async (t) => {
  for (const [words, sentence] of [
    [['unban'], 'unban needs an address, or --all'],
    [['unban', '--all', '192.0.2.7'], '--all lifts every ban: give no addresses beside it'],
  ] as const) {
    t.same(await type(words), { code: 2, stdout: '', stderr: `dropset: ${sentence}\nTry: dropset --help\n` });
  }
});
