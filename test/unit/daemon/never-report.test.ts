import t from 'tap';
import { neverReportOf } from '../../../src/daemon/never-report.js';
import { Guard } from '../../../src/guard/guard.js';
import { Prefix } from '../../../src/model/prefix.js';
import { LIMITS, NO_FACTS } from '../../service.js';

const p = Prefix.parse;

t.test('entries, limits and facts as they go over the socket', async (t) => {
  const sessions = [
    { peer: p('203.0.113.9'), port: 22 },
    { peer: p('203.0.113.8'), port: 22 },
  ];
  const gather = async () => ({ ...NO_FACTS, sessions, logins: [{ peer: p('203.0.113.9'), user: 'alice' }] });
  const guard = new Guard({ ...LIMITS, problem: () => undefined, now: () => 0, gather });
  const entries = [
    { entry: 'a.example', from: 'configuration', prefixes: [p('192.0.2.1')], since: 0, fault: 'EAI_AGAIN' },
  ];
  t.same(await neverReportOf({ entries, users: ['alice'], limits: LIMITS, guard }), {
    entries: [
      {
        entry: 'a.example',
        from: 'configuration',
        addresses: ['192.0.2.1'],
        since: '1970-01-01T00:00:00.000Z',
        fault: 'EAI_AGAIN',
      },
    ],
    users: ['alice'],
    guard: {
      ports: [22],
      widest: { ipv4: 16, ipv6: 32 },
      own: [],
      gateways: [],
      resolvers: [],
      sessions: [
        { address: '203.0.113.9', port: 22, user: 'alice' },
        { address: '203.0.113.8', port: 22, user: null },
      ],
    },
  });
});
