import t from 'tap';
import { HOST_TAGS } from '../../../src/filters/host.js';

function found(tag: string, text: string, before = '^from '): string | undefined {
  const { ip4, ip6, dns } = new RegExp(before + HOST_TAGS.get(tag), 'v').exec(text)?.groups ?? {};
  return ip4 ?? ip6 ?? (dns && `name ${dns}`);
}

t.test('addresses', async (t) => {
  const table: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['[192.0.2.7]', '192.0.2.7'],
    ['192.0.2.7:22', '192.0.2.7'],
    ['192.0.2.7.', '192.0.2.7'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ['[::ffff:192.0.2.7]:22', '::ffff:192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8:1:2:3:4:5:6', '2001:DB8:1:2:3:4:5:6'],
    ['[2001:db8::1]:22', '2001:db8::1'],
    ['2001:db8::1: why', '2001:db8::1'],
    ['2001:db8::, why', '2001:db8::'],
    ['2001:db8::: why', '2001:db8::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7::'],
    ['::1', '::1'],
    ['::', '::'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['999.1.1.1', '999.1.1.1'],
  ];
  for (const [text, address] of table) {
    t.equal(found('ADDR', `from ${text}`), address, text);
    t.equal(found('HOST', `from ${text}`), address, text);
  }
});

t.test('an address is whole or it is none', async (t) => {
  for (const text of ['192.0.2.1000', '192.0.2.7.8', '192.0.2', 'x', '1', ':', '1:2', '12345::1', '2001:db8::12345']) {
    t.equal(found('ADDR', ` ${text}`, ''), undefined, text);
  }
  t.equal(found('ADDR', 'from 192.0.2.7', '.*'), '192.0.2.7', 'greedy');
  t.equal(found('ADDR', 'from 2001:db8::7', '.*'), '2001:db8::7', 'greedy');
  t.equal(found('ADDR', 'source:2001:db8::7', ''), '2001:db8::7', 'behind a word and a colon');
});

t.test('names', async (t) => {
  t.equal(found('HOST', 'from host-1.example.org.'), 'name host-1.example.org');
  t.equal(found('HOST', 'from 192.0.2.1000'), 'name 192.0.2.1000');
  t.equal(found('ADDR', 'from host'), undefined);
});
