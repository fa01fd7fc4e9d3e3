import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { parseSettings } from '../../src/config/config.js';
import { resolve } from '../../src/config/resolve.js';
import { Client } from '../../src/control/client.js';
import { Daemon } from '../../src/daemon/daemon.js';
import { sentenceOf } from '../../src/model/events.js';
import { enterNamespace, nftList } from '../namespace.js';

enterNamespace();

const HOUR = 3_600_000;
const MINUTE = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'dropset-clock-'));
t.teardown(() => rmSync(folder, { recursive: true }));
const client = new Client(join(folder, 's'));
/** What the wall clock is wrong by. */
let offset = 0;
const said: string[] = [];

const daemon = await Daemon.start({
  config: resolve(parseSettings(`[service]\nstate = "${folder}/state"\nsocket = "${folder}/s"\n`, 'dropset.toml')),
  dryRun: false,
  log: { hear: (event) => said.push(sentenceOf(event)) },
  clock: () => Date.now() + offset,
});
t.teardown(() => daemon.stop());

/** Milliseconds that the kernel still keeps an element: null for ever, undefined where there is none. */
function left(address: string): number | null | undefined {
  const [, rest] =
    new RegExp(`${address.replaceAll('.', '\\.')}([^,}]*)`).exec(nftList('set', 'inet', 'dropset', 'ban4')) ?? [];
  if (rest === undefined) return undefined;
  const expires = / expires (\S+)/.exec(rest)?.[1];
  if (expires === undefined) return null;
  const units: Record<string, number> = { d: 24 * HOUR, h: HOUR, m: MINUTE, s: 1000, ms: 1 };
  return [...expires.matchAll(/(\d+)(ms|[dhms])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (units[unit as 'd'] as number),
    0,
  );
}

const about = (address: string, expected: number): boolean => Math.abs((left(address) ?? 0) - expected) < 20_000;

/** Sets the clock, and lets a short ban end, so that the service looks. */
async function set(by: number): Promise<void> {
  await client.ban({ addresses: ['10.9.9.9'], for: '1s' });
  offset += by;
  const before = said.length;
  while (!said.slice(before).some((sentence) => /^the clock went .* written again$/.test(sentence))) await sleep(20);
}

t.test('the clock goes back an hour: nobody is let go before the ledger says so', async (t) => {
  await client.ban({ addresses: ['10.0.0.1'], for: '30m' });
  await client.ban({ addresses: ['10.0.0.2'] });
  t.ok(about('10.0.0.1', 30 * MINUTE));
  await set(-HOUR);
  t.ok(about('10.0.0.1', HOUR + 30 * MINUTE), `${left('10.0.0.1')}`);
  t.equal(left('10.0.0.2'), null);
  t.match(said.at(-1), /^the clock went back by (1h|59m).*: it was set, or the machine slept; repaired: \d elements/);
});

t.test('and ahead again: the ends are where they were', async (t) => {
  await set(HOUR);
  t.ok(about('10.0.0.1', 30 * MINUTE), `${left('10.0.0.1')}`);
  t.equal(left('10.0.0.2'), null);
  for await (const progress of client.verify()) t.equal(progress.differed, 0);
});

t.test('ahead, beyond some ends: who has served is free, and nobody else', async (t) => {
  await client.ban({ addresses: ['10.0.0.3'], for: '5h' });
  await set(HOUR);
  t.equal(left('10.0.0.1'), undefined);
  t.equal(left('10.0.0.2'), null, 'for ever is for ever');
  t.ok(about('10.0.0.3', 4 * HOUR), `${left('10.0.0.3')}`);
  t.equal((await client.status()).bans, 2);
});

t.test('a machine that slept: no ban is longer for it', async (t) => {
  // While it sleeps the kernel counts no time: to us that is a wall clock that went ahead.
  await set(3 * HOUR);
  t.ok(about('10.0.0.3', HOUR), `${left('10.0.0.3')}`);
  for await (const progress of client.verify()) t.equal(progress.differed, 0);
});
