import t from 'tap';
import { type } from '../../../terminal.js';

const check = (...words: string[]) => type(['filter', 'check', ...words]);

const FILES = {
  'a.conf': '[Definition]\nfailregex = ^x <HOST><re-<mode>>\nre-normal = $\nre-loose = x\nmode = normal\n',
  'b.conf': '[Definition]\nfailregex = ^.* <HOST>\n',
  'c.conf': '[Definition]\nfailregex = ^( <HOST>\n',
};

t.test('what is wrong with filters, and dangerous in them', async (t) => {
  const folder = t.testdir(FILES);
  const { code, stdout } = await check('--filter-dir', folder);
  t.equal(code, 1);
  t.match(stdout.split('\n'), [
    'a: can be used; 2 expressions, modes loose normal',
    'b: can be used; 1 expression',
    /^ {2}warning: .*b.conf:2: failregex 1 takes any text/,
    'c: cannot be used; 0 expressions',
    /^ {2}fault: .*c.conf:2: failregex '\^\( <HOST>'/,
    '3 filters: 1 cannot be used, 1 with warnings',
    '',
  ]);
  t.match(await check('--filter-dir', folder, 'a', 'b'), {
    code: 0,
    stdout: /\n2 filters: 0 cannot be used, 1 with warn/,
  });
});

t.test('a mode, where a finding is of one alone', async (t) => {
  const file = FILES['a.conf'].replace('^x', '^.*');
  const { stdout } = await check('--filter-dir', t.testdir({ 'a.conf': file }));
  t.match(stdout, /end it with \$ \(mode loose\)\n/);
});

t.test('JSON, and filters that are not there', async (t) => {
  const folder = t.testdir(FILES);
  const { code, stdout } = await check('--filter-dir', folder, '--json', 'c');
  t.equal(code, 1);
  t.match(JSON.parse(stdout), [{ name: 'c', modes: [], expressions: 0, findings: [{ severity: 'fault' }] }]);
  t.match(await check('--filter-dir', folder, 'aa'), { code: 1, stdout: /^aa: cannot [\s\S]*there is no filter 'aa'/ });
});
