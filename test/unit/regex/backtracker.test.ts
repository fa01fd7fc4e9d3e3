import t from 'tap';
import { assemble } from '../../../src/regex/assemble.js';
import { Backtracker } from '../../../src/regex/backtracker.js';
import { parse } from '../../../src/regex/parse.js';
import type { Program } from '../../../src/regex/program.js';

const search = (pattern: string, hasSpans: boolean) => {
  const expression = parse(pattern);
  return new Backtracker(assemble(expression) as Program, expression.names, hasSpans);
};

t.test('where it was found, and the named groups', async (t) => {
  const found = search('(?P<a>x)(y)(?P<b>z)?', false);
  t.ok(found.test('xy'));
  t.notOk(found.test('x'));
  t.equal(found.exec('x'), undefined);
  t.same(found.exec('_xy'), { index: 1, end: 3, groups: { a: 'x', b: undefined } });
  t.notOk('constructor' in (found.exec('_xy')?.groups ?? {}));
});

t.test('spans, for those who want them', async (t) => {
  t.same(search('(?P<a>x)(?>(y))(z)?', true).exec('_xy')?.spans, [[1, 3], [1, 2], [2, 3], undefined]);
});
