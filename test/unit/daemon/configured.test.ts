import t from 'tap';
import { type Config, parseSettings } from '../../../src/config/config.js';
import { resolve } from '../../../src/config/resolve.js';
import { Configured } from '../../../src/daemon/configured.js';
import { Never } from '../../../src/jails/never.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { DropsetError } from '../../../src/model/errors.js';
import { Prefix } from '../../../src/model/prefix.js';
import { ban } from '../../jail.js';

const JAIL = '[jail.sshd]\nlogpath = "/var/log/auth.log"\n';
const read = (text = ''): Config => resolve(parseSettings(JAIL + text, 'dropset.toml'));

/** Parts that write down what becomes of them, in order. */
function world(options: { faults?: string[]; kernel?: Error; permission?: Error; isHeld?: boolean } = {}) {
  const done: string[] = [];
  const problems: string[] = [];
  const never = new Never([]);
  const ledger = Ledger.open(':memory:');
  const it = new Configured(read(), {
    protection: {
      never,
      rulesWith: ({ addresses }) => addresses.map((prefix) => ({ prefix, clause: 'stands in the configuration' })),
      replace: () => undefined,
      isHeld: options.isHeld === true,
    },
    detection: {
      prepare: async () => {
        done.push('prepared');
        return options.faults ?? [];
      },
      replace: async () => void done.push('replaced'),
    },
    healing: {
      allow: async (prefixes) => {
        if (options.kernel) throw options.kernel;
        done.push(`allowed ${prefixes.slice(4).join()}`);
      },
    },
    ledger: Object.assign(ledger, {
      remember: (history: number) => done.push(`remembers ${history}`),
    }),
    enforcement: {
      enforce: async (verdicts) => {
        done.push(...verdicts.map((verdict) => `${verdict.kind} ${verdict.kind === 'unban' && verdict.prefix}`));
        return [];
      },
      rewrite: async (prefixes) => done.push(`rewritten ${prefixes}`),
    },
    scoping: {
      turn: async () => {
        done.push('turned');
        return 7;
      },
    },
    hooks: { replace: (hooks) => done.push(`hooks ${hooks.map(({ name }) => name)}`) },
    audit: { stop: () => done.push('no audit'), start: (every) => done.push(`audit ${every}`) },
    secondaries: { pace: (every) => done.push(`others audit ${every}`) },
    reshare: async () => void done.push('shared out'),
    server: () => ({
      admit: (gid) => {
        if (options.permission) throw options.permission;
        done.push(`admitted ${gid}`);
      },
    }),
    problem: (sentence) => problems.push(sentence),
  });
  return { it, done, never, problems, ledger };
}

const NEVER = '[never]\naddresses = ["192.0.2.1"]\n';
const refused = (never: Never): boolean => never.refusal(Prefix.parse('192.0.2.1')) !== undefined;

t.test('tried first, then the kernel, then everything else', async (t) => {
  const { it, done, never } = world();
  const report = await it.apply(read(`${NEVER}[service]\naudit = "2m"\nhistory = "1d"\ngroup = "root"\n`));
  t.same(done.slice(0, 4), ['prepared', 'allowed 192.0.2.1', 'replaced', 'hooks ']);
  t.same(
    new Set(done.slice(4)),
    new Set(['admitted 0', 'remembers 86400000', 'no audit', 'audit 120000', 'others audit 120000', 'turned']),
  );
  t.equal(report.turned, 7);
  t.ok(refused(never));
  t.match(report, { never: { added: ['192.0.2.1'] }, restart: [], jails: { unchanged: 1 } });
  t.same([...report.settings].sort(), ['service.audit', 'service.group', 'service.history']);
});

t.test('ports and modes are live, before the bans that stand are turned over', async (t) => {
  const { it, done } = world();
  const next = resolve(parseSettings(`${JAIL}port = "ssh"\n[service]\nmode = "observe"\n`, 'dropset.toml'));
  const report = await it.apply(next);
  t.same(report.settings, ['service.mode']);
  t.same(report.jails.changed, ['sshd']);
  t.equal(it.config.jails[0]?.scope, 'observe tcp/22');
  t.equal(it.config.service.mode, 'observe');
  t.equal(done.at(-1), 'turned');
});

t.test('the way back is another configuration', async (t) => {
  const { it, never } = world();
  const before = it.config;
  await it.apply(read(NEVER));
  t.match(await it.apply(before), { never: { removed: ['192.0.2.1'] } });
  t.notOk(refused(never));
});

t.test('what needs a restart is told each time, and stays as it was', async (t) => {
  const { it, done } = world();
  const next = read('[service]\nmax_line = 2048\n[backend]\ntable = "other"\n');
  for (const _ of [1, 2]) t.same((await it.apply(next)).restart, ['service.max_line', 'backend.table']);
  t.equal(it.config.backend.table, 'dropset');
  t.notOk(done.includes('allowed '));
});

t.test('with faults, or where the kernel refuses, nothing has changed', async (t) => {
  for (const options of [{ faults: ['a', 'b'] }, { kernel: new DropsetError('kernel', 'no') }]) {
    const { it, done, never } = world(options);
    const before = it.config;
    await t.rejects(it.apply(read(NEVER)), { message: options.faults ? 'a\nb' : 'no' });
    t.same([done, it.config === before, refused(never)], [['prepared'], true, false]);
  }
  const { it, done } = world();
  await t.rejects(it.apply(read('[service]\ngroup = "nobody-has-this"\n')), { code: 'config' });
  t.same(done, []);
});

t.test('while the service stops, nothing is begun', async (t) => {
  const { it, done } = world();
  it.stop();
  await t.rejects(it.apply(read(NEVER)), { code: 'busy' });
  t.same(done, []);
});

t.test('what fails when there is no way back is a problem of its own', async (t) => {
  const { it, problems, done } = world({ permission: new Error('no permission') });
  await it.apply(read('[service]\ngroup = "root"\naudit = "2m"\n'));
  t.same(problems, ['no permission']);
  t.ok(done.includes('audit 120000'));
});

t.test('bans that a new never-rule covers are lifted, but not while they are held', async (t) => {
  for (const isHeld of [false, true]) {
    const { it, done, ledger, never } = world({ isHeld });
    ledger.record([ban('192.0.2.1')]);
    const before = it.config;
    const { lifted } = await it.apply(read(NEVER));
    t.ok(refused(never));
    t.equal(lifted, isHeld ? 0 : 1);
    t.equal(done.includes('unban 192.0.2.1'), !isHeld);
    await it.apply(before);
    t.ok(done.includes('rewritten 192.0.2.1'), 'what the ledger has is dropped again');
  }
});

t.test('hooks are others at once', async (t) => {
  const { it, done } = world();
  const report = await it.apply(read('[hook.notify]\nprogram = "/usr/bin/true"\n'));
  t.same([report.settings, report.restart], [['hook.notify'], []]);
  t.ok(done.includes('hooks notify'));
  t.equal(it.config.hooks.length, 1);
});

t.test('the file that is in force goes with it', async (t) => {
  const { it } = world();
  const file = { path: '/etc/dropset/dropset.toml', text: JAIL };
  await it.apply({ ...read(), file });
  t.equal(it.config.file, file);
});

t.test('bans are shared out anew where jails name other backends, and only then', async (t) => {
  const { it, done } = world();
  await it.apply(read('maxretry = 7\n'));
  t.notOk(done.includes('shared out'));
  const named = `${JAIL}backends = ["nftables"]\n`;
  await it.apply(resolve(parseSettings(named, 'dropset.toml')));
  t.equal(done.filter((what) => what === 'shared out').length, 1);
  await it.apply(resolve(parseSettings(`# again\n${named}`, 'dropset.toml')));
  t.equal(done.filter((what) => what === 'shared out').length, 1);
});
