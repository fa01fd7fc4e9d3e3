import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { UtmpDecoder } from '../../../../src/sources/utmp-decoder.js';
import { lineOf } from '../../../../src/sources/utmp-line.js';
import { CONFIGURATION, FAIL2BAN, ROOT } from '../../../fail2ban.js';
import { type LoginRecord, loginRecord } from '../../../login-records.js';
import { blamedBy, STOCK } from '../../../stock-filter.js';

const blame = blamedBy('btmp');

const lineFor = (record: LoginRecord): string =>
  new UtmpDecoder('x86-64').push(loginRecord(record)).map((read) => lineOf(read, 'btmp'))[0] as string;

const blamed = (record: LoginRecord): string | undefined => blame(lineFor(record));

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
  t.ok(text);
  t.equal(blame(text ?? ''), undefined);
});

t.test('fail2ban reads the filter, and finds the same', async (t) => {
  const path = join(t.testdir(), 'lines');
  writeFileSync(path, `${NAMES.map((user) => lineFor({ user })).join('\n')}\n`);
  const words = [join(ROOT, 'usr/bin/fail2ban-regex'), '-c', CONFIGURATION, '-o', '<ip> <F-USER>'];
  const env = { ...process.env, PYTHONPATH: FAIL2BAN };
  const { stdout } = spawnSync('python3', ['-W', 'ignore', ...words, path, resolve(STOCK, 'btmp.conf')], {
    encoding: 'utf8',
    env,
  });
  const found = stdout.split('\n').filter((line) => line.startsWith('198.51.100.7'));
  t.equal(found.length, NAMES.length, stdout);
  t.equal(found[3], '198.51.100.7 \\x22 on \\x22x\\x22 from 192.0.2.1');
});
