import t from 'tap';
import { Configuration } from '../../../src/fail2ban/configuration.js';
import { Files } from '../../../src/fail2ban/file.js';
import { parseIni } from '../../../src/fail2ban/ini.js';
import type { JailDefinition } from '../../../src/fail2ban/jail-definition.js';
import { readJail } from '../../../src/fail2ban/jail-reader.js';

interface Read {
  readonly jail: JailDefinition | undefined;
  readonly warnings: readonly string[];
}

function read(directory: string, ...lines: string[]): Read {
  const text = ['[j]', 'enabled = true', 'filter = f', ...lines].join('\n');
  const configuration = Configuration.of([parseIni(text, '/jail.conf')]);
  const warnings: string[] = [];
  const context = { configuration, directory, files: new Files(), services: new Map() };
  return { jail: readJail('j', context, (sentence) => warnings.push(sentence)), warnings };
}

const TREE = { 'filter.d': { 'f.conf': '[Definition]\nfailregex = ^<HOST>\nusedns = raw\n' }, 'action.d': {} };

t.test('what is said nowhere', async (t) => {
  const { jail } = read(t.testdir(TREE));
  const { filter, ...rest } = jail as JailDefinition;
  t.equal(filter.failregex.length, 1);
  t.same(rest, {
    name: 'j',
    origin: '/jail.conf:2',
    backend: { text: 'auto', name: 'auto' },
    logpath: [],
    skipIfNoLogs: false,
    logencoding: 'auto',
    maxretry: 3,
    maxmatches: 5,
    findtime: 600,
    bantime: 600,
    increment: { enabled: false, multipliers: [], overalljails: false },
    usedns: 'raw',
    ignoreip: [],
    ignoreself: true,
    actions: { bans: [], unsupported: [] },
  });
});

t.test('what is said', async (t) => {
  const { jail, warnings } = read(
    t.testdir(TREE),
    'logpath = /a tail',
    'skip_if_nologs = true',
    'logencoding = latin1',
    'logtimezone = UTC+0200',
    'maxretry = 1',
    'maxmatches = 2',
    'findtime = 1d12h',
    'bantime = -1',
    'usedns = No',
    'ignoreip = 192.0.2.1 2001:db8::/32',
    'ignoreself = false',
    'ignorecommand = /bin/true <ip>',
    'ignorecache = key="<ip>", max-count=7, max-time=1m',
  );
  t.match(jail, {
    logpath: [{ pattern: '/a', from: 'tail' }],
    skipIfNoLogs: true,
    logencoding: 'latin1',
    logtimezone: 'UTC+0200',
    maxretry: 1,
    maxmatches: 2,
    findtime: 129_600,
    bantime: -1,
    usedns: 'no',
    ignoreip: ['192.0.2.1', '2001:db8::/32'],
    ignoreself: false,
    ignorecommand: '/bin/true <ip>',
    ignorecache: { key: '<ip>', maxCount: 7, maxTime: 60 },
  });
  t.same(warnings, []);
});

t.test('a jail of the journal has no files', async (t) => {
  const { jail } = read(t.testdir(TREE), 'backend = systemd', 'logpath = /a', 'ignorecache = key=x');
  t.same(jail?.logpath, []);
  t.same(jail?.ignorecache, { key: 'x', maxCount: 100, maxTime: 300 });
});

t.test('a jail that is not enabled', async (t) => {
  t.equal(read(t.testdir(TREE), 'x = 1', '[k]').jail?.name, 'j');
  const configuration = Configuration.of([parseIni('[j]\nfilter = nothing\n', '/jail.conf')]);
  const context = { configuration, directory: t.testdir(), files: new Files(), services: new Map() };
  t.equal(
    readJail('j', context, () => undefined),
    undefined,
  );
});

t.test('what fail2ban passes over', async (t) => {
  const { jail, warnings } = read(t.testdir(TREE), 'usedns = maybe', 'maxretry = x');
  t.match(jail, { usedns: 'no', maxretry: 3 });
  t.same(warnings, [
    '/jail.conf:5: maxretry = x is no whole number; the default is taken',
    '/jail.conf:4: usedns = maybe is none of yes, warn, no, raw; no is taken',
  ]);
});

t.test('what breaks a jail', async (t) => {
  const directory = t.testdir(TREE);
  const table: [string, RegExp][] = [
    ['backend = x', /^\/jail\.conf:4: backend: 'x' is no backend/],
    ['logpath = /a b', /^\/jail\.conf:4: logpath: '\/a b': behind a path/],
    ['bantime = soon', /^\/jail\.conf:4: bantime: /],
    ['bantime.multipliers = x', /^\/jail\.conf:4: bantime\.multipliers/],
    ['ignorecache = max-count=1', /^\/jail\.conf:4: ignorecache: 'max-count=1' has no key/],
    ['action = x', /^\/jail\.conf:4: action: there is no action 'x'/],
    ['failregex = %(x)s', /^\/jail\.conf:4: option 'failregex' of \[j\] refers to '%\(x\)s'/],
  ];
  for (const [line, message] of table) t.throws(() => read(directory, line), { message }, line);
});
