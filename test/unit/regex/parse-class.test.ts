import t from 'tap';
import type { Term } from '../../../src/regex/charset.js';
import { Cursor } from '../../../src/regex/cursor.js';
import { parseClass } from '../../../src/regex/parse-class.js';

const FLAGS = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

const parsed = (text: string) => {
  const cursor = new Cursor(text);
  cursor.get();
  return { set: parseClass(cursor, FLAGS).set, rest: text.slice(cursor.offset) };
};

const term = (text: string): Term => [text.charCodeAt(0), text.charCodeAt(text.length - 1)];

t.test('members and ranges', async (t) => {
  const table: [string, ...Term[]][] = [
    ['[a]', term('a')],
    ['[a-c]', term('ac')],
    ['[]a]', term(']'), term('a')],
    ['[-a]', term('-'), term('a')],
    ['[a-]', term('a'), term('-')],
    ['[\\d-]', 'd', term('-')],
    ['[--/]', term('-/')],
    ['[[a]', term('['), term('a')],
    ['[\\]\\-]', term(']'), term('-')],
    ['[\\x41-\\x43\\w]', term('AC'), 'w'],
    ['[a&&b||~~]', ...['a', '&', '&', 'b', '|', '|', '~', '~'].map(term)],
    ['[#$^]', term('#'), term('$'), term('^')],
  ];
  for (const [text, ...terms] of table)
    t.same(parsed(text), { set: { terms, negated: false, fold: 'none' }, rest: '' }, text);
});

t.test('negated', async (t) => {
  t.match(parsed('[^]a]x'), { set: { terms: [term(']'), term('a')], negated: true }, rest: 'x' });
  t.match(parsed('[^^]'), { set: { terms: [term('^')], negated: true } });
});

t.test('what is refused', async (t) => {
  const table: [string, RegExp][] = [
    ['[a', /'\[a' at offset 0: the class has no end/],
    ['[]', /no end/],
    ['[a-', /no end/],
    ['[c-a]', /'c-a' at offset 1: this is no range/],
    ['[\\d-z]', /no range/],
    ['[a-\\d]', /no range/],
  ];
  for (const [text, message] of table) t.throws(() => parsed(text), { code: 'filter', message }, text);
});
