import t from 'tap';
import { ONE_BY_ONE } from '../../../src/daemon/events.js';
import { taken } from '../../../src/daemon/taken.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Refusal } from '../../../src/model/refusal.js';
import type { Receipt, Verdict } from '../../../src/model/street.js';

const prefixes = Array.from({ length: ONE_BY_ONE + 5 }, (_, index) => Prefix.parse(`192.0.2.${index}`));
const verdicts = prefixes.map((prefix): Verdict => ({ kind: 'unban', prefix }));

function told(isRefused: (index: number) => boolean) {
  const events: unknown[] = [];
  const receipts = prefixes.map((prefix, index): Receipt => {
    const change = { verb: 'remove', prefix } as const;
    return isRefused(index) ? { change, error: new Refusal('element', `no ${index}`) } : { change };
  });
  const found = taken(verdicts, receipts, { tell: (event) => void events.push(event) });
  return { found, events };
}

t.test('all, and nothing is told', async (t) => {
  const { found, events } = told(() => false);
  t.equal(found, verdicts);
  t.same(events, []);
});

t.test('those that were taken; the first that were refused are told, and how many more there are', async (t) => {
  const { found, events } = told((index) => index !== 3);
  t.same(found, [verdicts[3]]);
  t.equal(events.length, ONE_BY_ONE);
  t.match(events[0], { kind: 'refused', address: '192.0.2.0', error: 'no 0', more: 0, kept: true });
  t.match(events.at(-1), { kind: 'refused', more: 4, kept: false });
});
