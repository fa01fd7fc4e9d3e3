import t from 'tap';
import { checkFilters, isUsable } from '../../../src/inspection/check.js';

const NOW = (): number => Date.UTC(2026, 0, 1);

const check = (folder: string, ...names: string[]) => checkFilters(names, [folder], NOW);

t.test('a filter without fault, in all its modes', async (t) => {
  const folder = t.testdir({
    'x.conf': [
      '[Definition]',
      'failregex = ^a <HOST>$',
      '            <mdre-<mode>>',
      'mdre-normal =',
      'mdre-ddos = ^b .* <HOST>',
      'mode = normal',
    ].join('\n'),
  });
  const [checked] = check(folder, 'x');
  t.match(checked, { name: 'x', path: `${folder}/x.conf`, modes: ['ddos', 'normal'], expressions: 2 });
  t.match(checked?.findings, [{ severity: 'warning', sentence: /x.conf:3: failregex 2/, modes: ['ddos'] }]);
  t.ok(checked && isUsable(checked), 'a warning is no fault');
});

t.test('every fault, with its place', async (t) => {
  const folder = t.testdir({
    'x.conf': [
      '[Definition]',
      'failregex = ^a( <HOST>$',
      '            ^nobody$',
      '            ^.* <HOST>',
      'ignoreregex = [',
      'datepattern = %%Q',
    ].join('\n'),
  });
  const [checked] = check(folder);
  const sentences =
    checked?.findings.map(({ severity, sentence }) => `${severity} ${sentence.replace(folder, '')}`) ?? [];
  t.match(sentences, [
    /^fault \/x.conf:2: failregex '\^a\( <HOST>\$': /,
    /^fault \/x.conf:5: ignoreregex '\[': /,
    /^fault \/x.conf:3: failregex '\^nobody\$': it names nobody/,
    /^fault \/x.conf: datepattern: /,
    /^warning \/x.conf:4: failregex 3 /,
  ]);
  t.equal(checked?.expressions, 2);
  t.notOk(checked && isUsable(checked));
  t.equal(checked?.findings[0]?.modes, undefined, 'it holds in all modes');
});

t.test('filters that are not there, and files that are none', async (t) => {
  const folder = t.testdir({ 'x.conf': 'no section', 'y.conf': '[Definition]\n' });
  const [absent, broken, empty] = check(folder, 'z', 'x', `${folder}/y.conf`);
  t.match(absent, { name: 'z', path: null, findings: [{ severity: 'fault', sentence: /there is no filter 'z'/ }] });
  t.match(broken, { path: `${folder}/x.conf`, modes: [], findings: [{ severity: 'fault' }] });
  t.match(empty, { name: `${folder}/y.conf`, findings: [{ severity: 'fault', sentence: /has no failregex/ }] });
  t.match(check(folder, '[x=1]')[0], { path: null, findings: [{ severity: 'fault' }] });
});
