import t from 'tap';
import type { Explanation } from '../../../src/control/api.js';
import { Prefix } from '../../../src/model/prefix.js';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;

const NOBODY: Explanation = {
  address: '192.0.2.7',
  banned: false,
  bans: [],
  elements: [],
  folded: null,
  past: [],
  never: null,
  guard: null,
  unban: { lifts: [], stays: [] },
  backend: 'nftables',
  table: { name: 'dropset', hook: 'prerouting', priority: -300 },
  interfaces: null,
};

const SINCE = '2023-11-14T22:13:20.000Z';

t.test('as JSON, from the service', async (t) => {
  const { socket, ledger, writer } = await startService(t, { clock });
  const prefix = Prefix.parse('192.0.2.7');
  const ban = { prefix, jail: 'sshd', reason: 'r', since: NOW, until: null, extended: null, lines: ['no'] };
  await writer.write(ledger.record([{ kind: 'ban', ban }]).changes);
  const { code, stdout } = await type(['why', '192.0.2.7', '--json', '--socket', socket]);
  t.equal(code, 0);
  t.match(JSON.parse(stdout), { address: '192.0.2.7', banned: true, bans: [{ jail: 'sshd', lines: ['no'] }] });
  const free = await type(['why', '192.0.2.8', '--json', '--socket', socket]);
  t.equal(free.code, 1);
  t.match(JSON.parse(free.stdout), { address: '192.0.2.8', banned: false, bans: [] });
});

/** What is printed of an explanation. */
async function shown(t: Parameters<typeof startService>[0], found: Partial<Explanation>) {
  const { socket } = await startService(t, { operations: { why: async () => ({ ...NOBODY, ...found }) } });
  const { code, stdout, stderr } = await type(['why', '192.0.2.7', '--socket', socket]);
  t.equal(stderr, '');
  t.equal(code, found.banned ? 0 : 1);
  return stdout.split('\n').slice(0, -1);
}

t.test('who is not banned', async (t) => {
  t.same(await shown(t, {}), ['192.0.2.7 is not banned']);
  const past = [{ address: '192.0.2.7', jail: 'sshd', bans: 1, first: SINCE, last: SINCE }];
  const never = '192.0.2.7 is covered by the never-rule 192.0.2.0/24, which stands in the configuration';
  t.same(await shown(t, { past, never }), [
    '192.0.2.7 is not banned',
    '  sshd has banned it once before: 2023-11-14 22:13:20Z',
    `  never to be banned: ${never}`,
  ]);
});

t.test('by a jail, with its lines, and by a wider ban by hand', async (t) => {
  const own = {
    address: '192.0.2.7',
    jail: 'sshd',
    reason: '2 failures at once, the last: no',
    since: SINCE,
    until: '2023-11-14T23:13:20.000Z',
    scope: 'all',
    extended: null,
    lines: ['sshd[1]: no', 'sshd[1]: \u001b[2Jno\n192.0.2.8 is banned'],
  };
  const wider = {
    address: '192.0.2.0/24',
    jail: 'manual',
    reason: '',
    since: SINCE,
    until: null,
    scope: 'all',
    extended: null,
    lines: [],
  };
  const printed = await shown(t, {
    banned: true,
    bans: [wider, own],
    elements: [
      { address: '192.0.2.0/24', until: null, scope: 'all', packets: null, bytes: null, set: 'ban4_24' },
      { address: '192.0.2.7', until: own.until, scope: 'all', packets: 12, bytes: 720, set: 'ban4' },
    ],
    past: [
      { address: '192.0.2.0/24', jail: 'manual', bans: 1, first: SINCE, last: SINCE },
      { address: '192.0.2.7', jail: 'sshd', bans: 4, first: '2023-10-01T00:00:00.000Z', last: SINCE },
    ],
    unban: { lifts: [own], stays: [wider] },
  });
  t.same(printed, [
    '192.0.2.7 is banned',
    '  by hand as a part of 192.0.2.0/24, since 2023-11-14 22:13:20Z, for ever',
    '  by jail sshd, since 2023-11-14 22:13:20Z, until 2023-11-14 23:13:20Z: 2 failures at once, the last: no',
    '    sshd[1]: no',
    '    sshd[1]: \\u{1b}[2Jno\\u{a}192.0.2.8 is banned',
    '  packets of 192.0.2.0/24 are dropped, and not counted; set ban4_24 of table inet dropset, hook prerouting, priority -300',
    '  dropped 12 packets, 720 bytes; set ban4 of table inet dropset, hook prerouting, priority -300',
    '  sshd has banned it 3 times before: first 2023-10-01 00:00:00Z, last 2023-11-14 22:13:20Z',
    '  dropset unban 192.0.2.7 lifts sshd; what stays: 192.0.2.0/24 (manual)',
  ]);
});

t.test('the ledger and the kernel do not agree', async (t) => {
  const element = { address: '192.0.2.7', until: null, scope: 'all', packets: 1, bytes: 60, set: 'ban4' };
  t.match(await shown(t, { banned: true, elements: [element] }), [
    '192.0.2.7 is banned',
    /^ {2}dropped 1 packets/,
    '  no ban stands behind it: dropset unban 192.0.2.7 takes it out of the kernel',
  ]);
  const ban = {
    address: '192.0.2.0/24',
    jail: 'a',
    reason: '',
    since: SINCE,
    until: null,
    scope: 'all',
    extended: null,
    lines: [],
  };
  t.match(await shown(t, { bans: [ban], unban: { lifts: [], stays: [ban] } }), [
    '192.0.2.7 is banned in the ledger, but the kernel does not hold it: see the problems of dropset status',
    /as a part of/,
    '  dropset unban 192.0.2.7 lifts nothing; what stays: 192.0.2.0/24 (a)',
  ]);
});

t.test('where: XDP, and memory', async (t) => {
  const elements = [{ address: '192.0.2.7', until: null, scope: 'all', packets: 1, bytes: 60, set: null }];
  const own = { backend: 'xdp', table: null, banned: true, elements };
  const interfaces = [{ name: 'eth0', mode: 'native' as const }];
  t.match(await shown(t, { ...own, interfaces }), [
    /is banned/,
    '  dropped 1 packets, 60 bytes; by XDP on eth0 (native)',
    /unban/,
  ]);
  t.match(await shown(t, { ...own, interfaces: [] }), [/is banned/, /by XDP on no interface$/, /unban/]);
  t.match(await shown(t, { ...own, backend: 'memory' }), [
    /is banned/,
    /backend memory, which drops nothing$/,
    /unban/,
  ]);
});

t.test('exit code 2 is every error, as with grep', async (t) => {
  const { socket } = await startService(t);
  const cases: [string[], RegExp][] = [
    [[], /why needs an address/],
    [['192.0.2.7', '192.0.2.8'], /'192\.0\.2\.8' is one too many/],
    [['x', '--socket', socket], /^dropset: "x" is no IPv4 or IPv6 address or prefix\n$/],
    [['192.0.2.7', '--socket', '/nowhere/s'], /no service answers at \/nowhere\/s/],
  ];
  for (const [words, message] of cases) {
    t.match(await type(['why', ...words]), { code: 2, stdout: '', stderr: message });
  }
});

t.test('what is about some ports, or only observed', async (t) => {
  const ban = { address: '192.0.2.7', jail: 'web', reason: '', since: SINCE, until: null, extended: null, lines: [] };
  const element = { address: '192.0.2.7', until: null, packets: null, bytes: null, set: 'scoped4' };
  const unban = { lifts: [ban], stays: [] };
  const observed = { scope: 'observe' };
  t.match(await shown(t, { bans: [{ ...ban, ...observed }], elements: [{ ...element, ...observed }], unban }), [
    '192.0.2.7 is observed, not dropped',
    '  by jail web (observe), since 2023-11-14 22:13:20Z, for ever',
    /^ {2}packets are let through, and not counted \(observe\); set scoped4 of table/,
    /lifts web$/,
  ]);
  const ports = { scope: 'tcp/80,443' };
  const held = { ...element, ...ports, packets: 3, bytes: 180 };
  t.match(await shown(t, { banned: true, bans: [{ ...ban, ...ports }], elements: [held], unban }), [
    '192.0.2.7 is banned from tcp/80,443',
    /^ {2}by jail web \(tcp\/80,443\), since/,
    /^ {2}dropped 3 packets, 180 bytes \(tcp\/80,443\); set scoped4/,
    /lifts web$/,
  ]);
});

t.test('folded into a prefix', async (t) => {
  const lines = await shown(t, {
    banned: true,
    bans: [
      {
        address: '192.0.2.0/24',
        jail: 'manual',
        reason: '',
        since: SINCE,
        until: null,
        scope: 'all',
        extended: null,
        lines: [],
      },
    ],
    folded: '192.0.2.0/24',
  });
  t.ok(lines.includes('  folded into 192.0.2.0/24, which lasts at least as long'), lines.join('\n'));
});

t.test('how often a ban was extended', async (t) => {
  const extended = { times: 3, active: '2023-11-14T23:10:00.000Z' };
  const ban = { address: '192.0.2.7', jail: 'sshd', reason: '', since: SINCE, until: null, scope: 'all', lines: [] };
  const shownFor = (times: number) => shown(t, { banned: true, bans: [{ ...ban, extended: { ...extended, times } }] });
  t.match(await shownFor(3), [/./, /for ever \(extended 3 times, packets last came before 2023-11-14 23:10:00Z\)$/]);
  t.match(await shownFor(1), [/./, /\(extended once, /]);
});
