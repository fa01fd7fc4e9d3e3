import t from 'tap';
import { compileEach, compileExpressions } from '../../../src/filters/compiled.js';
import { DropsetError } from '../../../src/model/errors.js';
import { definitionOf, type Written } from '../../filter-definition.js';

t.test('each expression with its role, its number, its source and its tags expanded', async (t) => {
  const definition = definitionOf({
    prefregex: '^<F-CONTENT>.*</F-CONTENT>$',
    failregex: ['a <IP4>', 'b <F-ID/>'],
    ignoreregex: ['c'],
  });
  const { prefregex, failregex, ignoreregex } = compileExpressions(definition, true);
  t.equal(prefregex?.python, '^(?P<content>.*)$');
  t.strictSame(
    [...failregex, ...ignoreregex].map(({ role, index }) => [role, index]),
    [
      ['failregex', 0],
      ['failregex', 1],
      ['ignoreregex', 0],
    ],
  );
  t.equal(failregex[1]?.python, 'b (?P<fid>\\S+)');
  t.equal(failregex[1]?.expression, definition.failregex[1]);
  t.strictSame(failregex[1]?.pattern.groupNames, ['fid']);
});

t.test('lines begin and end inside a text only for failregex of several lines', async (t) => {
  const hits = (maxlines: number): boolean[] => {
    const written = { prefregex: '^b$', failregex: ['^b$(?:<HOST>)?'], ignoreregex: ['^b$'], maxlines };
    const { prefregex, failregex, ignoreregex } = compileExpressions(definitionOf(written), true);
    return [prefregex, ...failregex, ...ignoreregex].map((compiled) => compiled?.pattern.test('a\nb\nc') === true);
  };
  t.strictSame(hits(1), [false, false, false]);
  t.strictSame(hits(2), [false, true, false]);
});

t.test('whether <HOST> may be a name', async (t) => {
  const definition = definitionOf({ failregex: ['^<HOST>$'] });
  const test = (resolvesNames: boolean) =>
    compileExpressions(definition, resolvesNames).failregex[0]?.pattern.test('host.example');
  t.equal(test(true), true);
  t.equal(test(false), false);
});

t.test('somebody has to be named, by the failregex or by prefregex', async (t) => {
  const accepted: Written[] = [
    ...['<HOST>', '<ADDR>', '<IP4>', '<IP6>', '<DNS>', '<F-ID/>', '<F-MLFID>x</F-MLFID>', '(?P<fid>x)'].map(
      (text): Written => ({ failregex: [text] }),
    ),
    { prefregex: '<HOST> <F-CONTENT>.*</F-CONTENT>', failregex: ['x', 'y'] },
  ];
  for (const written of accepted) {
    t.doesNotThrow(() => compileExpressions(definitionOf(written), true), written.failregex.join(' '));
  }
  const refused: Written[] = [
    { failregex: ['<HOST>', 'x'] },
    { failregex: ['<F-USER>x</F-USER>'] },
    { prefregex: '<F-CONTENT>.*</F-CONTENT>', failregex: ['<HOST>', 'x'] },
  ];
  for (const written of refused) {
    t.throws(() => compileExpressions(definitionOf(written), true), {
      code: 'filter',
      message: /it names nobody: put <HOST>/,
    });
  }
});

t.test('faults name their place, the expression, and the reason', async (t) => {
  const table: [Written, RegExp][] = [
    [{ failregex: ['<HOST>', '(<HOST>'] }, /^x\.conf:2: failregex '\(<HOST>': .*\)/],
    [{ failregex: [' '] }, /^x\.conf:1: failregex ' ': it is empty$/],
    [{ failregex: ['<HOST>'], ignoreregex: ['['] }, /^x\.conf:1: ignoreregex '\[': /],
    [{ failregex: ['<HOST>'], prefregex: '*' }, /^x\.conf:1: prefregex '\*': /],
    [{ failregex: [`(${'x'.repeat(300)}`] }, /^x\.conf:1: failregex '\(x{199}…': /],
  ];
  for (const [written, message] of table) {
    t.throws(() => compileExpressions(definitionOf(written), true), { code: 'filter', message });
  }
  const { line: _, ...expression } = { text: '(', origin: 'jail sshd', line: 1 };
  const definition = { ...definitionOf({ failregex: [] }), failregex: [expression] };
  t.throws(() => compileExpressions(definition, true), { message: /^jail sshd: failregex '\(': / });
});

t.test('all faults at once, and what can be used', async (t) => {
  const definition = definitionOf({ failregex: ['(', '<HOST>', 'x'], ignoreregex: ['ok', '['] });
  const { compiled, faults } = compileEach(definition, true);
  t.strictSame(
    compiled.map(({ role, index }) => `${role} ${index}`),
    ['failregex 1', 'failregex 2', 'ignoreregex 0'],
  );
  t.strictSame(
    faults.map((fault) => [fault instanceof DropsetError, fault.message.slice(0, 20)]),
    [
      [true, 'x.conf:1: failregex '],
      [true, 'x.conf:2: ignoreregex'.slice(0, 20)],
      [true, 'x.conf:3: failregex '],
    ],
  );
});

t.test('a prefregex that cannot be used may have named somebody', async (t) => {
  const { faults } = compileEach(definitionOf({ prefregex: '(<HOST>', failregex: ['x'] }), true);
  t.equal(faults.length, 1);
});
