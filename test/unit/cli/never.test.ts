import t from 'tap';
import type { NeverReport } from '../../../src/control/api.js';
import { Prefix } from '../../../src/model/prefix.js';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

const p = Prefix.parse;
const since = '2026-01-02T03:04:05.000Z';

const REPORT: NeverReport = {
  entries: [
    { entry: '192.0.2.0/24', from: 'configuration', addresses: ['192.0.2.0/24'], since, fault: null },
    {
      entry: 'office.example',
      from: '/etc/never:3',
      addresses: ['203.0.113.1', '203.0.113.2'],
      since,
      fault: 'EAI_AGAIN',
    },
  ],
  users: ['alice'],
  guard: {
    ports: [22, 2222],
    widest: { ipv4: 16, ipv6: 32 },
    own: ['192.0.2.1'],
    gateways: [],
    resolvers: ['198.51.100.53'],
    sessions: [
      { address: '203.0.113.9', port: 22, user: 'alice' },
      { address: '203.0.113.10', port: 22, user: null },
    ],
  },
};

t.test('each entry, and what the guard protects', async (t) => {
  const { socket } = await startService(t, { operations: { never: async () => REPORT } });
  const { code, stdout } = await type(['--socket', socket, 'never']);
  t.equal(code, 0);
  t.same(stdout.split('\n'), [
    'ENTRY           FROM           SINCE                 IS',
    '192.0.2.0/24    configuration  2026-01-02 03:04:05Z  ',
    'office.example  /etc/never:3   2026-01-02 03:04:05Z  203.0.113.1 203.0.113.2 (EAI_AGAIN)',
    'good users: alice',
    'not banned unless it is forced:',
    '  own addresses: 192.0.2.1',
    '  resolvers: 198.51.100.53',
    '  sessions on port 22, 2222: 203.0.113.9 (alice), 203.0.113.10',
    '  prefixes wider than /16 of IPv4 and /32 of IPv6',
    '',
  ]);
  t.same(JSON.parse((await type(['--socket', socket, 'never', '--json'])).stdout), REPORT);
  t.match(await type(['--socket', socket, 'never', 'x']), { code: 2 });
});

t.test("the service's own, and what is refused and forced", async (t) => {
  const { socket } = await startService(t, { facts: { own: [p('198.51.100.1')] } });
  t.match(
    (await type(['--socket', socket, 'never'])).stdout,
    /^no never-rules but the built-in ones\ngood users: alice\n/,
  );
  const ban = ['--socket', socket, 'ban', '198.51.100.1'];
  t.match(await type(ban), {
    code: 1,
    stderr:
      /198\.51\.100\.1: 198\.51\.100\.1 is this machine's own address: .*; if that is meant, force it \(--force\)/,
  });
  t.match(await type([...ban, '--force']), { code: 0 });
  t.match(
    (await type(['--socket', socket, 'why', '198.51.100.1'])).stdout,
    /not to be banned unless it is forced: 198\.51\.100\.1 is this/,
  );
});
