import t from 'tap';
import { compileExpressions } from '../../../src/filters/compiled.js';
import { type Anchoring, type Gate, gatesOf, isOpen, type Sight, type Wanted } from '../../../src/filters/sieve.js';
import { definitionOf, type Written } from '../../filter-definition.js';

interface Shown {
  readonly regex: number;
  readonly trigger: string;
  readonly others: string;
}

/** Gates with their literals; a clause that case does not count for ends with `/i`. */
function gates(written: Written, anchoring: Anchoring = 'line-begin', isMultiline = false): Shown[] | undefined {
  const literals: string[] = [];
  const number = (literal: string): number => {
    if (!literals.includes(literal)) literals.push(literal);
    return literals.indexOf(literal);
  };
  const shown = ({ literals: numbers, ignoreCase }: Wanted): string =>
    numbers.map((index) => literals[index]).join('|') + (ignoreCase ? '/i' : '');
  const found = gatesOf(compileExpressions(definitionOf(written), true), anchoring, number, isMultiline);
  return found?.map(({ regex, trigger, others }) => ({
    regex,
    trigger: shown(trigger),
    others: others.map(shown).join(' '),
  }));
}

t.test('each expression has a gate, and the most telling clause is its trigger', async (t) => {
  t.same(gates({ failregex: ['^bad \\S+ login by <HOST>$', '<HOST> denied'] }), [
    { regex: 0, trigger: 'login by ', others: '' },
    { regex: 1, trigger: 'denied', others: '' },
  ]);
});

t.test('a short trigger has up to two others with it', async (t) => {
  t.same(gates({ failregex: ['x1 \\S+ y22 \\S+ z333 \\S+ v4444 <HOST>'] }), [
    { regex: 0, trigger: 'v4444 ', others: 'z333  y22 ' },
  ]);
});

t.test('one of several literals', async (t) => {
  t.same(gates({ failregex: ['(?:refused|denied) .* by <HOST>'] }), [
    { regex: 0, trigger: 'refused |denied ', others: 'by ' },
  ]);
});

t.test('prefregex has to match too', async (t) => {
  t.same(gates({ prefregex: '^kernd: <F-CONTENT>.*</F-CONTENT>', failregex: ['bad <HOST>', '<HOST>'] }), [
    { regex: 0, trigger: 'kernd: ', others: 'bad ' },
    { regex: 1, trigger: 'kernd: ', others: '' },
  ]);
});

t.test('an expression that needs nothing opens all', async (t) => {
  t.equal(gates({ failregex: ['failed <HOST>', '^<HOST>$'] }), undefined);
});

t.test('case', async (t) => {
  t.same(gates({ failregex: ['(?i)Denied <HOST>'] }), [{ regex: 0, trigger: 'denied /i', others: '' }]);
});

t.test('what stands before a date at the line’s begin has no letters or digits', async (t) => {
  t.same(gates({ failregex: ['^\\[\\] failed <HOST>'] }), [{ regex: 0, trigger: 'failed ', others: '' }]);
  t.equal(gates({ failregex: ['^\\[\\]: <HOST>'] }), undefined);
});

t.test('a date anywhere may have stood inside a literal: inside one of its halves', async (t) => {
  t.same(gates({ failregex: ['failed <HOST>'] }, 'anywhere'), [{ regex: 0, trigger: 'fai|led ', others: '' }]);
  t.equal(gates({ failregex: ['bad<HOST>'] }, 'anywhere'), undefined, 'a half of one character tells nothing');
});

t.test('long literals are cut', async (t) => {
  t.same(gates({ failregex: [`${'x'.repeat(60)}<HOST>`] }), [{ regex: 0, trigger: 'x'.repeat(24), others: '' }]);
});

t.test('of several lines, one must have the trigger; the others may be elsewhere', async (t) => {
  t.same(gates({ maxlines: 2, failregex: ['^login of \\S+\\n.*failed for <HOST>$'] }, 'line-begin', true), [
    { regex: 0, trigger: 'failed for ', others: '' },
  ]);
});

const gate = (...others: Wanted[]): Gate => ({ regex: 0, trigger: { literals: [9], ignoreCase: false }, others });
const sight = (isAscii: boolean, ...seen: number[]): Sight => ({ isAscii, has: (literal) => seen.includes(literal) });

t.test('a gate is open if all other clauses are met', async (t) => {
  const [one, either] = [
    { literals: [1], ignoreCase: false },
    { literals: [2, 3], ignoreCase: false },
  ];
  t.ok(isOpen(gate(), sight(true)));
  t.ok(isOpen(gate(one, either), sight(true, 1, 3)));
  t.notOk(isOpen(gate(one, either), sight(true, 1)));
  t.notOk(isOpen(gate(one, either), sight(true, 2, 3)));
});

t.test('beyond ASCII, a clause without case is met unseen', async (t) => {
  const clause = { literals: [1], ignoreCase: true };
  t.notOk(isOpen(gate(clause), sight(true)));
  t.ok(isOpen(gate(clause), sight(false)));
  t.notOk(isOpen(gate(clause, { literals: [2], ignoreCase: false }), sight(false)));
});
