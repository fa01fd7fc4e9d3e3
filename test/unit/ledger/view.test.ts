import t, { type Test } from 'tap';
import { Bans } from '../../../src/ledger/bans.js';
import { History } from '../../../src/ledger/history.js';
import { openDatabase } from '../../../src/ledger/open.js';
import { addOf, standFor, View } from '../../../src/ledger/view.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import { isFold } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const p = Prefix.parse;

/** A table of bans, `ADDRESS` to its end from now, and views of it. */
function table(t: Test, rows: Readonly<Record<string, number | null>>, refused?: string) {
  const database = openDatabase(':memory:');
  t.teardown(() => database.close());
  const bans = new Bans(database, new History(database, { clock: () => NOW, retention: 1e9, capacity: 10 }));
  bans.begin();
  for (const [key, until] of Object.entries(rows)) {
    const [address, jail = 'a'] = key.split(' ') as [string, string?];
    bans.put({ prefix: p(address), jail, reason: '', since: NOW, until: until === null ? null : NOW + until });
  }
  bans.flush();
  bans.commit();
  const refusal = ({ text }: Prefix): string | undefined => (text === refused ? 'never' : undefined);
  return { bans, view: new View(bans, refusal), flat: new View(bans, refusal, false) };
}

const text = (change: ReturnType<View['change']>): string =>
  `${change.verb} ${change.prefix}${isFold(change) ? ` in ${change.foldedInto}` : ''}`;

t.test('the widest prefix that lasts as long stands for a single, of those that are held', async (t) => {
  const rows = {
    '10.0.7.1': 5,
    '10.0.7.2': 15,
    '10.0.7.3': null,
    '10.0.7.0/24': 10,
    '10.0.0.0/16': 20,
    '10.0.0.0/8': null,
  };
  const { view, flat } = table(t, rows);
  const said = (one: View, texts: readonly string[]) => texts.map((address) => text(one.change(p(address), NOW)));
  t.same(said(view, ['10.0.7.1', '10.0.7.2', '10.0.7.3', '10.0.7.0/24', '10.0.8.1']), [
    'remove 10.0.7.1 in 10.0.0.0/16',
    'remove 10.0.7.2 in 10.0.0.0/16',
    'add 10.0.7.3',
    'add 10.0.7.0/24',
    'remove 10.0.8.1',
  ]);
  t.same(said(flat, ['10.0.7.1']), ['add 10.0.7.1'], 'unless nothing is folded');
  t.same(said(table(t, rows, '10.0.0.0/16').view, ['10.0.7.1', '10.0.7.2', '10.0.0.0/16']), [
    'remove 10.0.7.1 in 10.0.7.0/24',
    'add 10.0.7.2',
    'remove 10.0.0.0/16',
  ]);
  t.same(
    view.change(p('10.0.7.1'), NOW + 10),
    { verb: 'remove', prefix: p('10.0.7.1') },
    'what has ended is not folded',
  );
});

t.test('singles below a prefix, with what they do as long as they stand for themselves', async (t) => {
  const { view } = table(
    t,
    { '10.0.7.1': 5, '10.0.7.1 b': 9, '10.0.7.9': 0, '10.0.8.1': 5, '10.0.7.0/24': 10 },
    '10.0.7.5',
  );
  t.strictSame(
    [...view.below(p('10.0.7.0/24'), NOW)].map(([change, held]) => [text(change), held]),
    [['remove 10.0.7.1 in 10.0.7.0/24', { until: NOW + 9, scope: undefined }]],
  );
});

t.test('what is read once within a transaction is read anew in the next', async (t) => {
  const { bans, view } = table(t, { '10.0.7.1': 5, '10.0.7.0/24': 10 });
  bans.begin();
  t.ok(isFold(view.change(p('10.0.7.1'), NOW)));
  for (const row of bans.rowsOf('10.0.7.0/24')) bans.retire(row);
  t.notOk(isFold(view.change(p('10.0.7.1'), NOW)));
  bans.rollback();
});

t.test('one ban has to do all that the other does', async (t) => {
  const [ssh, web, trial] = ['tcp/22', 'tcp/80', 'observe'].map((one) => Scope.parse(one));
  t.ok(standFor([{ until: 5 }], { until: 5, scope: ssh }));
  t.notOk(standFor([{ until: 5 }], { until: 6 }));
  t.ok(standFor([{ until: null }], { until: null }));
  t.notOk(standFor([{ until: 5 }], { until: null }));
  t.notOk(standFor([{ until: null }], { until: 5, scope: trial }), 'which counts, and drops nothing');
  t.ok(standFor([{ until: 9, scope: trial }], { until: 5, scope: trial }));
  t.notOk(standFor([{ until: 9, scope: ssh }], { until: 5, scope: web }));
  t.notOk(standFor([{ until: 9, scope: ssh }, { until: 4 }], { until: 5 }), 'and no two together');
  t.notOk(standFor([], { until: 5 }));
  t.strictSame(addOf(p('10.0.0.1'), { until: 5, scope: undefined }), { verb: 'add', prefix: p('10.0.0.1'), until: 5 });
});
