import t from 'tap';
import { compilePattern } from '../../../src/regex/pattern.js';

t.test('a pattern, what it is and what it finds', async (t) => {
  const python = '^Failed \\S+ for (?P<user>.*) from (?P<ip4>[\\d.]+)( port \\d+)?$';
  const pattern = compilePattern(python);
  t.match(pattern, { python, groupNames: ['user', 'ip4'], groupCount: 3, engine: 'v8', risk: 'none' });
  t.match(pattern.requirement, [{ literals: ['Failed '] }, { literals: [' from '] }, { literals: [' for '] }]);
  const text = 'Failed password for root from 192.0.2.7 port 22\n';
  t.same(pattern.exec(text), { index: 0, end: 47, groups: { user: 'root', ip4: '192.0.2.7' } });
  t.ok(pattern.test(text));
  t.equal(pattern.exec('Accepted'), undefined);
  t.notOk(pattern.test('Accepted'));
});

t.test('options', async (t) => {
  t.equal(compilePattern('^b$', { multiline: true }).exec('a\nb\nc')?.index, 2);
  t.ok(compilePattern('ab', { ignoreCase: true }).test('AB'));
  t.same(compilePattern('(a)(b)?', { indices: true }).exec('a')?.spans, [[0, 1], [0, 1], undefined]);
  t.equal(compilePattern('(a)').exec('a')?.spans, undefined);
});

t.test('text of all kinds', async (t) => {
  const pattern = compilePattern('user (?P<user>\\w+)');
  t.equal(pattern.exec('user Жанна')?.groups.user, 'Жанна');
  t.equal(pattern.exec('user root', true)?.groups.user, 'root');
  t.equal(pattern.exec('user root', false)?.groups.user, 'root');
  t.ok(pattern.test('user Жанна'));
  t.ok(pattern.test('user root', true));
});

t.test('where V8 could take for ever, the machine searches', async (t) => {
  const pattern = compilePattern('^(?:a|a)*(?P<x>b)');
  t.match(pattern, { engine: 'linear', risk: 'exponential' });
  t.equal(pattern.exec(`${'a'.repeat(2000)}c`), undefined);
  t.equal(pattern.exec(`${'a'.repeat(2000)}b`)?.end, 2001);
  t.ok(pattern.test('ab'));
  t.notOk(pattern.test('ac'));
});

t.test('where V8 could take long, the machine searches long texts', async (t) => {
  const pattern = compilePattern('(?P<x>a+)b');
  t.match(pattern, { engine: 'v8', risk: 'polynomial' });
  for (const text of [`${'a'.repeat(5000)}b`, 'ab']) {
    t.equal(pattern.exec(text)?.groups.x, text.slice(0, -1));
    t.ok(pattern.test(text));
  }
  t.notOk(pattern.test('a'.repeat(5000)));
});

t.test('where V8 differs, it only tells what cannot match', async (t) => {
  const pattern = compilePattern('(?:(?P<x>a)|b)*c');
  t.equal(pattern.engine, 'linear');
  t.same(pattern.exec('abc'), { index: 0, end: 3, groups: { x: 'a' } });
  t.equal(pattern.exec('ab'), undefined);
  t.notOk(pattern.test('ab'));
  t.ok(pattern.test('abc'));
  t.ok(pattern.test(`${'ж'.repeat(5000)}c`));
});

t.test('what is refused', async (t) => {
  t.throws(() => compilePattern('a(b'), {
    code: 'filter',
    message: "regular expression 'a(b': '(b' at offset 1: the group has no end",
  });
  t.throws(() => compilePattern('(?:(?P<n>a)|b){30000}'), { code: 'filter', message: /too large/ });
});
