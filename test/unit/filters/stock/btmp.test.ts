import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { compileFilter } from '../../../../src/filters/filter.js';
import { loadFilter } from '../../../../src/filters/search.js';
import { UtmpDecoder } from '../../../../src/sources/utmp-decoder.js';
import { lineOf } from '../../../../src/sources/utmp-line.js';
import { type LoginRecord, loginRecord } from '../../../login-records.js';

const filter = compileFilter(loadFilter('btmp'), { clock: () => 0 });

const lineFor = (record: LoginRecord): string =>
  new UtmpDecoder('x86-64').push(loginRecord(record)).map((read) => lineOf(read, 'btmp'))[0] as string;

const blamed = (record: LoginRecord): string | undefined =>
  filter.match({ text: lineFor(record), source: 'btmp', position: 0 })?.prefix.text;

/** Names that would like to be somebody else's address. */
const NAMES = [
  '',
  'root',
  'a b',
  '" on "x" from 192.0.2.1',
  '192.0.2.1',
  'x from 192.0.2.1',
  'x\n from 192.0.2.1',
  '\\" from 192.0.2.1',
  'btmp[1]: login failed for "a" on',
  'ä\u2028ö',
];

t.test('whoever it was, the address is that of the record', async (t) => {
  for (const user of NAMES) {
    const name = JSON.stringify(user).replace('\u2028', '?');
    t.equal(blamed({ user }), '198.51.100.7', name);
    t.equal(blamed({ user: 'root', line: user }), '198.51.100.7', name);
    t.equal(blamed({ user, host: '192.0.2.1' }), '198.51.100.7', name);
    t.equal(blamed({ user, address: '20010db8000000000000000000000007' }), '2001:db8::7', name);
    t.equal(blamed({ user, address: '' }), undefined, name);
  }
});

t.test('successful logins are not meant', async (t) => {
  const [record] = new UtmpDecoder('x86-64').push(loginRecord({ type: 7 }));
  const text = record && lineOf(record, 'wtmp');
  t.equal(filter.match({ text: text ?? '', source: 'wtmp', position: 0 }), undefined);
});

t.test('fail2ban reads the filter, and finds the same', async (t) => {
  const path = join(t.testdir(), 'lines');
  writeFileSync(path, `${NAMES.map((user) => lineFor({ user })).join('\n')}\n`);
  const root = resolve('.cache/fail2ban');
  const words = [join(root, 'usr/bin/fail2ban-regex'), '-c', join(root, 'etc/fail2ban'), '-o', '<ip> <F-USER>'];
  const env = { ...process.env, PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') };
  const { stdout } = spawnSync('python3', ['-W', 'ignore', ...words, path, resolve('src/filters/stock/btmp.conf')], {
    encoding: 'utf8',
    env,
  });
  const found = stdout.split('\n').filter((line) => line.startsWith('198.51.100.7'));
  t.equal(found.length, NAMES.length, stdout);
  t.equal(found[3], '198.51.100.7 \\x22 on \\x22x\\x22 from 192.0.2.1');
});
