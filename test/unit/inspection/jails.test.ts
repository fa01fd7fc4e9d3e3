import t from 'tap';
import type { Config, JailConfig, SourceConfig } from '../../../src/config/config.js';
import { overviewOf } from '../../../src/inspection/jails.js';

const jailOf = (sources: readonly SourceConfig[], more: Partial<JailConfig> = {}): JailConfig => ({
  name: 'x',
  origin: 'dropset.toml',
  filter: { name: 'x[mode=more]', origin: '/f/x.conf', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] },
  sources,
  maxretry: 3,
  findtime: 600_000,
  bantime: 60_000,
  usedns: 'no',
  encoding: 'utf-8',
  ignoreip: ['192.0.2.1'],
  ignoreself: true,
  scope: { kind: 'all' },
  ...more,
});

// The rest of the configuration is of no matter here.
const overview = (...jails: JailConfig[]) => overviewOf({ jails } as unknown as Config);

t.test('a jail as it would run, with seconds', async (t) => {
  t.same(overview(jailOf([])), [
    {
      name: 'x',
      origin: 'dropset.toml',
      filter: 'x[mode=more]',
      sources: [],
      maxretry: 3,
      findtime: 600,
      bantime: 60,
      scope: 'all',
      ignoreip: ['192.0.2.1'],
      ignoreself: true,
    },
  ]);
  t.match(overview(jailOf([], { bantime: null, scope: { kind: 'ports', protocol: 'tcp', ports: 'ssh,22' } })), [
    { bantime: null, scope: 'tcp ports ssh,22' },
  ]);
});

t.test('sources of all kinds, and how many files there are', async (t) => {
  const folder = t.testdir({ 'a.log': '', 'b.log': '' });
  const [found] = overview(
    jailOf([
      { kind: 'file', pattern: `${folder}/*.log`, start: 'end' },
      { kind: 'btmp', path: `${folder}/btmp` },
      { kind: 'journal', matches: ['_COMM=sshd', '_COMM=x'] },
      { kind: 'journal', matches: [] },
      { kind: 'syslog', listen: 'udp://127.0.0.1:5514' },
      { kind: 'stdin' },
    ]),
  );
  t.same(found?.sources, [
    { kind: 'file', name: `${folder}/*.log`, files: 2 },
    { kind: 'btmp', name: `${folder}/btmp`, files: 0 },
    { kind: 'journal', name: 'journal _COMM=sshd | _COMM=x' },
    { kind: 'journal', name: 'journal' },
    { kind: 'syslog', name: 'udp://127.0.0.1:5514' },
    { kind: 'stdin', name: 'standard input' },
  ]);
});
