import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { Enforcement } from '../../../src/daemon/enforcement.js';
import { Healing } from '../../../src/daemon/healing.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import type { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Refusal } from '../../../src/model/refusal.js';
import type { Verdict } from '../../../src/model/street.js';
import { Writer } from '../../../src/writer/writer.js';
import { eventsInto } from '../../service.js';

const p = Prefix.parse;
const ban = (address: string): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail: 'sshd', reason: '', since: 0, until: null },
});
const unban = (address: string): Verdict => ({ kind: 'unban', prefix: p(address) });

/** Elements in this process, in a frame that can be taken away, and may be broken for good. */
class Fragile extends MemoryBackend {
  isGone = false;
  isBroken = false;
  repairs = 0;
  /** How many things go on at once. */
  #busy = 0;

  override apply(batch: Batch): Promise<void> {
    return this.#alone(async () => {
      if (this.isGone) throw new Refusal('backend', 'the table is gone');
      await super.apply(batch);
    });
  }

  repair(): Promise<void> {
    return this.#alone(async () => {
      this.repairs++;
      if (this.isBroken) throw new Error('it belongs to somebody else');
      this.isGone = false;
    });
  }

  async check(): Promise<readonly string[]> {
    return this.isGone ? ['the table is gone'] : [];
  }

  /** Takes everything away, as somebody else would. */
  async take(): Promise<void> {
    await this.close({ keep: false });
    this.isGone = true;
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    if (this.#busy++ > 0) throw new Error('two at a time');
    await sleep(1);
    await work().finally(() => this.#busy--);
  }
}

function street(t: Test) {
  const state = { now: 0 };
  const [said, problems]: string[][] = [[], []];
  const backend = new Fragile();
  const ledger = Ledger.open(':memory:');
  const events = eventsInto(said as string[], problems as string[]);
  const healing: Healing = new Healing(backend, {
    tell: (event) => events.tell(event),
    problem: (sentence) => events.problem(sentence),
    refill: () => enforcement.restore(),
    rewrite: (prefixes) => enforcement.rewrite(prefixes),
    now: () => state.now,
  });
  const writer = new Writer(healing);
  const enforcement = new Enforcement(ledger, writer, {
    events,
    until: () => undefined,
  });
  t.teardown(async () => {
    await healing.stop();
    ledger.close();
  });
  const held = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { prefix } of backend.elements()) found.push(prefix.text);
    return found.sort();
  };
  /** Until the kernel holds as much as the ledger; fails by the test's own time. */
  const healed = async (): Promise<void> => {
    while (backend.isGone || (await held()).length !== ledger.count()) await sleep(1);
  };
  return {
    state,
    said: said as string[],
    problems: problems as string[],
    backend,
    ledger,
    healing,
    enforcement,
    held,
    healed,
  };
}

t.test('what was taken away comes back from the ledger', async (t) => {
  const { backend, healing, enforcement, held, healed, problems } = street(t);
  await enforcement.enforce([ban('192.0.2.1'), ban('2001:db8::1')]);
  await backend.take();
  healing.disturbed({ sentence: 'nft took the table away' });
  await healed();
  t.same(await held(), ['192.0.2.1', '2001:db8::1']);
  await healing.stop();
  t.equal(healing.repaired, 2);
  t.same(problems, ['nft took the table away; repaired: 2 elements were written again']);
});

t.test('a batch that meets a table that is gone is written all the same, and what was in it comes back', async (t) => {
  const { backend, enforcement, held, healed, ledger } = street(t);
  await enforcement.enforce([ban('192.0.2.1')]);
  await backend.take();
  const [receipt] = await enforcement.enforce([ban('192.0.2.2')]);
  t.equal(receipt?.error, undefined, 'the caller sees nothing of it');
  await healed();
  t.same(await held(), ['192.0.2.1', '192.0.2.2']);
  t.equal(ledger.count(), 2);
});

t.test('bans and unbans that come while it cannot be repaired are kept, and written when it can', async (t) => {
  const { state, backend, healing, enforcement, held, healed, ledger } = street(t);
  await enforcement.enforce([ban('192.0.2.1'), ban('192.0.2.2')]);
  backend.isGone = true;
  backend.isBroken = true;
  const [refused] = await enforcement.enforce([ban('192.0.2.3'), unban('192.0.2.1')]);
  t.match(refused?.error, { message: /somebody else/ });
  t.same(ledger.count(), 2, 'the ledger is the truth');
  await sleep(20);
  backend.isBroken = false;
  state.now += 3_600_000;
  healing.disturbed({ sentence: 'peace' });
  await healed();
  await healing.stop();
  t.same(await held(), ['192.0.2.2', '192.0.2.3'], 'the unban too, though the element outlived the table');
});

t.test('elements that somebody touched are written as the ledger has them, and nothing else is', async (t) => {
  const { backend, healing, enforcement, held } = street(t);
  await enforcement.enforce([ban('192.0.2.1'), ban('192.0.2.2')]);
  await backend.close({ keep: false });
  healing.disturbed({ sentence: 'nft', elements: [p('192.0.2.1'), p('192.0.2.9')] });
  while ((await held()).length === 0) await sleep(1);
  await healing.stop();
  t.same(await held(), ['192.0.2.1']);
  t.equal(backend.repairs, 0);
});

t.test('a fight is said once, and does not spin', async (t) => {
  const { state, backend, healing, enforcement, problems, healed } = street(t);
  await enforcement.enforce([ban('192.0.2.1')]);
  for (let times = 0; times < 3; times++) {
    await backend.take();
    healing.disturbed({ sentence: 'a firewall took the table away' });
    await healed();
    await sleep(5);
  }
  const before = backend.repairs;
  await backend.take();
  for (let times = 0; times < 1000; times++) healing.disturbed({ sentence: 'a firewall took the table away' });
  await sleep(50);
  t.equal(backend.repairs, before, 'it waits');
  const fights = problems.filter((problem) => /number 4 in a short time/.test(problem));
  t.equal(fights.length, 1);
  const [receipt] = await enforcement.enforce([ban('192.0.2.2')]);
  t.ok(receipt?.error, 'nobody waits for peace');
  await healed();
  t.equal(backend.repairs, before + 1, 'one for all of them');
  state.now += 120_000;
});

t.test('stopping ends the waiting', async (t) => {
  const { backend, healing } = street(t);
  backend.isBroken = true;
  healing.disturbed({ sentence: 'x' });
  await sleep(50);
  const begun = performance.now();
  await healing.stop();
  t.ok(performance.now() - begun < 400);
  t.equal(backend.repairs, 3);
});

t.test('what the backend refused is tried again when asked', async (t) => {
  const { backend, healing, enforcement, held } = street(t);
  backend.isGone = true;
  Object.assign(backend, { repair: undefined });
  await enforcement.enforce([ban('192.0.2.1')]);
  backend.isGone = false;
  t.equal(await healing.retry(), 1);
  t.equal(await healing.retry(), 0);
  t.same(await held(), ['192.0.2.1']);
});

t.test(
  'a batch that the writer gave up, for want of memory, is written when asked; one that it did not is no repair',
  async (t) => {
    const { backend, healing, enforcement, held } = street(t);
    const apply = backend.apply.bind(backend);
    const failing = (times: number): void => {
      let left = times;
      Object.assign(backend, {
        apply: async (batch: Batch) => {
          if (left-- > 0) throw new Refusal('passing', 'no memory');
          await apply(batch);
        },
      });
    };
    failing(2);
    await enforcement.enforce([ban('192.0.2.1')]);
    t.equal(await healing.retry(), 0);
    failing(8);
    const [receipt] = await enforcement.enforce([ban('192.0.2.2')]);
    t.ok(receipt?.error);
    await enforcement.enforce([ban('192.0.2.3')]);
    t.same(await held(), ['192.0.2.1', '192.0.2.3']);
    t.equal(await healing.retry(), 1);
    t.same(await held(), ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  },
);

t.test('a backend without a frame has nothing wrong with it', async (t) => {
  const { healing, backend } = street(t);
  backend.isGone = true;
  t.same(await healing.check(), ['the table is gone']);
  Object.assign(backend, { check: undefined });
  t.same(await healing.check(), []);
});

t.test('whom it allows is written in turn, to a frame that is there; what passes is tried again', async (t) => {
  const { backend, enforcement, healing } = street(t);
  const [first] = await Promise.all([healing.allow([p('192.0.2.1')]), enforcement.enforce([ban('192.0.2.1')])]);
  t.equal(first, undefined);
  t.notOk(backend.drops(p('192.0.2.1')));
  const refusals = [new Refusal('passing', 'no buffers'), new Refusal('backend', 'the table is gone')];
  const allow = backend.allow.bind(backend);
  backend.allow = async (prefixes) => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    await allow(prefixes);
  };
  await healing.allow([]);
  t.ok(backend.drops(p('192.0.2.1')));
  t.equal(backend.repairs > 0, true);
  backend.allow = async () => {
    throw new Refusal('element', 'overlaps');
  };
  await t.rejects(healing.allow([]), /overlaps/);
});
