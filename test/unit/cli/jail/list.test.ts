import t from 'tap';
import { type } from '../../../terminal.js';

const list = (...words: string[]) => type(['jail', 'list', ...words]);

const CONFIG = (folder: string): string => `
[jail.web]
failregex = '^<HOST> failed$'
logpath = ['${folder}/a.log', '${folder}/none*.log']
maxretry = 3
findtime = '10m'
bantime = 'never'
ignoreip = ['192.0.2.1']

[jail.other]
failregex = '^<HOST>$'
logpath = '-'
ignoreself = false
`;

t.test('the jails that would run', async (t) => {
  const folder = t.testdir({ 'a.log': '' });
  const file = `${t.testdir({ 'a.log': '', 'dropset.toml': CONFIG(folder) })}/dropset.toml`;
  const { code, stdout } = await list('--config', file);
  t.equal(code, 0);
  t.equal(
    stdout,
    [
      'web (dropset.toml)',
      '  filter  web',
      `  reads   ${folder}/a.log (1 file now)`,
      `  reads   ${folder}/none*.log (no file now)`,
      '  bans    after 3 failures in 10m, for ever, all ports',
      "  spares  192.0.2.1, the machine's own addresses",
      'other (dropset.toml)',
      '  filter  other',
      '  reads   standard input',
      '  bans    after 5 failures in 10m, for 10m, all ports',
      '  spares  nobody',
      '',
    ].join('\n'),
  );
  const json = JSON.parse((await list('--config', file, '--json')).stdout);
  t.match(json, {
    jails: [
      { name: 'web', findtime: 600, bantime: null },
      { name: 'other', bantime: 600 },
    ],
    notes: [],
  });
});

t.test('no jail, no configuration, no sense', async (t) => {
  const file = `${t.testdir({ 'dropset.toml': '' })}/dropset.toml`;
  t.match(await list('--config', file), { code: 0, stdout: 'no jail would run\n' });
  t.match(await list('--config', '/no/such.toml'), { code: 1, stderr: /no such file/ });
  t.match(await list('now'), { code: 2, stderr: /jail list takes no 'now'/ });
});
