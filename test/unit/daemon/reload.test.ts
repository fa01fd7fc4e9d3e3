import t from 'tap';
import type { Config } from '../../../src/config/config.js';
import { Reload } from '../../../src/daemon/reload.js';
import { DropsetError } from '../../../src/model/errors.js';
import { levelOf, sentenceOf } from '../../../src/model/events.js';
import type { ReloadReport } from '../../../src/model/reload-report.js';
import { REPORT } from '../../service.js';

const CONFIG = { jails: [{}, {}] } as unknown as Config;

function reload(options: { load?: () => Config; hasNoFile?: boolean } = {}) {
  const said: string[] = [];
  const going: ((report: ReloadReport) => void)[] = [];
  const it = new Reload({
    configured: {
      config: CONFIG,
      apply: () => new Promise((resolve) => going.push(resolve)),
      stop: () => said.push('refuses'),
    },
    load: options.hasNoFile ? undefined : (options.load ?? (() => CONFIG)),
    events: {
      tell: (event) => said.push(`${levelOf(event)} ${sentenceOf(event)}`),
      problem: (sentence) => said.push(`problem ${sentence}`),
    },
    systemd: { reloading: () => said.push('reloading'), reloaded: (status) => said.push(`reloaded ${status}`) },
  });
  return { it, said, going };
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
