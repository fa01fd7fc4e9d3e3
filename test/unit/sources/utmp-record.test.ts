import t from 'tap';
import { LAYOUTS } from '../../../src/sources/utmp-layout.js';
import { readRecord } from '../../../src/sources/utmp-record.js';
import { type LoginRecord, loginRecord, SECONDS } from '../../login-records.js';

t.test('every field, in both layouts', async (t) => {
  for (const name of ['x86-64', 'arm64'] as const) {
    const bytes = loginRecord({ type: 7, pid: 42, line: 'pts/0', user: 'ann', microseconds: 123_999 }, name);
    const record = readRecord(Buffer.concat([Buffer.alloc(3), bytes]), 3, LAYOUTS[name]);
    t.match(record, { type: 7, pid: 42, time: SECONDS * 1000 + 123 });
    t.same([record?.line.toString(), record?.user.toString(), record?.address?.text], ['pts/0', 'ann', '198.51.100.7']);
  }
});

t.test('addresses', async (t) => {
  const table: [record: LoginRecord, text: string | undefined][] = [
    [{ address: 'c6336407' }, '198.51.100.7'],
    [{ address: 'ffffffff' }, '255.255.255.255'],
    [{ address: 'c6336407', host: '192.0.2.1' }, '198.51.100.7'],
    [{ address: 'c6336407', host: 'mail.example.org' }, '198.51.100.7'],
    [{ address: '20010db8000000000000000000000007' }, '2001:db8::7'],
    [{ address: '00000000000000000000000000000001' }, '::1'],
    [{ address: '00000000000000000000ffffc6336407' }, '198.51.100.7'],
    [{ address: '20010db8000000000000000000000000', host: '2001:db8::' }, '2001:db8::'],
    [{ address: '20010db8000000000000000000000000', host: '2001:db8::1' }, '32.1.13.184'],
    [{ address: '20010db8000000000000000000000000' }, '32.1.13.184'],
    [{ address: '', host: '198.51.100.7' }, '198.51.100.7'],
    [{ address: '', host: 'fe80::1%eth0' }, 'fe80::1'],
    [{ address: '', host: '::ffff:198.51.100.7' }, '198.51.100.7'],
    [{ address: '', host: '198.51.100.0/24' }, undefined],
    [{ address: '', host: 'mail.example.org' }, undefined],
    [{ address: '', host: '' }, undefined],
    [{ address: '', host: 'x'.repeat(300) }, undefined],
  ];
  for (const [record, text] of table) {
    t.equal(readRecord(loginRecord(record), 0, LAYOUTS['x86-64'])?.address?.text, text, JSON.stringify(record));
  }
});

t.test('texts end at a NUL or with their field', async (t) => {
  const user = (value: string | Buffer): string | undefined =>
    readRecord(loginRecord({ user: value }), 0, LAYOUTS['x86-64'])?.user.toString('latin1');
  t.equal(user(''), '');
  t.equal(user('a\0b'), 'a');
  t.equal(user('x'.repeat(40)), 'x'.repeat(32));
  t.equal(user(Buffer.from([0xff, 10])), '\xff\n');
});

t.test('without a time there is no record', async (t) => {
  t.equal(readRecord(loginRecord({ seconds: 0 }), 0, LAYOUTS['x86-64']), undefined);
});
