import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import type { VerifyProgress } from '../../../src/control/api.js';
import { Audit } from '../../../src/daemon/audit.js';
import { Comparison } from '../../../src/daemon/comparison.js';
import { Enforcement } from '../../../src/daemon/enforcement.js';
import { Healing } from '../../../src/daemon/healing.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Change, Verdict } from '../../../src/model/street.js';
import { Writer } from '../../../src/writer/writer.js';
import { eventsInto } from '../../service.js';

const p = Prefix.parse;
const many = (count: number): Verdict[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'ban',
    ban: { prefix: p(`10.0.${index >> 8}.${index & 255}`), jail: 'sshd', reason: '', since: 0, until: null },
  }));

/** Everything behind the audit, in this process; the backend's frame may be said to be wrong. */
function street(t: Test) {
  const problems: string[] = [];
  const state = { faults: [] as string[], isWhole: true };
  const backend = Object.assign(new MemoryBackend(), {
    check: async () => state.faults,
    repair: async () => {
      state.faults = [];
    },
  });
  const ledger = Ledger.open(':memory:');
  const events = eventsInto([], problems);
  const options = { tell: events.tell.bind(events), problem: (sentence: string) => events.problem(sentence) };
  const healing: Healing = new Healing(backend, {
    ...options,
    refill: () => enforcement.restore(),
    rewrite: (prefixes) => enforcement.rewrite(prefixes),
    now: () => performance.now(),
  });
  const enforcement = new Enforcement(ledger, new Writer(healing), { events, until: () => undefined });
  const comparison = new Comparison({ ledger, backend, clock: Date.now, pauses: [1] });
  const audit = new Audit({
    ledger,
    comparison,
    healing,
    isWhole: () => state.isWhole,
    clock: Date.now,
    problem: options.problem,
  });
  t.teardown(async () => {
    audit.stop();
    await healing.stop();
    ledger.close();
  });
  /** Behind everybody's back. */
  const harm = (...changes: Change[]): Promise<void> => backend.apply(new Batch(changes, Date.now()));
  const held = async (): Promise<number> => (await backend.counters()).elements as number;
  const verify = async (): Promise<VerifyProgress[]> => {
    const found: VerifyProgress[] = [];
    for await (const progress of audit.verify()) found.push(progress);
    return found;
  };
  return { audit, ledger, enforcement, healing, backend, problems, state, harm, held, verify };
}

t.test('where all is well, nothing is said', async (t) => {
  const { audit, enforcement, problems, verify } = street(t);
  t.equal(audit.last, null);
  await audit.run();
  t.ok(audit.last !== null, 'nobody is banned, and nobody is held');
  await enforcement.enforce(many(5000));
  await audit.run();
  t.match(await verify(), [
    { checked: 2000, of: 5000, done: false },
    { checked: 4000 },
    { checked: 5000 },
    { checked: 5000, of: 5000, differed: 0, repaired: 0, faults: [], examples: [], done: true },
  ]);
  t.same(problems, []);
});

t.test('a sample finds what is missing and who is unknown, repairs it and says so', async (t) => {
  const { audit, enforcement, healing, problems, harm, held } = street(t);
  await enforcement.enforce(many(100));
  await harm({ verb: 'remove', prefix: p('10.0.0.7') }, { verb: 'add', prefix: p('192.0.2.1'), until: null });
  await audit.run();
  t.equal(await held(), 100);
  t.equal(healing.repaired, 2);
  t.equal(audit.differences, 2);
  t.match(problems, [
    /^2 elements were not as the ledger has them, in a sample of 100, .*; the first: 10\.0\.0\.7 was missing; .*dropset verify$/,
  ]);
  await audit.run();
  t.equal(problems.length, 1);
});

t.test('a verification finds all of it, and tells the first ten', async (t) => {
  const { enforcement, healing, problems, harm, held, verify } = street(t);
  await enforcement.enforce(many(25_000));
  const gone = many(12_345).map(
    (verdict): Change => ({ verb: 'remove', prefix: (verdict as { ban: { prefix: Prefix } }).ban.prefix }),
  );
  await harm(...gone, { verb: 'add', prefix: p('10.0.90.1'), until: Date.now() + 3_600_000 });
  const last = (await verify()).at(-1);
  t.match(last, { checked: 25_000, differed: 12_346, repaired: 12_346, faults: [], done: true });
  t.equal(last?.examples.length, 10);
  t.match(last?.examples[0], /^10\.0\.\d+\.\d+ was missing$/);
  t.equal(await held(), 25_000);
  t.equal(healing.repaired, 12_346);
  t.same(problems, ['12346 of 25000 elements were not as the ledger has them; 12346 were written again']);
  t.match((await verify()).at(-1), { differed: 0 });
});

t.test('a frame that is wrong is repaired, and everything written again', async (t) => {
  const { audit, enforcement, healing, backend, problems, state, held, verify } = street(t);
  await enforcement.enforce(many(100));
  for (const look of [() => audit.run(), verify]) {
    state.faults = ['the table is gone'];
    await backend.close({ keep: false });
    await look();
    await healing.healed();
    t.equal(await held(), 100);
    t.match(problems.at(-1), /^an audit found that the table is gone; repaired: 100 elements/);
  }
});

t.test('one verification at a time', async (t) => {
  const { audit, enforcement, verify } = street(t);
  await enforcement.enforce(many(10));
  for await (const _ of audit.verify()) {
    await t.rejects(verify(), { code: 'busy', message: /goes on already/ });
    break;
  }
  t.match((await verify()).at(-1), { done: true }, 'one that was left is over');
});

t.test('an audit that fails is a problem, and the next one comes', async (t) => {
  const { audit, state, problems, backend } = street(t);
  const { check } = backend;
  backend.check = () => Promise.reject(new Error('netlink'));
  await audit.run();
  t.same(problems, ['the audit failed: netlink']);
  t.equal(audit.last, null);
  backend.check = check;
  audit.start(5);
  while (audit.last === null) await sleep(1);
  audit.stop();
  t.same(state.faults, []);
});

t.test('never is never', async (t) => {
  const { audit } = street(t);
  audit.start(null);
  await sleep(20);
  t.equal(audit.last, null);
});

t.test('while the ledger may lack bans, nobody is taken for a stranger', async (t) => {
  const { audit, harm, held, state } = street(t);
  await harm({ verb: 'add', prefix: Prefix.parse('192.0.2.7'), until: null });
  state.isWhole = false;
  await audit.run();
  t.equal(await held(), 1);
  state.isWhole = true;
  await audit.run();
  t.equal(await held(), 0);
});
