import t from 'tap';
import { LOGINS } from '../../../src/presets/logins.js';

t.test('three failures are enough', async (t) => {
  t.match(LOGINS, [
    { name: 'sshd', maxretry: 3, logpath: ['/var/log/auth.log', '/var/log/secure'] },
    { name: 'btmp', maxretry: 3, logpath: [], btmp: true },
  ]);
});

t.test('who is not root cannot write entries of sshd into the journal', async (t) => {
  const matches = LOGINS[0]?.journalmatch?.[0]?.split(' + ') ?? [];
  t.equal(matches.length, 3);
  for (const match of matches) t.match(match, /^_UID=0 _COMM=sshd(?:-\w+)?$/);
});
