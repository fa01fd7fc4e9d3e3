import t from 'tap';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;

t.test('every live ban, in the format that is asked for', async (t) => {
  const { socket, client } = await startService(t, { clock });
  t.equal((await type(['export', '--socket', socket])).stdout, '[]\n');
  await client.ban({ addresses: ['192.0.2.7'], for: '1h', reason: 'spam, run' });
  const since = '2023-11-14T22:13:20.000Z';
  const until = '2023-11-14T23:13:20.000Z';
  const json = await type(['export', '--socket', socket]);
  t.same(JSON.parse(json.stdout), [
    { address: '192.0.2.7', jail: 'manual', reason: 'spam, run', since, until, scope: 'all' },
  ]);
  t.same(await type(['export', '--json', '--socket', socket]), json);
  t.same(await type(['export', '--format', 'plain', '--socket', socket]), {
    code: 0,
    stdout: '192.0.2.7\n',
    stderr: '',
  });
  t.equal(
    (await type(['export', '--format', 'csv', '--socket', socket])).stdout,
    `address,jail,reason,since,until,scope\n192.0.2.7,manual,"spam, run",${since},${until},all\n`,
  );
  t.match((await type(['export', '--format', 'nft', '--socket', socket])).stdout, 'ban4 { 192.0.2.7 timeout 0d1s }');
});

t.test('some of them', async (t) => {
  const { socket, client } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7', '198.51.100.0/24'] });
  const plain = async (...words: string[]) =>
    (await type(['export', '--format', 'plain', ...words, '--socket', socket])).stdout;
  t.equal(await plain('--prefix', '198.51.100.9'), '198.51.100.0/24\n');
  t.equal(await plain('--jail', 'sshd'), '');
  t.equal(await plain('--since', '1h'), '192.0.2.7\n198.51.100.0/24\n');
  t.equal(await plain('--since', '2100-01-01'), '');
});

t.test('what makes no sense', async (t) => {
  for (const words of [['x'], ['--format', 'xml'], ['--json', '--format', 'csv'], ['--since', 'soon']]) {
    t.match(await type(['export', ...words]), { code: 2, stdout: '' }, words.join(' '));
  }
});
