import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';

t.test('canonical text', async (t) => {
  const table: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['2001:db8:1:2:3:4:5:6/33', '2001:db8::/33'],
    ['::/0', '::/0'],
    ['::', '::'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['::ffff:192.0.2.7/120', '192.0.2.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
  ];
  for (const [written, text] of table) t.equal(Prefix.parse(written).text, text, written);
});

t.test('what is no address', async (t) => {
  const wrong = [
    '',
    ' ',
    '192.0.2',
    '192.0.2.7.1',
    '192.0.2.256',
    '192.0.02.7',
    '0x7f.0.0.1',
    '1',
    '192.0.2.7 ',
    '192.0.2.7/33',
    '192.0.2.7/',
    '192.0.2.7/-1',
    '192.0.2.7/024',
    '192.0.2.7/2/2',
    '2001:db8::1/129',
    ':::',
    '2001:db8::1%eth0',
    'example.com',
    '1'.repeat(1000),
    '192.0.2.7\n',
  ];
  for (const text of wrong) {
    t.equal(Prefix.tryParse(text), undefined, JSON.stringify(text.slice(0, 40)));
    t.throws(() => Prefix.parse(text), { code: 'address' });
  }
});

t.test('bytes there and back', async (t) => {
  for (const text of ['192.0.2.7', '255.255.255.255', '2001:db8:1:2:3:4:5:6', 'fe80::1']) {
    const prefix = Prefix.parse(text);
    const bytes = Buffer.alloc(20, 0xee);
    const end = prefix.write(bytes, 2);
    t.equal(end, prefix.family === 4 ? 6 : 18);
    t.equal(Prefix.fromBytes(bytes.subarray(2, end)).text, text);
  }
  t.equal(Prefix.fromBytes(Buffer.from([192, 0, 2, 7]), 24).text, '192.0.2.0/24');
});

t.test('covers and overlaps', async (t) => {
  const p = Prefix.parse;
  t.ok(p('192.0.2.0/24').covers(p('192.0.2.7')));
  t.ok(p('0.0.0.0/0').covers(p('192.0.2.7')));
  t.ok(p('2001:db8::/32').covers(p('2001:db8:ffff::1')));
  t.notOk(p('192.0.2.0/24').covers(p('192.0.3.7')));
  t.notOk(p('192.0.2.7').covers(p('192.0.2.0/24')));
  t.notOk(p('0.0.0.0/0').covers(p('2001:db8::1')));
  t.ok(p('192.0.2.7').overlaps(p('192.0.2.0/24')));
  t.notOk(p('192.0.2.7').overlaps(p('192.0.2.8')));
  t.ok(p('192.0.2.7').isAddress);
  t.notOk(p('2001:db8::/64').isAddress);
});

t.test('the prefix of a shorter length around it', async (t) => {
  const texts = (text: string, ...lengths: number[]) => {
    const prefix = Prefix.parse(text);
    return lengths.map((length) => prefix.widened(length).text);
  };
  t.same(texts('203.0.113.129', 32, 25, 24, 1, 0), [
    '203.0.113.129',
    '203.0.113.128/25',
    '203.0.113.0/24',
    '128.0.0.0/1',
    '0.0.0.0/0',
  ]);
  t.same(texts('2001:db8:ffff:ffff::/64', 64, 33, 32, 0), [
    '2001:db8:ffff:ffff::/64',
    '2001:db8:8000::/33',
    '2001:db8::/32',
    '::/0',
  ]);
});

t.test('halves', async (t) => {
  const halves = (text: string): string => Prefix.parse(text).halves().join(' ');
  t.equal(halves('0.0.0.0/0'), '0.0.0.0/1 128.0.0.0/1');
  t.equal(halves('192.0.2.0/31'), '192.0.2.0 192.0.2.1');
  t.equal(halves('192.0.2.7'), '');
  t.equal(halves('2001:db8::/32'), '2001:db8::/33 2001:db8:8000::/33');
  t.equal(halves('2001:db8::/31'), '2001:db8::/32 2001:db9::/32');
  t.equal(halves('2001:db8::/127'), '2001:db8:: 2001:db8::1');
  t.equal(halves('::1'), '');
});
