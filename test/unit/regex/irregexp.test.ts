import t from 'tap';
import { emit } from '../../../src/regex/emit.js';
import { Irregexp } from '../../../src/regex/irregexp.js';
import { parse } from '../../../src/regex/parse.js';

const search = (pattern: string, hasSpans: boolean) => {
  const { root, names, groupCount } = parse(pattern);
  const wanted = new Set(hasSpans ? Array.from({ length: groupCount }, (_, index) => index + 1) : names.values());
  return new Irregexp(emit(root, wanted, true), names, hasSpans);
};

t.test('where it was found, and the named groups', async (t) => {
  const found = search('(?P<a>x)(y)(?P<b>z)?', false);
  t.ok(found.test('xy'));
  t.notOk(found.test('x'));
  t.equal(found.exec('x'), undefined);
  t.same(found.exec('_xy'), { index: 1, end: 3, groups: { a: 'x', b: undefined } });
});

t.test('spans, for those who want them', async (t) => {
  t.same(search('(?P<a>x)(?>(y))(z)?', true).exec('_xy')?.spans, [[1, 3], [1, 2], [2, 3], undefined]);
});

t.test('a group that is in several branches', async (t) => {
  const { names } = parse('(?P<a>x)');
  const found = new Irregexp({ source: '(x)1|(y)2', flags: '', numbers: [0, 1, 1] }, names, true);
  t.same(found.exec('y2'), {
    index: 0,
    end: 2,
    groups: { a: 'y' },
    spans: [
      [0, 2],
      [0, 1],
    ],
  });
  t.equal(found.exec('x1')?.groups.a, 'x');
});

t.test('a group that is nowhere', async (t) => {
  t.same(search('(?P<a>x){0}y', false).exec('y')?.groups, { a: undefined });
});

t.test('V8 says at once what is too large', async (t) => {
  t.throws(
    () =>
      new Irregexp(
        {
          source: '(?:(?:(?:a{1,9}){1,99}){1,99}){1,99}'.replaceAll('a', 'abcdefghij'.repeat(5000)),
          flags: '',
          numbers: [0],
        },
        new Map(),
        false,
      ),
    SyntaxError,
  );
});
