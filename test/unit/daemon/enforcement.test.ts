import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { Enforcement } from '../../../src/daemon/enforcement.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import type { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { type Fault, Refusal } from '../../../src/model/refusal.js';
import type { Verdict } from '../../../src/model/street.js';
import { Writer } from '../../../src/writer/writer.js';
import { eventsInto } from '../../service.js';

const NOW = 1_700_000_000_000;
const p = Prefix.parse;
const ban = (address: string, until: number | null = null, jail = 'sshd', reason = ''): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason, since: NOW, until },
});
const unban = (address: string): Verdict => ({ kind: 'unban', prefix: p(address) });
const many = (count: number): Verdict[] =>
  Array.from({ length: count }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`));

/** Ledger, writer and backend, with a kernel that can be told to refuse. */
function street(t: Test, ledger = Ledger.open(':memory:', { clock: () => NOW })) {
  const backend = new MemoryBackend({ clock: () => NOW });
  const state = { fault: undefined as Fault | undefined, batches: [] as string[] };
  const apply = async (batch: Batch): Promise<void> => {
    state.batches.push(String(batch));
    const adds = batch.changes.some(({ verb }) => verb === 'add');
    if (state.fault && adds) throw new Refusal(state.fault, 'no room');
    await backend.apply(batch);
  };
  const writer = new Writer({ capacity: backend.capacity, apply, clear: () => backend.clear() }, () => NOW);
  const said: string[] = [];
  const problems: string[] = [];
  const untils: (number | null)[] = [];
  const unwritten: boolean[] = [];
  const events = eventsInto(said, problems, () => NOW);
  const enforcement = new Enforcement(ledger, writer, {
    events,
    until: (until) => untils.push(until),
    onUnwritten: (isLoss) => unwritten.push(isLoss),
  });
  t.teardown(() => ledger.close());
  const held = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { prefix } of backend.elements()) found.push(prefix.text);
    return found;
  };
  return { enforcement, events, ledger, backend, writer, state, said, problems, untils, unwritten, held };
}

t.test('a verdict is in the ledger and on its way when the call returns', async (t) => {
  const { enforcement, ledger, state, untils } = street(t);
  const enforced = enforcement.enforce([ban('192.0.2.7', NOW + 1000)]);
  t.equal(ledger.count(), 1);
  t.same(state.batches, ['add 192.0.2.7 for 1s']);
  t.same(untils, [NOW + 1000]);
  t.same(
    (await enforced).map(({ error }) => error),
    [undefined],
  );
});

t.test('each verdict has a receipt and a line of the log', async (t) => {
  const { enforcement, said, held } = street(t);
  await enforcement.enforce([ban('192.0.2.7', NOW + 3_600_000, 'sshd', '5 failures'), ban('192.0.2.8')]);
  await enforcement.enforce([unban('192.0.2.8')]);
  t.same(said, [
    'info banned 192.0.2.7 for 1h (sshd: 5 failures)',
    'info banned 192.0.2.8 for ever (sshd)',
    'info unbanned 192.0.2.8',
  ]);
  t.same(await held(), ['192.0.2.7']);
  t.same(await enforcement.enforce([]), []);
});

t.test('many verdicts are one line of the log', async (t) => {
  const { enforcement, events, said } = street(t);
  await enforcement.enforce(many(21));
  await enforcement.enforce(many(30));
  t.same(said, []);
  events.flush();
  events.flush();
  t.same(said, ['info 51 banned'], 'two parts of one import');
});

t.test('a ban and its lifting that cross keep their order', async (t) => {
  const { enforcement, ledger, held } = street(t);
  await Promise.all([
    enforcement.enforce([ban('192.0.2.1')]),
    enforcement.enforce([ban('192.0.2.7')]),
    enforcement.enforce([unban('192.0.2.7')]),
    enforcement.enforce([unban('192.0.2.1'), ban('192.0.2.8')]),
  ]);
  t.same(await held(), ['192.0.2.8']);
  t.equal(ledger.count(), 1);
});

t.test('a ban that the kernel refuses for its own sake leaves the ledger', async (t) => {
  const { enforcement, ledger, state, said, problems } = street(t);
  state.fault = 'element';
  const [receipt] = await enforcement.enforce([ban('192.0.2.7')]);
  t.match(receipt?.error, { code: 'kernel', message: 'no room' });
  t.equal(ledger.count(), 0);
  t.same(problems, ['192.0.2.7 was not written: no room']);
  await enforcement.enforce([ban('192.0.2.8'), ban('192.0.2.9')]);
  t.same(said, ['error 192.0.2.9 was not written: no room'], 'one of several is a problem');
  t.equal(problems.length, 2);
});

t.test('a refused extension leaves neither in the ledger nor in the kernel', async (t) => {
  const { enforcement, ledger, state, held } = street(t);
  await enforcement.enforce([ban('192.0.2.7', NOW + 1000)]);
  state.fault = 'element';
  await enforcement.enforce([ban('192.0.2.7', NOW + 9e15)]);
  t.equal(ledger.count(), 0);
  t.same(await held(), [], 'the two tell the same story');
});

t.test('a failure of the backend leaves the ban in the ledger, for the next start', async (t) => {
  for (const fault of ['backend', 'passing'] as const) {
    const { enforcement, ledger, state, held } = street(t);
    state.fault = fault;
    await enforcement.enforce([ban('192.0.2.7')]);
    t.equal(ledger.count(), 1, fault);
    state.fault = undefined;
    t.equal(await enforcement.restore(), 1);
    t.same(await held(), ['192.0.2.7']);
  }
});

t.test('a long list of refusals is cut in the log', async (t) => {
  const { enforcement, state, said, problems } = street(t);
  state.fault = 'backend';
  await enforcement.enforce(many(100));
  t.same(problems, ['10.0.0.0 was not written: no room'], 'one of them is a problem');
  t.equal(said.length, 19);
  t.equal(said.at(-1), 'error 10.0.0.19 was not written: no room; and 80 more');
});

t.test('a ledger that cannot be written does not stop the dropping', async (t) => {
  const { enforcement, ledger, problems, held } = street(t);
  ledger.close();
  await enforcement.enforce([ban('192.0.2.7'), ban('192.0.2.8')]);
  await enforcement.enforce([unban('192.0.2.8')]);
  t.same(await held(), ['192.0.2.7']);
  t.equal(problems.length, 1, 'once is enough');
  t.match(problems[0], /^writing the ledger .*: 2 changes reach the kernel, but not the ledger; it is tried again/);
});

t.test('what the ledger could not be told is told when it can be, in order, and the kernel what follows', async (t) => {
  const ledger = Ledger.open(':memory:', { clock: () => NOW });
  const { enforcement, said, held, unwritten, writer } = street(t, ledger);
  await enforcement.enforce([ban('192.0.2.9', NOW + 9000, 'other'), ban('192.0.2.5')]);
  const record = ledger.record.bind(ledger);
  let calls = 0;
  ledger.record = () => {
    calls++;
    throw new Error('disk full');
  };
  let lost = 0;
  const progress = { positions: [['file /a', '{}']] as const };
  await enforcement.enforce([ban('192.0.2.7'), ban('192.0.2.9', NOW + 1000)], progress, () => lost++);
  await enforcement.enforce([unban('192.0.2.7'), ban('192.0.2.8')]);
  await enforcement.enforce([], progress, () => lost++);
  t.same([calls, lost], [1, 2], 'it is not tried at each verdict');
  t.same(unwritten, [false, false, false]);
  t.equal(enforcement.catchUp(), false);
  ledger.record = record;
  t.equal(enforcement.catchUp(), true);
  await writer.idle();
  t.equal(said.at(-1), 'info the ledger is written again: 4 changes that had to wait');
  t.same(
    [...ledger.bans()]
      .flat()
      .map(({ prefix, jail }) => `${prefix} ${jail}`)
      .sort(),
    ['192.0.2.5 sshd', '192.0.2.8 sshd', '192.0.2.9 other', '192.0.2.9 sshd'],
  );
  t.same((await held()).sort(), ['192.0.2.5', '192.0.2.8', '192.0.2.9']);
  t.same(ledger.positions().size, 0, 'progress is told once more by who made it');
  await enforcement.enforce([ban('192.0.2.6')], progress);
  t.same([ledger.positions().size, ledger.count()], [1, 5]);
  t.equal(enforcement.catchUp(), true);
});

t.test('of more verdicts than can wait, the kernel is the witness', async (t) => {
  const { enforcement, ledger, unwritten } = street(t);
  ledger.close();
  for (let times = 0; times < 4; times++) await enforcement.enforce(many(25_000));
  t.same(new Set(unwritten), new Set([false]));
  await enforcement.enforce(many(1));
  t.equal(unwritten.at(-1), true);
});

t.test('filling the kernel is tried once more after a fault', async (t) => {
  const { enforcement, ledger, problems } = street(t);
  ledger.record(many(3));
  const pageBehind = ledger.pageBehind.bind(ledger);
  ledger.pageBehind = () => {
    ledger.pageBehind = pageBehind;
    throw new Error('malformed');
  };
  t.equal(await enforcement.restore(), 3);
  t.same(problems, ['malformed']);
});

t.test('filling the kernel from the ledger', async (t) => {
  const ledger = Ledger.open(':memory:', {
    clock: () => NOW,
    refusal: (prefix) => (prefix.text === '10.0.0.5' ? 'the office' : undefined),
  });
  ledger.record(many(25_000).filter((_, index) => index !== 5));
  const { enforcement, held } = street(t, ledger);
  t.equal(await enforcement.restore(), 24_999);
  t.equal((await held()).length, 24_999);
});

t.test('what could not be restored is said, and not counted', async (t) => {
  const { enforcement, ledger, state, problems } = street(t);
  ledger.record(many(3));
  state.fault = 'backend';
  t.equal(await enforcement.restore(), 0);
  t.same(problems, ['3 bans were not restored; the first, 10.0.0.0: no room']);
});

t.test('bans that ended are forgotten, and told one by one if they are few', async (t) => {
  let now = NOW;
  const ledger = Ledger.open(':memory:', { clock: () => now });
  const { enforcement, events, said } = street(t, ledger);
  ledger.record([ban('192.0.2.7', NOW + 1000), ban('192.0.2.8')]);
  t.equal(await enforcement.expire(), false);
  now = NOW + 1000;
  t.equal(await enforcement.expire(), true);
  t.equal(await enforcement.expire(), false);
  t.same(said, ['info ban of 192.0.2.7 (sshd) ended']);
  ledger.record(many(30).map((verdict) => ban((verdict as { ban: { prefix: Prefix } }).ban.prefix.text, now - 1)));
  await enforcement.expire();
  events.flush();
  t.equal(said.at(-1), 'info 30 bans ended');
});

t.test('a ledger that cannot forget rejects: expiry tries again', async (t) => {
  const { enforcement, ledger } = street(t);
  ledger.close();
  await t.rejects(enforcement.expire(), { code: 'ledger' });
  await t.rejects(enforcement.liftAll(), { code: 'ledger' });
});

t.test('lifting all', async (t) => {
  const { enforcement, ledger, held, said } = street(t);
  await enforcement.enforce([...many(30), ban('10.0.0.1', null, 'other')]);
  t.equal(await enforcement.liftAll(), 30);
  t.equal(ledger.count(), 0);
  t.same(await held(), []);
  t.equal(said.at(-1), 'info unbanned all: 30 elements');
  t.equal(await enforcement.liftAll(), 0);
});

t.test('elements are written again as the ledger has them', async (t) => {
  const { enforcement, ledger, backend, held } = street(t);
  await enforcement.enforce([ban('192.0.2.1'), ban('192.0.2.2', NOW + 1000)]);
  ledger.record([unban('192.0.2.1'), ban('192.0.2.3')]);
  t.equal(await enforcement.rewrite([p('192.0.2.1'), p('192.0.2.3'), p('192.0.2.9')]), 3);
  t.same(await held(), ['192.0.2.2', '192.0.2.3']);
  t.equal(await enforcement.rewrite([]), 0);
  ledger.record(many(25_000));
  t.equal(
    await enforcement.rewrite(many(25_000).map((verdict) => (verdict as { ban: { prefix: Prefix } }).ban.prefix)),
    25_000,
  );
  t.equal((await backend.counters()).elements, 25_002);
});

t.test('what passes is counted, with its receipt, and the ledger is timed', async (t) => {
  const ledger = Ledger.open(':memory:', { clock: () => NOW });
  t.teardown(() => ledger.close());
  const seen: [number, boolean][] = [];
  let transactions = 0;
  const enforcement = new Enforcement(ledger, new Writer(new MemoryBackend({ size: 1 }), () => NOW), {
    events: eventsInto([], [], () => NOW),
    until: () => {},
    metrics: {
      enforced: (verdicts, receipts) => {
        seen.push(...verdicts.map((_, index): [number, boolean] => [index, receipts[index]?.error === undefined]));
      },
      transaction: (work) => {
        transactions++;
        return work();
      },
    },
  });
  await enforcement.enforce([ban('192.0.2.7')]);
  await enforcement.enforce([ban('192.0.2.8')]);
  t.same(seen, [
    [0, true],
    [0, false],
  ]);
  t.equal(transactions, 3, 'with the one that took the refused ban back');
  await enforcement.enforce([], { positions: [['file /a', '{}']] });
  t.equal(transactions, 4);
});

t.test(
  'what was lifted and never left the kernel leaves it at the start, and who was banned since stands',
  async (t) => {
    const { enforcement, ledger, backend, held } = street(t);
    await enforcement.enforce(many(30));
    ledger.liftAll();
    ledger.record([ban('192.0.2.9')]);
    t.equal((await backend.counters()).elements, 30, 'as one that was killed in between leaves it');
    t.equal(await enforcement.restore(), 1);
    t.same(await held(), ['192.0.2.9']);
    t.equal(ledger.isClearing, false);
  },
);
