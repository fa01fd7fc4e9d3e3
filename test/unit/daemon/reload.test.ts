import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type Config, parseSettings } from '../../../src/config/config.js';
import { resolve } from '../../../src/config/resolve.js';
import { Reload, UNDONE } from '../../../src/daemon/reload.js';
import { Trial } from '../../../src/daemon/trial.js';
import { DropsetError } from '../../../src/model/errors.js';
import { levelOf, sentenceOf } from '../../../src/model/events.js';
import type { ReloadReport } from '../../../src/model/reload-report.js';
import { REPORT } from '../../service.js';

const CONFIG = { ...resolve(parseSettings('', 'dropset.toml')), jails: [{}, {}] } as unknown as Config;

function reload(options: { load?: () => Config; hasNoFile?: boolean } = {}) {
  const said: string[] = [];
  const going: ((report: ReloadReport) => void)[] = [];
  const lifted: string[] = [];
  const configured = {
    config: CONFIG,
    apply: (next: Config) =>
      new Promise<ReloadReport>((resolve) => {
        going.push((report) => {
          configured.config = next;
          resolve(report);
        });
      }),
    stop: () => said.push('refuses'),
  };
  const trial = new Trial({
    clock: Date.now,
    isUndone: false,
    file: { keep: () => () => undefined, clear: () => undefined },
    row: () => 0,
    hold: (isHeld) => said.push(isHeld ? 'held' : 'let go'),
    over: () => it.undo(),
  });
  const it: Reload = new Reload({
    trial,
    liftSince: async (jails) => lifted.push(...jails),
    configured,
    load: options.hasNoFile ? undefined : (options.load ?? (() => CONFIG)),
    events: {
      tell: (event) => said.push(`${levelOf(event)} ${sentenceOf(event)}`),
      problem: (sentence) => said.push(`problem ${sentence}`),
    },
    systemd: { reloading: () => said.push('reloading'), reloaded: (status) => said.push(`reloaded ${status}`) },
  });
  return { it, said, going, lifted };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test('tells what came of it, and systemd when it begins and ends', async (t) => {
  const { it, said, going } = reload();
  const asked = it.request();
  await turn();
  t.same(said, ['reloading']);
  going[0]?.(REPORT);
  t.same(await asked, REPORT);
  t.same(said.slice(1), [
    'warning mail is not sent',
    'info reloaded: jails added: new; jails changed: sshd',
    'problem backend.table: changed in the configuration, needs a restart',
    'reloaded 2 jails',
  ]);
});

t.test('however many ask while one goes on, there is one more', async (t) => {
  const { it, going } = reload();
  const first = it.request();
  await turn();
  const others = [it.request(), it.request(), it.request()];
  t.equal(new Set(others).size, 1);
  t.equal(going.length, 1);
  going[0]?.(REPORT);
  await first;
  await turn();
  t.equal(going.length, 2);
  const stopped = it.stop();
  going[1]?.(REPORT);
  await Promise.all([...others, stopped]);
});

t.test('every fault goes to the log, one sentence to the problems, and systemd hears of the end', async (t) => {
  const { it, said } = reload({
    load: () => {
      throw new DropsetError('config', 'a:1: wrong\na:2: wrong too');
    },
  });
  await t.rejects(it.request(), { code: 'config' });
  t.same(said, [
    'reloading',
    'error a:1: wrong',
    'error a:2: wrong too',
    'problem the configuration was not reloaded, and the one before stays: a:1: wrong (and 1 more lines: dropset config check)',
    'reloaded 2 jails',
  ]);
});

t.test('without a file there is nothing to read; who stops tells systemd nothing more', async (t) => {
  const { it, said } = reload({ hasNoFile: true });
  await t.rejects(it.request(), { code: 'request' });
  await it.stop();
  await t.rejects(it.request(), { code: 'request' });
  t.equal(said.filter((word) => word.startsWith('reloaded')).length, 1);
});

const OTHER: Config = { ...CONFIG, never: { ...CONFIG.never, names: ['example.org'] } };

async function tried(world: ReturnType<typeof reload>): Promise<ReloadReport> {
  const asked = world.it.request(1000);
  await turn();
  world.going[0]?.({ ...REPORT, restart: [], notes: [] });
  return asked;
}

t.test('for a time: nobody confirms, and the one before comes back with its bans', async (t) => {
  const world = reload({ load: () => OTHER });
  const { it, said, going, lifted } = world;
  const { until } = await tried(world);
  t.match(it.standing, { state: 'trial', until: Date.parse(until as string) });
  while (going.length < 2) await sleep(20);
  t.equal(it.standing.state, 'trial', 'until it is back');
  said.length = 0;
  going[1]?.({ ...REPORT, restart: [], notes: [], jails: { ...REPORT.jails, removed: ['gone'] } });
  while (!said.includes('let go')) await turn();
  await it.confirm();
  t.same(it.standing, { state: 'undone', until: null });
  t.match(said, [
    'reloaded 2 jails',
    'let go',
    /^info undone: jails added: new; jails changed: sshd/,
    `problem ${UNDONE}`,
  ]);
  t.match(said[4], /^info 2 bans lifted/);
  t.same(lifted, ['gone', 'sshd']);
});

t.test('for a time: confirmed, it stays; one more waits as the one before it', async (t) => {
  const world = reload({ load: () => OTHER });
  const { it, said, going } = world;
  t.notOk(await it.confirm());
  const { until } = await tried(world);
  const second = it.request();
  await turn();
  going[1]?.(REPORT);
  t.equal((await second).until, until);
  t.ok(await it.confirm());
  t.same(it.standing, { state: 'file', until: null });
  t.same(
    said.filter((word) => /^(?:held|let go|.*stays)$/.test(word)),
    ['held', 'let go', 'info the configuration is confirmed: it stays'],
  );
  await it.stop();
});

t.test('what cannot be undone is tried again', async (t) => {
  const problems: string[] = [];
  let times = 0;
  const trial = { due: { config: CONFIG, row: 0 }, again: (after: number) => problems.push(`after ${after}`) };
  const it = new Reload({
    configured: {
      config: CONFIG,
      apply: async () => Promise.reject(new Error(`no ${++times}`)),
      stop: () => undefined,
    },
    load: undefined,
    events: { tell: () => undefined, problem: (sentence) => problems.push(sentence) },
    systemd: { reloading: () => undefined, reloaded: () => undefined },
    trial: trial as unknown as Trial,
    liftSince: async () => 0,
  });
  it.undo();
  while (problems.length < 2) await turn();
  t.match(problems, ['after 10000', /could not be undone, which is tried again: no 1$/]);
});
