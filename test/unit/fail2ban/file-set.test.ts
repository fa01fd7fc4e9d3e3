import { join, relative } from 'node:path';
import t from 'tap';
import { Files } from '../../../src/fail2ban/file.js';
import { configurationOf, exists, fileSet } from '../../../src/fail2ban/file-set.js';

t.test('the files of a name', async (t) => {
  const folder = t.testdir({
    'a.conf': '',
    'a.local': '',
    'a.d': { '20.conf': '', '10.conf': '', '05.local': '', 'B.conf': '', '.hidden.conf': '', 'a.txt': '' },
    'b.local': '',
  });
  const names = (base: string): string[] => fileSet(join(folder, base)).map((path) => relative(folder, path));
  t.same(names('a'), ['a.conf', 'a.d/10.conf', 'a.d/20.conf', 'a.d/B.conf', 'a.local', 'a.d/05.local']);
  t.same(names('b'), ['b.local']);
  t.same(names('c'), []);
  t.ok(exists(folder));
  t.notOk(exists(join(folder, 'c')));
});

t.test('includes, and a .local behind each', async (t) => {
  const folder = t.testdir({
    'a.conf': '[INCLUDES]\nbefore = sub/b.conf\n  gone.conf\n\nafter = c.conf\n[x]\na = a\nb = a\nc = a\n',
    sub: {
      'b.conf': '[INCLUDES]\nbefore = d.conf\n[x]\na = b\nb = b\nd = b\n',
      'd.conf': '[x]\nd = d\ne = d\n',
      'b.local': '[x]\nl = b',
    },
    'c.conf': '[x]\nc = c\n',
    'c.local': '[x]\nc = c.local\n',
  });
  const configuration = configurationOf([join(folder, 'a.conf')], new Files());
  const value = (option: string): string | undefined => configuration.get('x', option);
  t.same(['a', 'b', 'c', 'd', 'e', 'l'].map(value), ['a', 'a', 'c.local', 'b', 'd', 'b']);
  t.throws(() => configuration.interpolate('%(z)s', 'x', new Map(), 'x'), {
    message: /an include is missing: .*gone\.conf\)/,
  });
});

t.test('an include by its whole path', async (t) => {
  const folder = t.testdir({ 'b.conf': '[x]\ny = 1\n', a: {} });
  const path = join(folder, 'a.conf');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(path, `[INCLUDES]\nbefore = ${folder}/b.conf\n`);
  t.equal(configurationOf([path], new Files()).get('x', 'y'), '1');
});

t.test('circles end, also those that hide', async (t) => {
  const folder = t.testdir({
    'a.conf': '[INCLUDES]\nbefore = b.conf\n[x]\ny = a\n',
    'b.conf': '[INCLUDES]\nafter = a.conf\n[x]\ny = b\n',
    'c.conf': '[INCLUDES]\nbefore = ./c.conf\n',
  });
  t.equal(configurationOf([join(folder, 'a.conf')], new Files()).get('x', 'y'), 'a');
  t.throws(() => configurationOf([join(folder, 'c.conf')], new Files()), {
    code: 'config',
    message: /the includes have no end/,
  });
});
