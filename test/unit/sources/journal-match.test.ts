import t from 'tap';
import { matchArguments } from '../../../src/sources/journal-match.js';

t.test('lines of a filter become words of journalctl', async (t) => {
  const table: [lines: string[], words: string[]][] = [
    [[], []],
    [[''], []],
    [['_COMM=sshd'], ['_COMM=sshd']],
    [['_SYSTEMD_UNIT=ssh.service + _COMM=sshd'], ['_SYSTEMD_UNIT=ssh.service', '+', '_COMM=sshd']],
    [
      ['_COMM=a _COMM=b _UID=0', '_COMM=c'],
      ['_COMM=a', '_COMM=b', '_UID=0', '+', '_COMM=c'],
    ],
    [
      ['+ _COMM=a + + _COMM=b +', '', '+'],
      ['_COMM=a', '+', '_COMM=b'],
    ],
    [[`SYSLOG_IDENTIFIER='a b' MESSAGE="x=y"`], ['SYSLOG_IDENTIFIER=a b', 'MESSAGE=x=y']],
    [['MESSAGE='], ['MESSAGE=']],
  ];
  for (const [lines, words] of table) t.same(matchArguments(lines), words, JSON.stringify(lines));
});

t.test('what journalctl would take for something else is refused', async (t) => {
  for (const line of [
    '--file=/etc/shadow',
    '-D/',
    '/usr/bin/sshd',
    'comm=x',
    '__CURSOR=x',
    '_COMM',
    '1A=x',
    '=x',
    '|',
  ]) {
    t.throws(() => matchArguments([line]), { code: 'filter', message: /FIELD=VALUE/ }, line);
  }
  for (const line of ['_COMM="a', "_COMM='a", '_COMM=a\\', `_COMM=${'a'.repeat(100_000)}`]) {
    t.throws(() => matchArguments([line]), { code: 'filter', message: /quote|backslash/ });
  }
});
