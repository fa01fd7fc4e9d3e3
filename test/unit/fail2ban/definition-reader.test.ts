import t from 'tap';
import { Configuration } from '../../../src/fail2ban/configuration.js';
import { DefinitionReader } from '../../../src/fail2ban/definition-reader.js';
import { parseIni } from '../../../src/fail2ban/ini.js';

const reader = (text: string, parameters: Record<string, string> = {}): DefinitionReader =>
  new DefinitionReader('/f', Configuration.of([parseIni(text, '/f.conf')]), new Map(Object.entries(parameters)), [
    'a',
    'b',
  ]);

const combined = (of: DefinitionReader): Record<string, string> => Object.fromEntries(of.combined());

t.test('parameters, then Init, then the definition, then defaults', async (t) => {
  const text = '[DEFAULT]\na=d\nb=d\n[Definition]\na=<x> <y> <z> <v>\nx=D\ny=D\nz=D\n[Init]\nx=I\ny=I\n[other]\nv=o';
  const one = reader(text, { x: 'P' });
  one.read();
  t.match(combined(one), { a: 'P I D <v>', b: 'd', x: 'P', y: 'I', 'known/x': 'I' });
  t.equal(one.tag('z'), 'D');
  t.equal(one.tag('other/v'), 'o');
});

t.test('the other options of the definition, where they are wanted', async (t) => {
  const one = reader('[Definition]\na=%(c)s\nc=1\nd=<c>\n');
  one.read();
  t.same(combined(one), { a: '1' });
  one.read(new Map(), true);
  t.same(combined(one), { a: '1', c: '1', d: '1' });
});

t.test('options of the jail stand before those of the filter', async (t) => {
  const one = reader('[Definition]\na=f\nb=%(maxretry)s <bantime>\n');
  one.read(
    new Map([
      ['a', 'jail'],
      ['maxretry', '5'],
      ['bantime', '1h'],
    ]),
  );
  t.same(combined(one), { b: '5 1h' });
});

t.test('a tag means the second time what it meant the first', async (t) => {
  const one = reader('[Definition]\na=<bantime>\n');
  one.read(new Map([['bantime', '1h']]));
  t.same(combined(one), { a: '1h' });
  one.read(new Map([['bantime', '2h']]));
  t.same(combined(one), { a: '1h' });
});

t.test('what has a variant for a family waits, and what is to be left out', async (t) => {
  const one = reader('[Definition]\na=<x> <y>\nb=<a>\ny=2\n[Init]\nx=<y>\nx?family=inet6=6\n');
  one.read();
  t.match(combined(one), { a: '<x> 2', x: '<y>' });
  t.same(Object.fromEntries(one.combined(['b'])).b, '<a>');
});

t.test('known values of Init are for parameters', async (t) => {
  const one = reader('[Definition]\na=<x>\n[Init]\nx=i\n', { x: '<known/x>|more' });
  one.read();
  t.equal(combined(one).a, 'i|more');
});

t.test('whether somebody says so', async (t) => {
  const one = reader('[DEFAULT]\nz=1\n[Definition]\ny=1\n', { x: '1', empty: '' });
  t.same(
    ['x', 'y', 'z', 'empty'].map((name) => one.hasOwn(name)),
    [true, true, false, false],
  );
  one.setParameter('z', '2');
  t.ok(one.hasOwn('z'));
});

t.test('a line by itself', async (t) => {
  const one = reader('[Definition]\na=<x>\nx=%(y)s\ny=1\n', { P: '2' });
  one.read();
  t.equal(one.expanded('%(y)s <x> <HOST> <P> %(p)s', one.combined()), '1 1 <HOST> 2 2');
});

t.test('faults name the file', async (t) => {
  const circle = reader('[Definition]\na=<a>\n');
  circle.read();
  t.throws(() => circle.combined(), { message: "/f: option 'a' refers to itself, by way of <a>" });
  t.throws(() => reader('[Definition]\na=%(x)s\n').read(), {
    message: /^\/f\.conf:2: option 'a' of \[Definition\] refers/,
  });
});
