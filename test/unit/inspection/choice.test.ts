import t from 'tap';
import { chooseFilter, referenceTo } from '../../../src/inspection/choice.js';

const FILTER = '[Definition]\nfailregex = ^<mode> <HOST>$\nignoreregex = own\nmode = normal\n';

t.test('a name, with options', async (t) => {
  const directories = [t.testdir({ 'x.conf': FILTER })];
  const texts = (text: string): string[] => chooseFilter(text, { directories }).failregex.map((one) => one.text);
  for (const name of ['x', 'x.conf']) t.same(texts(name), ['^normal <HOST>$'], name);
  t.same(texts('x[mode=more]'), ['^more <HOST>$']);
  t.throws(() => texts('y'), { code: 'filter', message: /^there is no filter 'y'/ });
  t.throws(() => texts('./y'), { code: 'filter', message: /^there is no file .*y, which is to be a filter/ });
});

t.test('the path of a file', async (t) => {
  const folder = t.testdir({ 'x.conf': FILTER, 'readme.md': FILTER });
  const origin = (text: string): string => chooseFilter(text, { directories: ['/none'] }).origin;
  for (const path of [`${folder}/x.conf`, `${folder}/x`]) t.equal(origin(path), `${folder}/x.conf`);
  t.equal(origin(`${folder}/readme.md[mode=more]`), `${folder}/readme.md`);
});

t.test('a file of the working directory needs no slash', async (t) => {
  t.equal(referenceTo('package.json[a=b]', ['/none']), './package.json[a=b]');
  t.equal(referenceTo('nothing', ['/none']), 'nothing');
  t.equal(referenceTo('^x <HOST>', ['/none']), '^x <HOST>');
});

t.test('a failregex, as everything else', async (t) => {
  const directories = [t.testdir({ 'x.conf': FILTER })];
  for (const text of ['^x <HOST>$', 'y[<HOST>]', 'a b', 'x|y']) {
    const { failregex, ignoreregex, maxlines } = chooseFilter(text, { directories });
    t.same(
      { failregex, ignoreregex, maxlines },
      { failregex: [{ text, origin: 'command line' }], ignoreregex: [], maxlines: 1 },
    );
  }
});

t.test('what the command line adds, and puts in place of something', async (t) => {
  const directories = [t.testdir({ 'x.conf': FILTER })];
  const changed = chooseFilter('x', {
    directories,
    ignoreregex: 'more',
    datepattern: 'EPOCH',
    maxlines: 3,
    logtype: 'journal',
  });
  t.same(
    changed.ignoreregex.map(({ text }) => text),
    ['own', 'more'],
  );
  t.match(changed, { datepattern: 'EPOCH', maxlines: 3 });
});
