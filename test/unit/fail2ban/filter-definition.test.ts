import t from 'tap';
import { definitionOf, linesOf } from '../../../src/fail2ban/filter-definition.js';
import { Places } from '../../../src/fail2ban/places.js';

const NAMED = { name: 'f', origin: '/f.conf' };

const of = (options: Record<string, string>): object =>
  definitionOf(NAMED, new Map(Object.entries(options)), new Places());

t.test('nothing', async (t) => {
  t.same(of({}), { ...NAMED, failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] });
});

t.test('everything', async (t) => {
  const at = (text: string): object => ({ text, origin: '/f.conf' });
  t.same(
    of({
      prefregex: 'p',
      failregex: '\na\n\nb ',
      ignoreregex: 'c',
      datepattern: 'd\ne',
      maxlines: '3',
      journalmatch: '\nA=b + C=d\n\nE=f',
      usedns: 'no',
    }),
    {
      ...NAMED,
      prefregex: at('p'),
      failregex: [at('a'), at('b ')],
      ignoreregex: [at('c')],
      datepattern: 'd\ne',
      maxlines: 3,
      journalmatch: ['A=b + C=d', 'E=f'],
      usedns: 'no',
    },
  );
});

t.test('an empty prefregex is none, an empty datepattern is one', async (t) => {
  t.same(of({ prefregex: '', datepattern: '' }), {
    ...NAMED,
    failregex: [],
    ignoreregex: [],
    datepattern: '',
    maxlines: 1,
    journalmatch: [],
  });
});

t.test('how many lines', async (t) => {
  for (const text of ['0', '-1', '1001', 'x', '']) {
    const message = `/f.conf: maxlines = ${text}; write a number from 1 to 1000`;
    t.throws(() => of({ maxlines: text }), { code: 'config', message }, text);
  }
});

t.test('lines that hold something', async (t) => {
  t.same(linesOf('a\n\n b'), ['a', ' b']);
  t.same(linesOf(undefined), []);
});
