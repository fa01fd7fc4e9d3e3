import t from 'tap';
import { chosenSources, fallbackOf, presetFault, withPreset } from '../../../src/config/preset.js';
import type { SourceConfig } from '../../../src/config/types.js';

const AUTH = ['/var/log/auth.log', '/var/log/secure'];

t.test('what the table does not say is the preset its', async (t) => {
  const wordpress = { maxretry: 3, findtime: '1h', bantime: '1d', filter: 'wordpress', logpath: AUTH };
  const table: [Record<string, unknown>, Record<string, unknown>][] = [
    [{ preset: 'wordpress' }, wordpress],
    [
      { preset: 'wordpress', maxretry: 9, bantime: 'never' },
      { ...wordpress, maxretry: 9, bantime: 'never' },
    ],
    [
      { preset: 'wordpress', logpath: '/a' },
      { ...wordpress, logpath: '/a' },
    ],
    [
      { preset: 'wordpress', filter: 'own' },
      { ...wordpress, filter: 'own' },
    ],
    [
      { preset: 'wordpress', journal: false },
      { ...wordpress, journal: false },
    ],
    [{ preset: 'btmp' }, { maxretry: 3, findtime: '1h', bantime: '1d', filter: 'btmp', btmp: true }],
  ];
  for (const [written, meant] of table) {
    t.strictSame(withPreset(written), { ...meant, preset: written.preset }, JSON.stringify(written));
  }
  t.strictSame(withPreset({ preset: 'wordpress', failregex: 'x', syslog: 'unix:///x' }), {
    ...{ maxretry: 3, findtime: '1h', bantime: '1d' },
    ...{ preset: 'wordpress', failregex: 'x', syslog: 'unix:///x' },
  });
});

t.test('of the journal only what the preset is about, unless one says otherwise', async (t) => {
  t.match(withPreset({ preset: 'dovecot', journal: true }), { journalmatch: ['_SYSTEMD_UNIT=dovecot.service'] });
  t.match(withPreset({ preset: 'dovecot', journal: true, journalmatch: 'A=b' }), { journalmatch: 'A=b' });
  t.notOk('journalmatch' in withPreset({ preset: 'wp-login-flood', journal: true }));
});

t.test('tables without a preset that is known stay what they are', async (t) => {
  for (const table of [{}, { preset: 1 }, { preset: 'x' }, { preset: '__proto__' }]) t.equal(withPreset(table), table);
});

t.test('what is wrong with a name', async (t) => {
  t.equal(presetFault({}), undefined);
  t.equal(presetFault({ preset: 3 }), undefined, 'the schema says that');
  t.equal(presetFault({ preset: 'sshd' }), undefined);
  t.equal(presetFault({ preset: 'wordpres' }), "no such preset; did you mean 'wordpress'?");
  t.match(presetFault({ preset: 'quite-another' }), /^no such preset; expected one of sshd, btmp, .*apache-auth/);
});

t.test('the journal where the machine has no such log', async (t) => {
  const fallback = { kind: 'journal', matches: ['SYSLOG_FACILITY=4'] } as const;
  t.strictSame(fallbackOf({ preset: 'wordpress' }), fallback);
  const own = [{ logpath: '/a' }, { journal: true }, { syslog: 'unix:///x' }, { journal: false }, { btmp: '/x' }];
  for (const more of own) t.equal(fallbackOf({ preset: 'wordpress', ...more }), undefined, JSON.stringify(more));
  t.equal(fallbackOf({ preset: 'nginx-auth' }), undefined);
  t.equal(fallbackOf({}), undefined);

  const files = AUTH.map((pattern): SourceConfig => ({ kind: 'file', pattern, start: 'end' }));
  const having = (...paths: string[]) => chosenSources(files, fallback, (path) => paths.includes(path));
  t.strictSame(having('/run/systemd/journal/socket'), [fallback]);
  t.equal(having('/run/systemd/journal/socket', '/var/log/secure'), files);
  t.equal(having(), files, 'without a journal the logs may still come');
  t.equal(
    chosenSources(files, undefined, () => true),
    files,
  );
});
