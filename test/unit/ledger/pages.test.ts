import t from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Change, Verdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const ban = (address: string, until: number): Verdict => ({
  kind: 'ban',
  ban: { prefix: Prefix.parse(address), jail: 'a', reason: '', since: NOW, until: NOW + until },
});
const texts = (changes: readonly Change[]): string[] => changes.map(({ verb, prefix }) => `${verb} ${prefix}`);

t.test('pages of rows, and what has to be written so that the kernel holds them', async (t) => {
  const ledger = Ledger.open(':memory:', { clock: () => NOW });
  t.teardown(() => ledger.close());
  ledger.record([ban('192.0.2.1', 5), ban('192.0.2.2', 50), ban('198.51.100.1', 5), ban('192.0.2.0/24', 10)]);
  const first = ledger.elementsBehind(0, 2);
  t.same([texts(first.changes), first.last], [['remove 192.0.2.1', 'add 192.0.2.2'], 2]);
  t.same(ledger.elementsBehind(2, 9).last, undefined);
  const plain = ledger.pageBehind(1, 2);
  t.same([texts(plain.changes), plain.steps, plain.last], [['add 192.0.2.2', 'add 198.51.100.1'], undefined, 3]);
  t.same(
    ledger.pageBehind(0, 1).steps?.map(texts),
    [['add 192.0.2.0/24', 'remove 192.0.2.1']],
    'with what it is folded into',
  );
  t.same(
    ledger.pageBehind(3, 1).steps?.map(texts),
    [['add 192.0.2.2'], ['add 192.0.2.0/24']],
    'behind what outlasts it',
  );
});
