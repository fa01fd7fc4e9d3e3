import t from 'tap';
import { nameDateGroup } from '../../../src/dates/date-group.js';

t.test('the first group gets a name where the match ends with it', async (t) => {
  const end = '(?=\\b|\\W|$)';
  const table: [regex: string, named: string | undefined][] = [
    [`(?iu)^(a(?P<b>c))${end}`, `(?iu)^(?P<_date>a(?P<b>c))${end}`],
    ['^(?:\\W{0,2})?(a)$', '^(?:\\W{0,2})?(?P<_date>a)$'],
    ['(a)', '(?P<_date>a)'],
    [`[^(\\]]*[]()](a[)])${end}`, `[^(\\]]*[]()](?P<_date>a[)])${end}`],
    [`\\((a\\))${end}`, `\\((?P<_date>a\\))${end}`],
    [`(a) b${end}`, undefined],
    [`(a)|(b)${end}`, undefined],
    [`(a)?${end}`, undefined],
    [`(?P<Y>a)${end}`, undefined],
    ['a', undefined],
  ];
  for (const [regex, named] of table) t.equal(nameDateGroup(regex), named, regex);
});

t.test('a group that is not closed is left to who compiles it', async (t) => {
  t.equal(nameDateGroup('(a'), '(?P<_date>a');
});
