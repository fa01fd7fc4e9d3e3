import t from 'tap';
import { FORMATS } from '../../../../../src/backends/denyfile/formats/formats.js';
import { Prefix } from '../../../../../src/model/prefix.js';

t.test('a line of each, and whether comments are known', async (t) => {
  const lines = Object.entries(FORMATS).map(([name, format]) => [
    name,
    format.head === '' ? '' : '#',
    format.line(Prefix.parse('192.0.2.0/24')),
    format.line(Prefix.parse('2001:db8::1')),
  ]);
  t.same(lines, [
    ['apache24', '#', 'Require not ip 192.0.2.0/24\n', 'Require not ip 2001:db8::1\n'],
    ['apache22', '#', 'Deny from 192.0.2.0/24\n', 'Deny from 2001:db8::1\n'],
    ['rewritemap', '#', '192.0.2. deny\n', '2001:db8::1 deny\n'],
    ['nginx', '#', 'deny 192.0.2.0/24;\n', 'deny 2001:db8::1;\n'],
    ['nginx-geo', '#', '192.0.2.0/24 1;\n', '2001:db8::1 1;\n'],
    ['haproxy', '#', '192.0.2.0/24 1\n', '2001:db8::1 1\n'],
    ['plain', '', '192.0.2.0/24\n', '2001:db8::1\n'],
  ]);
});
