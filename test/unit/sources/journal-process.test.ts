import t from 'tap';
import { journalctlArguments, startJournalctl } from '../../../src/sources/journal-process.js';
import { addPeersToPath } from '../../peers.js';

addPeersToPath();

t.test('the selection in the words of journalctl', async (t) => {
  const base = ['--follow', '--no-tail', '--merge', '--all', '--output=json'];
  const all = journalctlArguments({ matches: [] }, { since: 1_700_000_000_123 });
  t.same(all.slice(0, 5), base);
  t.match(all[5], /^--output-fields=_HOSTNAME,.*,MESSAGE,/);
  t.same(all.slice(6), ['--since=@1700000000.123']);
  const some = journalctlArguments(
    { directory: '/d', files: ['/a', '/b*'], namespace: 'n', isSystem: true, matches: ['_COMM=x', '+', '_UID=0'] },
    { cursor: 's=1;i=2' },
  );
  t.same(some.slice(6), [
    '--cursor=s=1;i=2',
    '--directory=/d',
    '--file=/a',
    '--file=/b*',
    '--namespace=n',
    '--system',
    '_COMM=x',
    '+',
    '_UID=0',
  ]);
});

t.test('how it ended', async (t) => {
  const refused = await startJournalctl(['--no-such-option']);
  refused.stdout.resume();
  refused.stderr.resume();
  t.equal(await refused.ended, 'ended with code 1');
  const killed = await startJournalctl(['--follow', '--file=/nowhere*', '--merge', '--directory=/tmp']);
  killed.kill();
  t.match(await killed.ended, /was killed \(SIGKILL\)|ended with code/);
});

t.test('no journalctl', async (t) => {
  const path = process.env.PATH;
  t.teardown(() => {
    process.env.PATH = path;
  });
  process.env.PATH = '/proc/none';
  await t.rejects(startJournalctl([]), { code: 'unsupported', message: /not in PATH: install systemd/ });
});
