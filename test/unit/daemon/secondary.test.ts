import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { Secondaries } from '../../../src/daemon/secondaries.js';
import { Secondary, type SecondaryOptions } from '../../../src/daemon/secondary.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { WHOLE } from '../../../src/ledger/share.js';
import type { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Refusal } from '../../../src/model/refusal.js';
import type { Verdict } from '../../../src/model/street.js';

const p = Prefix.parse;
const ban = (address: string, jail = 'sshd'): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason: '', since: 0, until: null },
});
const settled = (): Promise<void> => sleep(20);

/** A backend that can be kept waiting, and that refuses what it is told to. */
class Trying extends MemoryBackend {
  opening: Error | undefined;
  gate: Promise<void> = Promise.resolve();
  refused: ReadonlySet<string> = new Set();
  allowed: readonly Prefix[] = [];

  override async open(): Promise<void> {
    if (this.opening) throw this.opening;
  }

  override async apply(batch: Batch): Promise<void> {
    await this.gate;
    const bad = batch.changes.find(({ verb, prefix }) => verb === 'add' && this.refused.has(prefix.text));
    if (bad) throw new Refusal('element', `${bad.prefix} is not wanted`);
    return super.apply(batch);
  }

  override async allow(prefixes: readonly Prefix[]): Promise<void> {
    this.allowed = prefixes;
  }

  async held(): Promise<string[]> {
    const found: string[] = [];
    for await (const { prefix } of this.elements()) found.push(prefix.text);
    return found.sort();
  }
}

function made(t: Test, options: Partial<SecondaryOptions> = {}) {
  const ledger = Ledger.open(':memory:');
  const backend = new Trying();
  const problems: string[] = [];
  const told: unknown[] = [];
  const secondary = new Secondary({
    ...{ name: 'denyfile.a', backend, ledger, share: WHOLE, first: WHOLE, clock: Date.now, isWhole: () => true },
    tell: (event) => told.push(event),
    problem: (sentence) => problems.push(sentence),
    ...options,
  });
  t.teardown(async () => {
    await secondary.stop();
    ledger.close();
  });
  return { ledger, backend, problems, told, secondary };
}

t.test('it is filled from the ledger, and follows it', async (t) => {
  let opened = 0;
  const { ledger, backend, secondary } = made(t, { opened: () => opened++ });
  ledger.record([ban('192.0.2.1'), ban('192.0.2.2')]);
  await secondary.take(ledger.changesOf([p('192.0.2.1')]));
  t.same(await backend.held(), [], 'it is not open yet');
  secondary.begin(null);
  await settled();
  t.equal(opened, 1);
  t.same(await backend.held(), ['192.0.2.1', '192.0.2.2']);
  await secondary.take(ledger.record([ban('192.0.2.3'), { kind: 'unban', prefix: p('192.0.2.1') }]).changes);
  t.same(await backend.held(), ['192.0.2.2', '192.0.2.3']);
  const { name, kind, elements, failure } = await secondary.report();
  t.same([name, kind, elements, failure], ['denyfile.a', 'memory', 2, null]);
  secondary.takeBare([ban('192.0.2.9'), { kind: 'unban', prefix: p('192.0.2.2') }]);
  await settled();
  t.same(await backend.held(), ['192.0.2.3', '192.0.2.9']);
  await secondary.clear();
  t.same(await backend.held(), []);
});

t.test('bans of other jails’ backends are not for it', async (t) => {
  const share = { isWhole: false, includes: (jail: string) => jail !== 'web' };
  const { ledger, backend, secondary } = made(t, { share });
  ledger.record([ban('192.0.2.1', 'web'), ban('192.0.2.2')]);
  secondary.begin(null);
  await settled();
  t.same(await backend.held(), ['192.0.2.2']);
  await secondary.take(ledger.record([ban('192.0.2.3', 'web'), ban('192.0.2.4')]).changes);
  secondary.takeBare([ban('192.0.2.5', 'web'), ban('192.0.2.2', 'web')]);
  await settled();
  t.same(await backend.held(), ['192.0.2.2', '192.0.2.4']);
});

t.test('a slow one keeps nobody waiting, and catches up', async (t) => {
  const { ledger, backend, secondary } = made(t);
  secondary.begin(null);
  await settled();
  let open = (): void => undefined;
  backend.gate = new Promise((resolve) => (open = resolve));
  const began = performance.now();
  const taken = [];
  for (let index = 0; index < 200; index++)
    taken.push(secondary.take(ledger.record([ban(`192.0.2.${index}`)]).changes));
  t.ok(performance.now() - began < 2000);
  t.equal((await secondary.report()).pending, 200);
  t.match(secondary.standing, { isUp: true, pending: 200, refused: 0 });
  open();
  await Promise.all(taken);
  t.equal((await backend.held()).length, 200);
});

t.test('one that cannot be opened is told of, with its name', async (t) => {
  const { backend, problems, secondary } = made(t);
  backend.opening = new Error('no such directory');
  secondary.begin(null);
  await settled();
  t.same(problems, ['backend denyfile.a: no such directory; it is tried again every 30 s']);
  t.match(await secondary.report(), { failure: 'no such directory', elements: null, state: null });
  t.equal(secondary.standing.isUp, false);
  await secondary.allow([p('192.0.2.0/24')]);
  t.same(backend.allowed, []);
  backend.opening = undefined;
  secondary.begin(null);
  await settled();
  t.same(backend.allowed.map(String), ['192.0.2.0/24'], 'it hears what it has missed');
  t.equal((await secondary.report()).failure, null);
  t.equal(secondary.standing.isUp, true);
});

t.test('what it refuses is said once, and the others are in', async (t) => {
  const { ledger, backend, problems, secondary } = made(t);
  secondary.begin(null);
  await settled();
  backend.refused = new Set(['192.0.2.2', '192.0.2.3']);
  await secondary.take(ledger.record([ban('192.0.2.1'), ban('192.0.2.2'), ban('192.0.2.4')]).changes);
  await secondary.take(ledger.record([ban('192.0.2.3')]).changes);
  t.same(await backend.held(), ['192.0.2.1', '192.0.2.4']);
  t.same(problems, ['backend denyfile.a: 1 changes are not in it; the first, 192.0.2.2: 192.0.2.2 is not wanted']);
});

t.test('its own audit brings back what it lacks', async (t) => {
  const { ledger, backend, problems, secondary } = made(t);
  ledger.record([ban('192.0.2.1'), ban('192.0.2.2')]);
  secondary.begin(1000);
  await settled();
  await backend.clear();
  for (let tries = 0; (await backend.held()).length < 2 && tries < 80; tries++) await sleep(50);
  t.same(await backend.held(), ['192.0.2.1', '192.0.2.2']);
  t.match(problems, [/^backend denyfile.a: 2 elements were not as the ledger has them/]);
  t.equal((await secondary.report()).repaired, 2);
  secondary.pace(null);
});

t.test('several: each by itself, whatever becomes of another', async (t) => {
  const [one, other] = [made(t), made(t)];
  one.backend.opening = new Error('gone');
  const all = new Secondaries([one.secondary, other.secondary]);
  all.begin(null);
  await settled();
  await all.take([{ verb: 'add', prefix: p('192.0.2.1'), until: null }]);
  all.takeBare([ban('192.0.2.2')]);
  await settled();
  t.same([await one.backend.held(), await other.backend.held()], [[], ['192.0.2.1', '192.0.2.2']]);
  t.same(
    (await all.reports()).map(({ failure }) => failure),
    ['gone', null],
  );
});
