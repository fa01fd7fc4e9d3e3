import t from 'tap';
import { type } from '../../../terminal.js';

const list = (...words: string[]) => type(['filter', 'list', ...words]);

t.test('a table, and JSON', async (t) => {
  const folder = t.testdir({ 'a.conf': '[Definition]\nfailregex = ^<HOST>$\n', 'bad.conf': '[Definition]\n' });
  const { code, stdout } = await list('--filter-dir', folder);
  t.equal(code, 0);
  t.equal(
    stdout,
    [
      'NAME  FAILREGEX  ENGINES  RISK  FILE',
      `a             1  v8 1     none  ${folder}/a.conf`,
      `bad           -           none  ${folder}/bad.conf: cannot be used, see dropset filter check bad`,
      '',
    ].join('\n'),
  );
  t.match(JSON.parse((await list('--filter-dir', folder, '--json')).stdout), [
    { name: 'a', path: `${folder}/a.conf`, failregex: 1, engines: { v8: 1 }, risk: 'none', fault: null },
    { name: 'bad', fault: String },
  ]);
});

t.test('nothing there, and what makes no sense', async (t) => {
  t.same(await list('--filter-dir', t.testdir({})), { code: 0, stdout: 'there is no filter\n', stderr: '' });
  t.match(await list('sshd'), { code: 2, stderr: /filter list takes no 'sshd'/ });
  t.match(await list('--filter-dir', '/no/such'), { code: 1, stderr: /there is no directory/ });
});
