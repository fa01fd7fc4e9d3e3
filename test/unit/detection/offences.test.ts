import t from 'tap';
import { Offences, sentenceOf } from '../../../src/detection/offences.js';
import { compileExpressions } from '../../../src/filters/compiled.js';
import { definition } from '../../jail.js';

const { failregex } = compileExpressions(definition(['^ a <HOST>$', '^ b <HOST>$']), true);
const [a, b] = failregex;

t.test('the third line is once too often, each pattern for itself', async (t) => {
  if (!a || !b) throw new Error('two expressions');
  const offences = new Offences();
  t.same([offences.count(a), offences.count(a)], [false, false]);
  t.same([offences.count('date'), offences.count(b), offences.count('date')], [false, false, false]);
  t.equal(offences.count(a), true);
  t.equal(offences.lines, 6);
  t.equal(offences.count(a), true, 'and each one behind it');
  t.equal(offences.count('date'), true);
});

t.test(
  "the sentence names jail, expression and place, and what comes of it; not the line, which is an attacker's",
  async (t) => {
    if (!b) throw new Error('two expressions');
    const overrun = { jail: 'sshd', culprit: b, line: 'x\u001b'.repeat(50), isLast: false } as const;
    t.equal(
      sentenceOf(overrun),
      'jail sshd: failregex 2 (test.conf:2) ran out of its time on a line of 100 characters; the line was passed over for it',
    );
    t.match(sentenceOf({ ...overrun, isLast: true }), /; it is set aside for 10 minutes: .*rewrite it$/);
    t.match(sentenceOf({ ...overrun, culprit: 'date' }), /^jail sshd: its date pattern ran out/);
    const expression = { text: 'x', origin: 'jail sshd' };
    t.match(sentenceOf({ ...overrun, culprit: { ...b, expression } }), /failregex 2 \(jail sshd\) ran out/);
  },
);
