import t from 'tap';
import { Configuration, placeOf } from '../../../src/fail2ban/configuration.js';
import { parseIni } from '../../../src/fail2ban/ini.js';

const of = (...files: string[]): Configuration =>
  Configuration.of(files.map((text, index) => parseIni(text, `/${index}.conf`)));

t.test('later files win, option by option', async (t) => {
  const both = of('[DEFAULT]\nd=1\n[a]\nx=1\ny=1\n', '[a]\nx=2\n[b]\nz=%(x)s\n[DEFAULT]\nx=9\n');
  t.same(both.sections, ['a', 'b']);
  t.same(both.options('a'), ['x', 'y']);
  t.same(both.options('c'), []);
  t.equal(both.get('a', 'X'), '2');
  t.equal(both.get('a', 'y'), '1');
  t.equal(both.get('a', 'd'), '1', 'a default');
  t.equal(both.get('b', 'z'), '9');
  t.equal(both.get('DEFAULT', 'd'), '1');
  t.equal(both.get('a', 'nothing'), undefined);
  t.equal(both.get('nothing', 'd'), undefined, 'no section, no defaults');
  t.equal(both.values('a').get('x')?.origin, '/1.conf');
  t.equal(both.values('c').size, 0);
  t.match(both.find('a', 'd'), { text: '1', origin: '/0.conf', lines: [2] });
});

t.test('variables come first', async (t) => {
  const one = of('[a]\nx=%(y)s\ny=1\n');
  t.equal(one.get('a', 'x', new Map([['y', '2']])), '2');
  t.equal(one.get('a', 'x', new Map([['x', '%(__name__)s']])), 'a');
});

t.test('values of other sections', async (t) => {
  const one = of(
    '[DEFAULT]\nd=def\n[o]\nx=%(y)s\ny=o\n[a]\ny=a\nr=%(o/x)s %(o/d)s %(default/d)s\nn=%(none/x)s\nm=%(o/m)s\n',
  );
  t.equal(one.get('a', 'r'), 'a def def');
  t.throws(() => one.get('a', 'n'), {
    message: "/0.conf:9: option 'n' of [a] refers to '%(none/x)s', which is defined nowhere",
  });
  t.throws(() => one.get('a', 'm'), { message: /defined nowhere/ });
});

t.test('what was known before the last file', async (t) => {
  const three = of('[a]\nx=1\ny=1\n', '[a]\nx=2\n', '[a]\nz=%(known/x)s %(known/d)s\n[DEFAULT]\nd=3\n');
  t.equal(three.get('a', 'z'), '1 3');
  t.same(three.sections, ['a']);
  three.setKnown(
    'a',
    new Map([
      ['v', 'filter'],
      ['known/w', 'w'],
    ]),
  );
  t.same(three.options('a'), ['x', 'y', 'z', 'known/v']);
  three.setKnown('new', new Map([['v', '1']]));
  t.equal(three.get('new', 'known/v'), '1');
});

t.test('sections for a condition', async (t) => {
  const one = of('[I?family=inet6]\nx=6\n[I]\nx=4\n[I?family=inet4]\n');
  t.same(one.sections, ['I']);
  t.equal(one.get('I', 'x'), '4');
  t.equal(one.get('I', 'x?family=inet6'), '6');
});

t.test('a default may be set', async (t) => {
  const one = of('[a]\nx=%(v)s\n');
  one.setDefault('v', '1.0');
  t.equal(one.get('a', 'x'), '1.0');
});

t.test('what a tag names', async (t) => {
  const one = of('[DEFAULT]\nd=def\n[D]\nx=1\n[lt]\nx=lt %(__name__)s\n', '[D]\nx=2\n');
  const tag = (name: string): string | undefined => one.getTag('D', name, new Map([['known/v', 'given']]));
  t.equal(tag('x'), '2');
  t.equal(tag('lt/x'), 'lt lt');
  t.equal(tag('lt/d'), 'def');
  t.equal(tag('default/d'), 'def');
  t.equal(tag('known/x'), '1');
  t.equal(tag('known/v'), 'given');
  t.equal(tag('known/d'), 'def');
  t.equal(tag('none/x'), undefined);
});

t.test('places', async (t) => {
  t.equal(placeOf({ text: '', origin: '/x', lines: [3, 4] }), '/x:3');
  t.equal(placeOf({ text: '', origin: 'filter', lines: [] }), 'filter');
  t.throws(() => of('[a]\n').get('a', 'x', new Map([['x', '%']])), { message: /^option 'x' of \[a\] has '%'/ });
});
