import t from 'tap';
import { linesOf } from '../../../../src/cli/jail/lines.js';
import type { JailOverview } from '../../../../src/inspection/jails.js';

const plain = (text: string): string => text;
const style = { good: plain, bad: plain, doubtful: plain, faint: plain, strong: plain };

const JAIL: JailOverview = {
  name: 'sshd',
  origin: 'dropset.toml',
  filter: 'sshd',
  sources: [
    { kind: 'file', name: '/var/log/auth.log', files: 0 },
    { kind: 'journal', name: 'journal' },
  ],
  maxretry: 5,
  findtime: 600,
  bantime: null,
  scope: 'tcp ports 22',
  ignoreip: ['192.0.2.1'],
  ignoreself: true,
};

t.test('a jail, and notes, fit for a terminal', async (t) => {
  t.same(linesOf([JAIL], ['a note\u001b'], style), [
    'sshd (dropset.toml)',
    '  filter  sshd',
    '  reads   /var/log/auth.log (no file now)',
    '  reads   journal',
    '  bans    after 5 failures in 10m, for ever, tcp ports 22',
    "  spares  192.0.2.1, the machine's own addresses",
    'note: a note\\u{1b}',
  ]);
});

t.test('what it has beside that', async (t) => {
  const lines = linesOf([{ ...JAIL, escalation: 'x2', extends: 'while', siege: 'over 100 offenders' }], [], style);
  t.same(lines.slice(5, 8), ['  grows   x2', '  extends while', '  siege   over 100 offenders']);
});

t.test('a jail behind proxies', async (t) => {
  const lines = linesOf([{ ...JAIL, trusted_proxies: ['10.0.0.0/8', '192.0.2.9'] }], [], style);
  t.ok(lines.includes('  behind  10.0.0.0/8, 192.0.2.9: the client is in X-Forwarded-For'));
});

t.test('where its bans go, and what is not written down', async (t) => {
  const lines = linesOf([{ ...JAIL, backends: ['nftables', 'denyfile.web'], log: false }], [], style);
  t.same(lines.slice(5, 7), ['  goes to nftables, denyfile.web', '  log     nothing of packets that are dropped']);
});

t.test('no jail', async (t) => {
  t.same(linesOf([], [], style), ['no jail would run']);
});
