import t from 'tap';
import { DateTemplate } from '../../../src/dates/template.js';

const template = (regex: string, hasSpans = false): DateTemplate =>
  new DateTemplate({ name: 'name', regex, isAnchored: false, read: () => 0, hasSpans });

t.test('what is to be cut out is the first group', async (t) => {
  const table: [regex: string, line: string, span: readonly [number, number]][] = [
    ['\\[(a+)(?=\\b|\\W|$)', 'x[aa]', [2, 4]],
    ['\\[(a+)\\]', 'x[aa]', [2, 4]],
    ['(?P<Y>a+)b', 'xaab', [1, 3]],
    ['(a)|b', 'b', [0, 0]],
    ['(a)?$', 'b', [0, 0]],
    ['()x', 'yx', [1, 1]],
  ];
  for (const [regex, line, span] of table) {
    for (const hasSpans of [false, true]) {
      const one = template(regex, hasSpans);
      const match = one.search(line, true);
      t.strictSame(match && [...one.spanOf(match)], [...span], `${regex} ${hasSpans}`);
    }
  }
});

t.test('matches are counted, and begin where one asks them to', async (t) => {
  const one = template('(a)');
  t.equal(one.search('xaa', true)?.index, 1);
  t.equal(one.search('xaa', true, 2)?.index, 2);
  t.equal(one.search('xyz', true), undefined);
  t.equal(one.matches, 2);
});

t.test('the rank', async (t) => {
  const one = template('(a)');
  t.equal(one.rank, 0);
  one.hits = 6;
  one.distance = 0;
  t.equal(one.rank, 6);
  one.distance = 3;
  one.weight = 100;
  t.equal(one.rank, 200);
});

t.test('a regular expression that is none', async (t) => {
  t.throws(() => template('(a').compile(), { code: 'filter', message: /^date pattern 'name': / });
});

t.test('more patterns than are kept', async (t) => {
  const first = template('(a)').compile();
  t.equal(template('(a)').compile(), first, 'the same for all detectors');
  for (let count = 0; count < 1001; count++) template(`(${count})`).compile();
  t.not(template('(a)').compile(), first);
});
