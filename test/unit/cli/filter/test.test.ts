import t from 'tap';
import { type } from '../../../terminal.js';

const FAILREGEX = '^ login from <HOST> failed$';
const LINES = [
  '2026-01-01 00:00:00 login from 192.0.2.1 failed',
  '',
  '# x',
  '2026-01-01 00:00:01 login from h.test failed',
];

const test = (...words: string[]) => type(['filter', 'test', ...words]);

t.test('a report, and whether a line matched', async (t) => {
  const log = t.testdir({ log: `${LINES.join('\n')}\n` });
  const { code, stdout, stderr } = await test(FAILREGEX, `${log}/log`);
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(stdout, /4 lines: 2 matched, 2 missed, 0 ignored, 0 pending/);
  t.match(stdout, /\nMISSED \(2\)\n2: \n3: # x\n/);
  t.match(await test(FAILREGEX, 'nothing'), { code: 1, stdout: /1 line: 0 matched, 1 missed/ });
});

t.test('one object a line of the log', async (t) => {
  const { code, stdout } = await type(['filter', 'test', FAILREGEX, '-', '--json', '--timezone', 'UTC'], {
    stdin: LINES.join('\n'),
  });
  t.equal(code, 0);
  const record = (id: string, group: string, time: number) => [{ regex: 0, id, time, groups: { [group]: id } }];
  t.same(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { line: 1, matches: record('192.0.2.1', 'ip4', 1767225600) },
      { line: 2, matches: [] },
      { line: 3, matches: [] },
      { line: 4, matches: record('h.test', 'dns', 1767225601) },
    ],
  );
  t.same(await test(FAILREGEX, 'nothing', '--json'), { code: 1, stdout: '{"line":1,"matches":[]}\n', stderr: '' });
});

t.test('how far it is, on a terminal', async (t) => {
  const fast = await type(['filter', 'test', FAILREGEX, 'x'], { isTTY: true });
  t.notMatch(fast.stderr, /\d/, 'short work is not told of');
});

t.test('command lines that make no sense', async (t) => {
  for (const words of [
    [],
    ['sshd'],
    ['sshd', 'a', 'b'],
    ['x <HOST>', 'a', '--json', '--print-missed'],
    ['x <HOST>', 'a', '--top', 'x'],
    ['x <HOST>', 'a', '--nonsense'],
  ]) {
    t.match(await test(...words), { code: 2, stdout: '', stderr: /\nTry: dropset --help\n$/ }, words.join(' '));
  }
});

t.test('filters and logs that cannot be used', async (t) => {
  for (const words of [
    ['nothing-like-this', 'a'],
    ['^nobody$', 'a'],
    ['( <HOST>', 'a'],
    ['<HOST>', '/no/such/log'],
    ['<HOST>', 'a', '--filter-dir', '/no/such/directory'],
    ['<HOST>', 'a', '--datepattern', '%Q'],
  ]) {
    t.match(await test(...words), { code: 3, stdout: '', stderr: /^dropset: / }, words.join(' '));
  }
});
