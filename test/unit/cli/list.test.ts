import t from 'tap';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;

t.test('a table for people', async (t) => {
  const { socket, client } = await startService(t, { clock });
  t.equal((await type(['list', '--socket', socket])).stdout, 'nobody is banned\n');
  await client.ban({ addresses: ['192.0.2.7'], for: '1h', reason: 'spam run' });
  await client.ban({ addresses: ['2001:db8::/32'] });
  t.same(await type(['list', '--socket', socket]), {
    code: 0,
    stderr: '',
    stdout: [
      'ADDRESS              JAIL         UNTIL                  PACKETS       BYTES  REASON\n',
      '192.0.2.7            manual       2023-11-14 23:13:20Z         -           -  spam run\n',
      '2001:db8::/32        manual       never                        -           -  \n',
    ].join(''),
  });
});

t.test('one array for programs, each ban a line', async (t) => {
  const { socket, client } = await startService(t, { clock });
  t.equal((await type(['list', '--json', '--socket', socket])).stdout, '[]\n');
  await client.ban({ addresses: ['192.0.2.7', '192.0.2.8'] });
  const { stdout } = await type(['list', '--json', '--socket', socket]);
  t.equal(stdout.split('\n').length, 5);
  const ban = {
    jail: 'manual',
    reason: '',
    since: '2023-11-14T22:13:20.000Z',
    until: null,
    scope: 'all',
    packets: null,
    bytes: null,
    folded: null,
  };
  t.same(JSON.parse(stdout), [
    { address: '192.0.2.7', ...ban },
    { address: '192.0.2.8', ...ban },
  ]);
});

t.test('what is folded into which prefix', async (t) => {
  const { socket, client } = await startService(t, { clock });
  await client.ban({ addresses: ['192.0.2.7', '192.0.2.8'], for: '1h' });
  await client.ban({ addresses: ['192.0.2.7'], for: '1h', reason: 'spam run' });
  await client.ban({ addresses: ['192.0.2.0/24'] });
  const { stdout } = await type(['list', '--socket', socket]);
  t.same(
    stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.slice(78).trimEnd()),
    ['folded into 192.0.2.0/24: spam run', 'folded into 192.0.2.0/24', ''],
  );
  const listed = JSON.parse((await type(['list', '--json', '--socket', socket])).stdout) as { folded: string }[];
  t.same(
    listed.map(({ folded }) => folded),
    ['192.0.2.0/24', '192.0.2.0/24', null],
  );
});

t.test('it takes no words', async (t) => {
  t.match(await type(['list', 'sshd']), { code: 2, stderr: /^dropset: list takes no 'sshd'\n/ });
});
