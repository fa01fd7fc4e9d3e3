import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { Comparison, type Difference } from '../../../src/daemon/comparison.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Change, Verdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;
const p = Prefix.parse;
const add = (address: string, until: number | null): Change => ({ verb: 'add', prefix: p(address), until });
const ban = (address: string, until: number | null): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail: 'sshd', reason: '', since: NOW, until },
});
const told = (differences: readonly Difference[]): string[] =>
  differences.map(({ prefix, how }) => `${prefix} ${how}`).sort();

/** A ledger and a backend that know different things: ends by address, null for never. */
async function both(t: Test, known: Record<string, number | null>, held: Record<string, number | null>) {
  const state = { now: NOW };
  const ledger = Ledger.open(':memory:', { clock: () => state.now });
  t.teardown(() => ledger.close());
  ledger.record(Object.entries(known).map(([address, until]) => ban(address, until)));
  const backend = new MemoryBackend({ clock: () => state.now });
  const apply = (...changes: Change[]): Promise<void> => backend.apply(new Batch(changes, state.now));
  await apply(...Object.entries(held).map(([address, until]) => add(address, until)));
  const comparison = new Comparison({ ledger, backend, clock: () => state.now, pauses: [1, 1] });
  const look = (): Promise<readonly Difference[]> => comparison.look(ledger.elementsBehind(0, 1000).changes);
  return { state, ledger, apply, comparison, look };
}

t.test('what is the same, and what is not', async (t) => {
  const { look } = await both(
    t,
    { '10.0.0.1': null, '10.0.0.2': NOW + DAY, '10.0.0.3': NOW + DAY, '10.0.0.4': null, '10.0.0.5': NOW + DAY },
    { '10.0.0.1': null, '10.0.0.2': NOW + DAY, '10.0.0.4': NOW + DAY, '10.0.0.5': null },
  );
  t.same(told(await look()), ['10.0.0.3 missing', '10.0.0.4 until', '10.0.0.5 until']);
});

t.test('what is about other packets differs', async (t) => {
  const { ledger, apply, look } = await both(t, { '10.0.0.1': null }, {});
  const [observed, ports] = [Scope.parse('observe'), Scope.parse('tcp/22')];
  const verdict = ban('10.0.0.2', null);
  if (verdict.kind === 'ban') ledger.record([{ ...verdict, ban: { ...verdict.ban, scope: ports } }]);
  await apply(add('10.0.0.1', null), { verb: 'add', prefix: p('10.0.0.2'), until: null, scope: ports });
  t.same(told(await look()), []);
  await apply({ verb: 'add', prefix: p('10.0.0.1'), until: null, scope: observed }, add('10.0.0.2', null));
  t.same(told(await look()), ['10.0.0.1 scope', '10.0.0.2 scope']);
});

t.test('ends may differ by seconds, and by a thousandth of what is left', async (t) => {
  const { look } = await both(
    t,
    { '10.0.0.1': NOW + 60_000, '10.0.0.2': NOW + 60_000, '10.0.0.3': NOW + 30 * DAY, '10.0.0.4': NOW + 30 * DAY },
    {
      '10.0.0.1': NOW + 64_000,
      '10.0.0.2': NOW + 54_000,
      '10.0.0.3': NOW + 30 * DAY - 1_800_000,
      '10.0.0.4': NOW + 30 * DAY + 3_600_000,
    },
  );
  t.same(told(await look()), ['10.0.0.2 until', '10.0.0.4 until']);
});

t.test('who ends just now is neither missing nor unknown', async (t) => {
  const { look, comparison } = await both(
    t,
    { '10.0.0.1': NOW + 1000 },
    { '10.0.0.2': NOW + 1000, '10.0.0.3': NOW + 9000 },
  );
  t.same(await look(), []);
  t.same(told(await comparison.strangers(10)), ['10.0.0.3 unknown']);
});

t.test('of the kernel as many are looked at as are wanted', async (t) => {
  const { comparison } = await both(t, { '10.0.0.1': null }, { '10.0.0.1': null, '10.0.0.2': null, '10.0.0.3': null });
  t.equal((await comparison.strangers(100)).length, 2);
  t.ok((await comparison.strangers(1)).length <= 1);
  t.same(await comparison.strangers(0), []);
});

t.test('what was on its way is no difference once it has arrived, or was taken back', async (t) => {
  const { ledger, apply, comparison, look } = await both(
    t,
    { '10.0.0.1': null, '10.0.0.2': null, '10.0.0.3': null },
    {},
  );
  const suspects = await look();
  t.equal(suspects.length, 3);
  await apply(add('10.0.0.1', null));
  ledger.record([{ kind: 'unban', prefix: p('10.0.0.2') }]);
  t.same(told(await comparison.confirmed(suspects)), ['10.0.0.3 missing']);
  t.same(await comparison.confirmed([]), []);
});
