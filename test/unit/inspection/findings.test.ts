import t from 'tap';
import { compileEach } from '../../../src/filters/compiled.js';
import { findingsOf, labelOf, placeOf, riskOf } from '../../../src/inspection/findings.js';

const { compiled } = compileEach(
  {
    name: 'x',
    origin: '/f/x.conf',
    prefregex: { text: '^.* <F-CONTENT>.+</F-CONTENT>', origin: '/f/x.conf', line: 3 },
    failregex: [
      { text: '^a <HOST>$', origin: '/f/x.conf', line: 5 },
      { text: '^.* <HOST>', origin: 'jail x' },
    ],
    ignoreregex: [{ text: '.*<HOST>', origin: '/f/x.conf', line: 9 }],
    maxlines: 1,
    journalmatch: [],
  },
  true,
);

t.test('expressions are named as people count them, with their places', async (t) => {
  t.same(compiled.map(labelOf), ['prefregex', 'failregex 1', 'failregex 2', 'ignoreregex 1']);
  t.same(compiled.map(placeOf), ['/f/x.conf:3', '/f/x.conf:5', 'jail x', '/f/x.conf:9']);
});

t.test('only a failregex can blame somebody else', async (t) => {
  const warned = compiled.filter((one) => findingsOf(one, false).some(({ severity }) => severity === 'warning'));
  t.same(warned.map(labelOf), ['failregex 2']);
  const [warning] = warned.flatMap((one) => findingsOf(one, false));
  t.match(warning?.sentence, /^jail x: failregex 2 takes any text \(\.\*\) before the address/);
});

t.test('a risk matters where the engine does not bound it', async (t) => {
  t.equal(riskOf({ risk: 'none', engine: 'backtracking' }), undefined);
  t.match(riskOf({ risk: 'exponential', engine: 'linear' }), { severity: 'note', sentence: /linear engine/ });
  t.match(riskOf({ risk: 'polynomial', engine: 'v8' }), { severity: 'note', sentence: /power/ });
  t.match(riskOf({ risk: 'polynomial', engine: 'backtracking' }), { severity: 'warning', sentence: /is stopped/ });
  t.match(riskOf({ risk: 'exponential', engine: 'v8' }), { severity: 'warning', sentence: /twice as long/ });
});
