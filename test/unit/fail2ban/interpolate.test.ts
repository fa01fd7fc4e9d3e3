import t from 'tap';
import { interpolate, LONGEST_VALUE } from '../../../src/fail2ban/interpolate.js';

const run = (text: string, values: Record<string, string> = {}, missing: string[] = []): string => {
  const map = new Map(Object.entries(values));
  const names = {
    plain: (name: string) => map.get(name),
    qualified: (section: string, option: string) => map.get(`${section}:${option}`),
    missing,
  };
  return interpolate(text, names, "/x.conf:3: option 'a'");
};

t.test('references and percent signs', async (t) => {
  t.equal(run('nothing'), 'nothing');
  t.equal(run('a %(x)s b %(Y)s 5%% %(x)s', { x: '1', y: '<%(x)s>' }), 'a 1 b <1> 5% 1');
  t.equal(run('%(s-1/o p)s', { 's-1:o p': '%(x)s', x: '1' }), '1');
  t.equal(run('%(a/b)s', { 'a/b': 'plain', 'a:b': 'qualified' }), 'plain');
});

t.test('what cannot be put in', async (t) => {
  const table: [string, string][] = [
    ['%(x)s', "refers to '%(x)s', which is defined nowhere"],
    ['%(A/x)s', "refers to '%(A/x)s', which is defined nowhere"],
    ['%(a b/x)s', "refers to '%(a b/x)s', which is defined nowhere"],
    ['100%', "has '%'; write %(name)s, or %% for a percent sign"],
    ['5% of', "has '% of'; write %(name)s, or %% for a percent sign"],
    ['%(x', "has '%(x'; write %(name)s, or %% for a percent sign"],
    ['%()s', "has '%()s'; write %(name)s, or %% for a percent sign"],
    ['%(x)d', "has '%(x)d'; write %(name)s, or %% for a percent sign"],
    ['%(circle)s', 'refers to itself, or more than 10 levels deep'],
  ];
  for (const [text, why] of table) {
    const message = `/x.conf:3: option 'a' ${why}`;
    t.throws(() => run(text, { circle: '%(circle)s', 'A:x': '1', 'a b:x': '1' }), { code: 'config', message }, text);
  }
});

t.test('an include that is missing is named', async (t) => {
  t.throws(() => run('%(x)s', {}, ['/common.conf', '/common.local']), {
    message: /defined nowhere \(an include is missing: \/common\.conf\)$/,
  });
});

t.test('ten levels, and not eleven', async (t) => {
  const chain = (length: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length }, (_, i) => [`a${i}`, i === length - 1 ? '%%' : `%(a${i + 1})s`]));
  t.equal(run('%(a0)s', chain(9)), '%');
  t.throws(() => run('%(a0)s', chain(10)), { message: /10 levels/ });
});

t.test('values that double each other come to an end', async (t) => {
  const many = 'x'.repeat(LONGEST_VALUE / 2);
  t.throws(() => run('%(a)s%(a)s%(a)s', { a: many }), { message: /longer than 1048576 characters/ });
  const wide = (value: string): string => value.repeat(10);
  const levels = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`a${i}`, wide(`%(a${i + 1})s`)]));
  t.throws(() => run('%(a0)s', { ...levels, a8: '' }), { message: /more than 20000 references/ });
});
