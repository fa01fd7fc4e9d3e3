import { readdirSync } from 'node:fs';
import t from 'tap';
import { type Config, parseConfig } from '../../../src/config/config.js';
import { reloadOf } from '../../../src/daemon/reloading.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import type { Verdict } from '../../../src/model/street.js';
import { ban } from '../../jail.js';
import { REPORT } from '../../service.js';

const read = (audit: string): Config => parseConfig(`[service]\naudit = "${audit}"\n`, 'dropset.toml');

t.test('a trial holds bans, marks the state, is undone by itself, and lifts what its jails said', async (t) => {
  const state = t.testdir();
  const [said, held]: [string[], boolean[]] = [[], []];
  const ledger = Ledger.open(':memory:');
  const configured = {
    config: read('1m'),
    apply: async (next: Config) => {
      configured.config = next;
      return { ...REPORT, jails: { ...REPORT.jails, changed: ['sshd'] } };
    },
    stop: () => undefined,
  };
  const reload = reloadOf({
    configured,
    load: () => read('2m'),
    events: { tell: () => undefined, problem: (sentence) => said.push(sentence) },
    systemd: { reloading: () => undefined, reloaded: () => undefined },
    protection: { hold: (isHeld) => held.push(isHeld) },
    enforcement: {
      enforce: async (verdicts: readonly Verdict[]) => {
        ledger.record(verdicts);
        return [];
      },
      rewrite: async () => 0,
    },
    read: (read) => read(ledger),
    ...{ ledger, state, isUndone: false, clock: () => 0 },
  });
  const over = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (reload.standing.state !== 'undone') return;
      clearInterval(look);
      resolve();
    }, 10);
  });
  ledger.record([ban('192.0.2.3', 'sshd')]);
  const { until } = await reload.request(100);
  t.equal(until, new Date(100).toISOString());
  t.same(held, [true]);
  t.same(readdirSync(state), ['unconfirmed-configuration.json']);
  ledger.record([ban('192.0.2.1', 'sshd'), ban('192.0.2.2', 'other')]);
  await over;
  await reload.stop();
  t.same([held, configured.config.service.audit], [[true, false], 60_000]);
  t.same(
    [...ledger.bans()].flat().map(({ prefix }) => prefix.text),
    ['192.0.2.3', '192.0.2.2'],
  );
  t.match(said.at(-1), /^nobody confirmed/);
});
