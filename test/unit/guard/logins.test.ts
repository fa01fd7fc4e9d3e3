import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { listLogins } from '../../../src/guard/logins.js';
import { LAYOUTS } from '../../../src/sources/utmp-layout.js';

/** A record of utmp: USER_PROCESS unless another type is given. */
function record(pid: number, user: string, host: string, type = 7): Buffer {
  const { size, seconds } = LAYOUTS['x86-64'];
  const bytes = Buffer.alloc(size);
  bytes.writeInt16LE(type, 0);
  bytes.writeInt32LE(pid, 4);
  bytes.write(user, 44);
  bytes.write(host, 76);
  bytes.writeUInt32LE(1_700_000_000, seconds);
  return bytes;
}

t.test("systemd-logind's sessions from elsewhere", async (t) => {
  const folder = t.testdir({
    '1': '# private\nUID=0\nUSER=alice\nREMOTE=1\nREMOTE_HOST=203.0.113.9\nSERVICE=sshd\nCLASS=user\n',
    '2': 'USER=bob\nREMOTE=0\nCLASS=user\n',
    c3: 'USER="carol"\nREMOTE_HOST="fe80::1%eth0"\nCLASS=user\n',
    '4': 'USER=dave\nREMOTE_HOST=host.example\nCLASS=user\n',
    '5': 'USER=alice\nREMOTE_HOST=203.0.113.10\nCLASS=manager\n',
    '1.ref': 'USER=eve\nREMOTE_HOST=203.0.113.11\n',
    '6': {},
    '7': `USER=x\nREMOTE_HOST=203.0.113.12\n${' '.repeat(65_536)}`,
  });
  const found = listLogins({ sessions: folder, utmp: [] });
  t.same(found.map(({ peer, user }) => `${user} ${peer}`).sort(), ['alice 203.0.113.9', 'carol fe80::1']);
});

t.test('utmp: who is logged in, and whose process lives', async (t) => {
  const folder = t.testdir({ utmp: '', processes: { '10': {}, '12': {} } });
  const utmp = join(folder, 'utmp');
  const records = [
    record(10, 'alice', '203.0.113.9'),
    record(11, 'bob', '203.0.113.10'),
    record(12, 'LOGIN', '203.0.113.11', 6),
    record(10, 'carol', 'host.example'),
  ];
  writeFileSync(utmp, Buffer.concat(records));
  const places = { sessions: '/nowhere', utmp: ['/nowhere/utmp', utmp], processes: join(folder, 'processes') };
  t.same(
    listLogins(places).map(({ peer, user }) => `${user} ${peer}`),
    ['alice 203.0.113.9'],
  );
});

t.test('where neither is there, nobody is known', async (t) => {
  t.same(listLogins({ sessions: '/nowhere', utmp: ['/nowhere'] }), []);
});
