import t from 'tap';
import { beginsLine, bound } from '../../../src/dates/boundaries.js';

t.test('a first group and word boundaries are added where they are missing', async (t) => {
  const table: [pattern: string, regex: string][] = [
    ['%', '(?=^|\\b|\\W)(%)(?=\\b|\\W|$)'],
    ['a(b)', '(?=^|\\b|\\W)a(b)(?=\\b|\\W|$)'],
    ['a(?:b)', '(?=^|\\b|\\W)(a(?:b))(?=\\b|\\W|$)'],
    ['a(?P<x>b)', '(?=^|\\b|\\W)(a(?P<x>b))(?=\\b|\\W|$)'],
    ['a\\(b', '(?=^|\\b|\\W)(a\\(b)(?=\\b|\\W|$)'],
    ['^a', '^(a)(?=\\b|\\W|$)'],
    ['^a$', '^(a)$'],
    ['a$', '(?=^|\\b|\\W)(a)$'],
    ['a\\b', '(?=^|\\b|\\W)(a\\b)'],
    ['a\\s', '(?=^|\\b|\\W)(a\\s)'],
    ['**a**', '(a)'],
    ['(**a**)', '(a)'],
    ['a\\**', '(?=^|\\b|\\W)(a\\**)(?=\\b|\\W|$)'],
    ['(^|x)a', '(^|x)a(?=\\b|\\W|$)'],
    ['(?:^|x)a', '((?:^|x)a)(?=\\b|\\W|$)'],
    ['(?iu)^a', '(?iu)^(a)(?=\\b|\\W|$)'],
    ['(?iu)**a', '(?iu)(a)(?=\\b|\\W|$)'],
    ['  a ', '(?=^|\\b|\\W)(a)(?=\\b|\\W|$)'],
  ];
  for (const [pattern, regex] of table) t.equal(bound(pattern, 'word', true).regex, regex, pattern);
});

t.test('at the line begin two other characters may be before it', async (t) => {
  t.strictSame(bound('a', 'line', true), {
    regex: '^(?:\\W{0,2})?(a)(?=\\b|\\W|$)',
    isAnchored: true,
    isStartAdded: true,
  });
  t.strictSame(bound('^a', 'line', true), { regex: '^(a)(?=\\b|\\W|$)', isAnchored: true, isStartAdded: false });
});

t.test('unbound', async (t) => {
  t.strictSame(bound('a', 'unbound', false), { regex: '(a)', isAnchored: false, isStartAdded: false });
});

t.test('what can match at one place only', async (t) => {
  for (const pattern of ['^a', 'a$', '(^a)', 'a|$', '(?iu)^a']) t.ok(bound(pattern, 'word', true).isAnchored, pattern);
  for (const pattern of ['a', '(^|x)a', '(?:^a)', '\\^a']) t.notOk(bound(pattern, 'word', true).isAnchored, pattern);
});

t.test('where at most two characters can stand before the first group', async (t) => {
  for (const regex of ['^(?:\\W{0,2})?(a)', '^(a)', '(?iu)^(a)', '^(?P<Y>a)', '^()']) t.ok(beginsLine(regex), regex);
  for (const regex of ['(a)', '^[^\\[]*\\[(a)', '^x(a)', '^(?:x)(a)', '^(?=x)(a)', '(?=^|\\b|\\W)(a)']) {
    t.notOk(beginsLine(regex), regex);
  }
});
