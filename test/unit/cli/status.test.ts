import t from 'tap';
import type { Status } from '../../../src/control/api.js';
import { STATUS, startService } from '../../service.js';
import { type } from '../../terminal.js';

const BUSY: Status = {
  ...STATUS,
  backend: 'nftables',
  table: 'dropset',
  owned: true,
  elements: 12,
  jails: [
    {
      name: 'sshd',
      filter: 'sshd',
      sources: ['/var/log/auth.log', '/var/log/auth.log.1'],
      lines: 70,
      behind: 0,
      failures: 30,
      bans: 4,
      never: 1,
      outdated: 0,
      evicted: 0,
      unresolved: 2,
      invalid: 0,
      skewed: 0,
      overruns: 6,
      siege: null,
      ignored: 0,
    },
  ],
  problems: ['2023-11-14T22:13:20.000Z the ledger is full'],
};

t.test('for people', async (t) => {
  const { socket } = await startService(t, { operations: { status: async () => BUSY } });
  t.same(await type(['status', '--socket', socket]), {
    code: 0,
    stderr: '',
    stdout: `dropset 1.2.3, running since 2023-11-14T22:13:20.000Z
backend   nftables, table inet dropset, owned: nobody else can change it
bans      0; elements in the kernel: 12
dropped   5 packets, 300 bytes
read      7 lines, 3 failures
written   2 changes in 1 batches; 0 pending, 0 refused, 0 repaired
audited   not yet
jail      sshd (filter sshd): 70 lines, 30 failures, 4 bans; /var/log/auth.log, /var/log/auth.log.1; not counted: 1 of never-addresses, 2 blamed a host name without an address, 6 lines that took an expression too long
problems:
  2023-11-14T22:13:20.000Z the ledger is full
`,
  });
});

t.test('what goes away by itself has the time that is left', async (t) => {
  const until = new Date(Date.now() + 42_000).toISOString();
  const waits: Status = {
    ...STATUS,
    configuration: { state: 'trial', until },
    unconfirmed: { bans: 3, until },
  };
  const { socket } = await startService(t, { operations: { status: async () => waits } });
  const { stdout } = await type(['status', '--socket', socket]);
  t.match(stdout, /^confirm {3}the configuration is undone in 4[012]s \(20.*Z\) unless: dropset confirm$/m);
  t.match(stdout, /^confirm {3}3 bans end, the first in 4[012]s \(20.*Z\), unless: dropset confirm$/m);
  const undone: Status = { ...STATUS, configuration: { state: 'undone', until: null } };
  const other = await startService(t, { operations: { status: async () => undone } });
  t.match((await type(['status', '--socket', other.socket])).stdout, /^reload {4}the configuration before/m);
});

t.test('what differs: no table, no owner, no count', async (t) => {
  for (const [status, line] of [
    [STATUS, /^backend {3}memory, which drops nothing$/m],
    [STATUS, /elements in the kernel: unknown before kernel 6\.17$/m],
    [{ ...BUSY, replies: 'tracked' }, /^replies {3}to this host's own connections pass/m],
    [{ ...BUSY, replies: 'untracked' }, /^replies {3}.* are dropped, since the kernel tracks no connections here/m],
    [{ ...BUSY, owned: false }, /, not owned: others can change it$/m],
  ] as const) {
    const { socket } = await startService(t, { operations: { status: async () => status } });
    t.match((await type(['status', '--socket', socket])).stdout, line);
  }
});

t.test('sieges', async (t) => {
  const since = '2023-11-14T22:13:20.000Z';
  const siege = { standing: [null, 'ro\not'].map((user, bans) => ({ user, since, bans })), known: 7 };
  const besieged = { ...BUSY, jails: BUSY.jails.map((jail) => ({ ...jail, siege })) };
  const { socket } = await startService(t, { operations: { status: async () => besieged } });
  const { stdout } = await type(['status', '--socket', socket]);
  const rule = 'one failure is enough of who has not been seen to log in';
  t.match(stdout, `\n  siege   under siege since ${since}: ${rule}; 0 bans\n`);
  t.match(stdout, `\n  siege   user ro\\u{a}ot under siege since ${since}: ${rule}; 1 bans\n`);
});

t.test('as JSON', async (t) => {
  const { socket } = await startService(t, { operations: { status: async () => BUSY } });
  t.same(JSON.parse((await type(['status', '--json', '--socket', socket])).stdout), BUSY);
});

t.test('it takes no words', async (t) => {
  t.match(await type(['status', 'sshd']), { code: 2, stderr: /^dropset: status takes no 'sshd'\n/ });
});
