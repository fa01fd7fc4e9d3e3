import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { lineOf } from '../../../src/sources/utmp-line.js';
import type { UtmpRecord } from '../../../src/sources/utmp-record.js';

const record = (change: Partial<UtmpRecord> = {}): UtmpRecord => ({
  type: 6,
  pid: 4711,
  line: Buffer.from('ssh:notty'),
  user: Buffer.from('root'),
  address: Prefix.parse('198.51.100.7'),
  time: 0,
  ...change,
});

t.test('lines', async (t) => {
  t.equal(lineOf(record(), 'btmp'), 'btmp[4711]: login failed for "root" on "ssh:notty" from 198.51.100.7');
  const ann = record({ type: 7, user: Buffer.from('ann'), address: Prefix.parse('2001:db8::7') });
  t.equal(lineOf(ann, 'btmp'), 'btmp[4711]: login failed for "ann" on "ssh:notty" from 2001:db8::7');
  t.equal(lineOf(ann, 'wtmp'), 'wtmp[4711]: logged in "ann" on "ssh:notty" from 2001:db8::7');
  const { address, ...local } = record();
  t.equal(lineOf(local, 'btmp'), 'btmp[4711]: login failed for "root" on "ssh:notty" from -');
});

t.test('what is no login', async (t) => {
  for (const type of [0, 1, 2, 3, 4, 5, 8, 9, -1]) t.equal(lineOf(record({ type }), 'btmp'), undefined);
  for (const type of [1, 2, 5, 6, 8]) t.equal(lineOf(record({ type }), 'wtmp'), undefined);
});

t.test('texts that an attacker chose cannot end their quotes', async (t) => {
  const user = (bytes: string | Buffer): string | undefined =>
    lineOf(record({ user: Buffer.from(bytes), line: Buffer.from(bytes) }), 'btmp')
      ?.replace('btmp[4711]: login failed for ', '')
      .replace(' from 198.51.100.7', '');
  t.equal(user(''), '"" on ""');
  t.equal(user(' a b '), '" a b " on " a b "');
  t.equal(user('a" on "b'), '"a\\x22 on \\x22b" on "a\\x22 on \\x22b"');
  t.equal(user('\\x22'), '"\\x5cx22" on "\\x5cx22"');
  t.equal(user('ä\n\r\t\x7f'), '"\\xc3\\xa4\\x0a\\x0d\\x09\\x7f" on "\\xc3\\xa4\\x0a\\x0d\\x09\\x7f"');
  for (let byte = 0; byte < 256; byte++) t.match(user(Buffer.from([byte])), /^"[^"]*" on "[^"]*"$/);
});
