import t from 'tap';
import { type Compiled, compileExpressions } from '../../../src/filters/compiled.js';
import { type Attempt, Searches } from '../../../src/filters/searches.js';
import { definitionOf } from '../../filter-definition.js';

const [first, second] = compileExpressions(definitionOf({ failregex: ['<HOST>', '^\\w <IP4>'] }), true).failregex as [
  Compiled,
  Compiled,
];

function begun(line: string, isAscii = true) {
  const attempt: Attempt = { compiled: undefined };
  const clock = { now: 1000 };
  const searches = new Searches(() => clock.now, attempt);
  searches.begin(line, isAscii);
  return { attempt, clock, searches };
}

t.test('tells what is searched for', async (t) => {
  const { attempt, searches } = begun('x 192.0.2.7');
  t.equal(attempt.compiled, 'date');
  t.equal(searches.exec(first, '192.0.2.7')?.groups.ip4, '192.0.2.7');
  t.equal(attempt.compiled, first);
  t.equal(searches.exec(second, 'nothing'), undefined);
  t.equal(attempt.compiled, second);
  searches.end();
  t.equal(attempt.compiled, undefined);
});

t.test('remembers what was searched in', async (t) => {
  const { searches } = begun('é 192.0.2.7', false);
  t.same(searches.last, { text: 'é 192.0.2.7', isAscii: false });
  searches.exec(first, 'é');
  t.same(searches.last, { text: 'é', isAscii: false });
});

t.test('whether text is ASCII is known of the line, and looked up for several', async (t) => {
  const { searches } = begun('é 192.0.2.7', false);
  t.ok(searches.exec(second, 'é 192.0.2.7'));
  searches.begin('x', true);
  t.notOk(searches.exec(second, 'é 192.0.2.7'), 'the caller said that it was');
  searches.widen('é 192.0.2.7\nx\n');
  t.ok(searches.exec(second, 'é 192.0.2.7\nx\n'));
  searches.widen('x\n');
  t.equal(searches.last.isAscii, true);
});

t.test('what is set aside finds nothing for a while', async (t) => {
  const { attempt, clock, searches } = begun('192.0.2.7');
  searches.setAside(first, 2000);
  t.equal(searches.exec(first, '192.0.2.7'), undefined);
  t.equal(attempt.compiled, 'date', 'and is not searched for');
  t.ok(searches.exec(second, 'x 192.0.2.7'), 'others are');
  clock.now = 1999;
  t.equal(searches.exec(first, '192.0.2.7'), undefined);
  clock.now = 2000;
  t.ok(searches.exec(first, '192.0.2.7'));
});
