import t from 'tap';
import { Delivery } from '../../../src/daemon/delivery.js';
import type { Recorded } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Refusal } from '../../../src/model/refusal.js';
import type { Change, Receipt } from '../../../src/model/street.js';

const p = Prefix.parse;
const add = (address: string): Change => ({ verb: 'add', prefix: p(address), until: null });
const remove = (address: string): Change => ({ verb: 'remove', prefix: p(address) });
const fold = (address: string, into: string): Change => ({ verb: 'remove', prefix: p(address), foldedInto: p(into) });

/** @param refused addresses that the writer answers an error for. */
function delivery(refused: readonly string[] = [], fails = false) {
  const written: string[] = [];
  const arrived: Recorded[] = [];
  const problems: string[] = [];
  const answer = async (how: string, changes: readonly Change[]): Promise<readonly Receipt[]> => {
    written.push(`${how} ${changes.map(({ verb, prefix }) => `${verb} ${prefix}`).join(', ')}`);
    return changes.map((change) =>
      refused.includes(change.prefix.text) ? { change, error: new Refusal('element', 'no room') } : { change },
    );
  };
  const made = new Delivery({
    ledger: {
      arrived: (recorded) => {
        if (fails) throw new Error('no ledger');
        arrived.push(recorded);
      },
    },
    writer: { write: (changes) => answer('together', changes), writeApart: (changes) => answer('apart', changes) },
    problem: (sentence) => problems.push(sentence),
  });
  return { delivery: made, written, arrived, problems };
}

t.test('without steps it is the writer', async (t) => {
  const { delivery: one, written, arrived } = delivery();
  const recorded = { changes: [add('192.0.2.1'), remove('192.0.2.2')] };
  const sent = one.write(recorded);
  t.same(written, ['together add 192.0.2.1, remove 192.0.2.2'], 'in the same turn');
  t.same(
    (await sent).map(({ change }) => change),
    recorded.changes,
  );
  t.same(arrived, [recorded]);
  await one.send(recorded);
  t.equal(arrived.length, 1);
});

t.test('steps go one behind the other, and each change is answered for', async (t) => {
  const { delivery: one, written, arrived } = delivery();
  const changes = [remove('192.0.2.0/24'), fold('192.0.3.1', '192.0.3.0/24')];
  const steps = [[add('192.0.2.1')], [remove('192.0.2.0/24')]];
  const receipts = await one.write({ changes, steps });
  t.same(written, ['apart add 192.0.2.1', 'apart remove 192.0.2.0/24']);
  t.same(
    receipts,
    changes.map((change) => ({ change })),
    'that the prefix stands is the answer for what is folded',
  );
  t.equal(arrived.length, 1);
  t.same(await one.write({ changes: [changes[1] as Change], steps: [] }), [{ change: changes[1] }]);
  t.equal(written.length, 2);
});

t.test('what was refused stays in doubt; of whom nobody asked for it is told', async (t) => {
  const { delivery: one, arrived, problems } = delivery(['192.0.2.1', '192.0.2.0/24']);
  const changes = [remove('192.0.2.0/24')];
  const receipts = await one.write({ changes, steps: [[add('192.0.2.1'), add('192.0.2.2')], changes] });
  t.match(receipts, [{ error: { message: 'no room' } }]);
  t.same(arrived, []);
  t.same(problems, [
    '1 bans that were folded into a prefix are not in the kernel; the first, 192.0.2.1: no room; audits try again',
  ]);
  const another = delivery(['192.0.2.0/24']);
  await another.delivery.write({ changes, steps: [changes] });
  t.same(another.problems, [], 'who asked hears of it by the receipt');
});

t.test('a ledger that fails then keeps its doubt', async (t) => {
  const { delivery: one } = delivery([], true);
  t.equal((await one.write({ changes: [remove('192.0.2.1')] })).length, 1);
});
