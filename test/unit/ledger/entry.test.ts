import t from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import { type Change, isFold, type Verdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const p = Prefix.parse;
const ban = (address: string, until: number): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail: 'a', reason: '', since: NOW, until: NOW + until },
});
const unban = (address: string): Verdict => ({ kind: 'unban', prefix: p(address) });
const texts = (changes: readonly Change[]): string[] =>
  changes.map((change) => `${isFold(change) ? 'fold' : change.verb} ${change.prefix}`);

t.test('without wide prefixes each verdict has its change as things were then', async (t) => {
  const ledger = Ledger.open(':memory:', {
    clock: () => NOW,
    refusal: ({ text }) => (text === '10.0.0.9' ? 'no' : undefined),
  });
  t.teardown(() => ledger.close());
  const { changes, steps } = ledger.record([
    ban('10.0.0.1', 5),
    unban('10.0.0.1'),
    ban('10.0.0.9', 5),
    ban('10.0.0.1', 9),
  ]);
  t.same(texts(changes), ['add 10.0.0.1', 'remove 10.0.0.1', 'remove 10.0.0.9', 'add 10.0.0.1']);
  t.equal(steps, undefined);
});

t.test(
  'with one, each has it as things are in the end, and a single that was never held is not taken away',
  async (t) => {
    const ledger = Ledger.open(':memory:', { clock: () => NOW });
    t.teardown(() => ledger.close());
    ledger.record([ban('10.0.0.0/24', 10)]);
    const fresh = ledger.record([ban('10.0.0.1', 5)]);
    t.same([texts(fresh.changes), fresh.steps], [['fold 10.0.0.1'], []]);
    const held = ledger.record([ban('10.0.0.2', 50), ban('10.0.0.2', 5)]);
    t.same(held.steps?.map(texts), [['add 10.0.0.0/24', 'fold 10.0.0.2']]);
    const lifted = ledger.record([unban('10.0.0.1'), ban('10.0.0.1', 5)]);
    t.same(
      lifted.steps?.map(texts),
      [['add 10.0.0.0/24', 'fold 10.0.0.1']],
      'of an earlier ban the kernel may hold it',
    );
  },
);
