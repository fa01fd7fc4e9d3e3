import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { loginRecord } from '../../login-records.js';
import { type } from '../../terminal.js';

const LINE = (time: string, address: string, what = 'Failed password for root'): string =>
  `2026-11-01T${time}Z host sshd[7]: ${what} from ${address} port 22 ssh2\n`;

const LOG = [
  LINE('10:00:00', '198.51.100.66'),
  LINE('10:01:00', '198.51.100.66'),
  LINE('10:02:00', '198.51.100.66'),
  LINE('10:03:00', '198.51.100.66'),
  LINE('10:04:00', '203.0.113.9'),
  LINE('10:05:00', '203.0.113.9'),
  LINE('10:06:00', '203.0.113.9'),
  LINE('10:07:00', '203.0.113.9', 'Accepted password for ann'),
].join('');

async function replay(t: Test, words: readonly string[], files?: Record<string, string | Buffer>, stdin?: string) {
  const folder = t.testdir(files ?? { 'auth.log': LOG });
  const toml = join(folder, 'dropset.toml');
  const jail = `[jail.sshd]\nlogpath = ["${folder}/auth.log"]\nmaxretry = 3\nbantime = "1h"\n`;
  const mail = `[jail.mail]\nlogpath = ["${folder}/mail.log"]\nfailregex = '^ from <ADDR>$'\n`;
  const records = `[jail.btmp]\nbtmp = "${folder}/btmp"\nmaxretry = 1\n[jail.journal]\nfilter = "sshd"\njournal = true\nmaxretry = 1\n`;
  const never = '[never]\naddresses = ["203.0.113.0/24"]\n';
  const service = `[service]\nstate = "${folder}/state"\nsocket = "/nowhere/s"\n`;
  const again = '[jail.again]\nrecidive = "mail"\nmaxretry = 2\nfindtime = "1d"\n';
  writeFileSync(toml, service + never + jail + mail + records + again);
  const full = words.map((word) => word.replace(/^@/, `${folder}/`));
  return type(['replay', '--config', toml, ...full], stdin === undefined ? {} : { stdin });
}

t.test('a table for people', async (t) => {
  const { code, stdout, stderr } = await replay(t, ['@auth.log']);
  t.same([code, stderr], [0, '']);
  t.match(stdout, /\n2026-11-01 10:02:00Z {2}198\.51\.100\.66 {2}sshd +2m +3 {2}2026-11-01 11:02:00Z +1 +\n/);
  t.match(stdout, /203\.0\.113\.9 .* never: .*203\.0\.113\.0\/24.*; logged in 1m later\n/);
  t.match(stdout, /\nsshd +3 in 10m +1h +8 +6 +2 +1 +1 +1 +1\n/);
  t.match(stdout, /\nagain {2}2 bans in 1d {2}10m +0 +0 +0 +0 /);
  t.match(stdout, /\n8 lines of 2026-11-01 10:00:00Z to 2026-11-01 10:07:00Z from 1 log, 0\.0 MB in /);
  t.notMatch(await replay(t, ['@auth.log', '--suspects']), { stdout: /198\.51/ });
});

t.test('one object for programs', async (t) => {
  const { stdout } = await replay(t, ['@auth.log', '--json']);
  const { bans, jails, logs, lines, first, last, notes } = JSON.parse(stdout);
  t.match(bans, [
    {
      ...{
        jail: 'sshd',
        address: '198.51.100.66',
        since: '2026-11-01T10:02:00.000Z',
        until: '2026-11-01T11:02:00.000Z',
      },
      ...{
        first: '2026-11-01T10:00:00.000Z',
        failures: 3,
        dropped: 1,
        never: null,
        loginBefore: null,
        loginAfter: null,
      },
    },
    { address: '203.0.113.9', never: /never-rule/, loginAfter: '2026-11-01T10:07:00.000Z' },
  ]);
  t.match(jails, [
    { name: 'sshd', counts: 'failures', maxretry: 3, findtime: 600, bantime: 3600, bans: 1, spared: 1, suspects: 1 },
    { name: 'again', counts: 'bans', maxretry: 2, findtime: 86400 },
  ]);
  t.match(logs, [{ name: /auth\.log$/, jails: ['sshd'] }]);
  t.same([lines, first, last, notes], [8, '2026-11-01T10:00:00.000Z', '2026-11-01T10:07:00.000Z', []]);
  const none = await replay(t, ['@auth.log', '--json', '--since', '2026-11-02']);
  t.match(JSON.parse(none.stdout), { bans: [], lines: 0, first: null });
});

t.test('what other limits would have done', async (t) => {
  const bans = async (...words: string[]): Promise<number> =>
    JSON.parse((await replay(t, ['@auth.log', '--json', ...words])).stdout).bans.length;
  t.equal(await bans('--maxretry', '4'), 1);
  t.equal(await bans('--findtime', '90s'), 0);
  t.equal(await bans('--maxretry', '1', '--bantime', '30s'), 7);
  t.equal(await bans('--until', '2026-11-01T10:05:30Z'), 1);
});

t.test('rotated, packed, from standard input, from the journal, from btmp', async (t) => {
  const records = Buffer.concat([loginRecord(), loginRecord({ user: '" from 192.0.2.99' })]);
  const files = {
    btmp: records,
    'btmp.1.gz': gzipSync(records),
    'auth.log.2.gz': gzipSync(LOG),
    'auth.log-20261101': LOG,
    elsewhere: LOG,
  };
  const found = async (words: readonly string[], stdin?: string): Promise<string[]> => {
    const { stdout, stderr } = await replay(t, [...words, '--json'], files, stdin);
    t.equal(stderr, '');
    return JSON.parse(stdout).bans.map((ban: { jail: string; address: string }) => `${ban.jail} ${ban.address}`);
  };
  const both = ['sshd 198.51.100.66', 'sshd 203.0.113.9'];
  for (const name of ['auth.log.2.gz', 'auth.log-20261101', 'elsewhere']) {
    t.same(await found(['--jail', 'sshd', `@${name}`]), both, name);
  }
  t.same(await found(['@btmp']), ['btmp 198.51.100.7']);
  t.same(await found(['@btmp.1.gz']), ['btmp 198.51.100.7']);
  t.same(await found(['@auth.log.2.gz']), both);
  t.same(await found(['@auth.log-20261101']), both);
  t.same(await found(['--jail', 'sshd', '-'], LOG), both);
  const entry = (MESSAGE: string): string =>
    JSON.stringify({
      ...{ __CURSOR: 's=1', __REALTIME_TIMESTAMP: '1793527200000000', _HOSTNAME: 'h', SYSLOG_IDENTIFIER: 'sshd' },
      ...{ _PID: '7', MESSAGE },
    });
  t.same(await found(['-'], entry('Failed password for root from 192.0.2.1 port 22 ssh2')), ['journal 192.0.2.1']);
});

t.test('logs and configurations that cannot be used', async (t) => {
  const files = { other: LOG, 'cut.gz': gzipSync(LOG).subarray(0, 40) };
  t.match(await replay(t, ['@other'], files), {
    code: 1,
    stdout: '',
    stderr: /no jail reads .*other; name one with --jail\n {2}sshd reads .*auth\.log\n {2}mail reads /,
  });
  t.match(await replay(t, ['@nothing']), { code: 1, stderr: /there is no file .*nothing/ });
  t.match(await replay(t, ['@.']), { code: 1, stderr: /is a directory/ });
  t.match(await replay(t, ['--jail', 'sshd', '@cut.gz'], files), { code: 1, stderr: /cut\.gz cannot be read: / });
  t.match(await replay(t, ['--success', '(', '@auth.log']), { code: 1, stderr: /--success: failregex '\('/ });
  t.match(await type(['replay', '--config', '/no/such/file', 'x']), { code: 1, stderr: /no\/such\/file/ });
});

t.test('command lines that make no sense', async (t) => {
  for (const words of [
    [],
    ['@auth.log', '--jail', 'nobody'],
    ['@auth.log', '--maxretry', '0'],
    ['@auth.log', '--findtime', 'never'],
    ['@auth.log', '--bantime', 'soon'],
    ['@auth.log', '--since', 'yesterday'],
    ['@auth.log', '--since', '1h', '--until', '2h'],
  ]) {
    t.match(await replay(t, words), { code: 2, stdout: '', stderr: /\nTry: dropset --help\n$/ }, words.join(' '));
  }
});

t.test('sieges, of the configuration or as they are tried', async (t) => {
  const bots = Array.from({ length: 6 }, (_, index) => LINE(`11:00:0${index}`, `198.51.100.${index}`)).join('');
  const asked = (...words: string[]) => replay(t, ['@auth.log', ...words], { 'auth.log': bots });
  const { sieges, bans } = JSON.parse((await asked('--siege', '3', '--json')).stdout);
  t.same(sieges, [{ jail: 'sshd', user: null, bans: 3, since: '2026-11-01T11:00:03.000Z', until: null }]);
  t.equal(bans.length, 3);
  t.match(await asked('--siege', '3'), {
    stdout: /\n\nSIEGE +UNTIL +JAIL +USER +BANS\n2026-11-01 11:00:03Z +at the end still +sshd +all +3\n\nJAIL/,
  });
  t.match(JSON.parse((await asked('--json')).stdout), { sieges: [], bans: [] });
  t.notMatch((await asked('--siege', '0')).stdout, 'SIEGE');
  for (const number of ['-1', '01', '10001', 'x']) {
    t.match(await asked(`--siege=${number}`), { code: 2, stderr: /--siege takes a whole number from 0 to 10000, not/ });
  }
});
