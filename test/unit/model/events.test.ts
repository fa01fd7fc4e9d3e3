import t from 'tap';
import { type Event, type Level, levelOf, readiness, sentenceOf } from '../../../src/model/events.js';
import { Prefix } from '../../../src/model/prefix.js';

const prefix = Prefix.parse('192.0.2.7');
const ban = { prefix, jail: 'sshd', reason: '5 failures', since: 0, until: 3_600_000 };
const ready = { backend: 'nftables', jails: 2, restored: 7 };

t.test('every event has a sentence and a level', async (t) => {
  const cases: [Event, Level, string][] = [
    [{ kind: 'ban', ban }, 'info', 'banned 192.0.2.7 for 1h (sshd: 5 failures)'],
    [
      { kind: 'ban', ban: { ...ban, jail: 'manual', reason: '', until: null } },
      'info',
      'banned 192.0.2.7 for ever (manual)',
    ],
    [{ kind: 'unban', prefix }, 'info', 'unbanned 192.0.2.7'],
    [{ kind: 'end', ban }, 'info', 'ban of 192.0.2.7 (sshd) ended'],
    [
      { kind: 'extended', ban, packets: 9 },
      'info',
      'ban of 192.0.2.7 (sshd) lasts longer, 1h in all: 9 more packets came',
    ],
    [
      { kind: 'extended', ban: { ...ban, until: null }, packets: 1 },
      'info',
      'ban of 192.0.2.7 (sshd) lasts longer, for ever: 1 more packets came',
    ],
    [{ kind: 'changes', bans: 5, unbans: 0, ends: 0 }, 'info', '5 banned'],
    [{ kind: 'changes', bans: 5, unbans: 6, ends: 7 }, 'info', '5 banned, 6 unbanned, 7 bans ended'],
    [{ kind: 'lifted', elements: 9 }, 'info', 'unbanned all: 9 elements'],
    [
      { kind: 'refused', address: '192.0.2.7', error: 'no room', more: 0, kept: true },
      'error',
      '192.0.2.7 was not written: no room',
    ],
    [
      { kind: 'refused', address: '192.0.2.7', error: 'no room', more: 3, kept: false },
      'error',
      '192.0.2.7 was not written: no room; and 3 more',
    ],
    [{ kind: 'problem', message: 'disk full' }, 'warning', 'disk full'],
    [
      { kind: 'repair', of: 'kernel', count: 3, message: 'brought back', level: 'warning', kept: true },
      'warning',
      'brought back',
    ],
    [{ kind: 'note', level: 'debug', message: 'so' }, 'debug', 'so'],
    [{ kind: 'start', ...ready }, 'info', 'ready: nftables, 2 jails, 7 bans restored'],
    [{ kind: 'stopping', cause: 'SIGTERM' }, 'info', 'SIGTERM: stopping'],
    [{ kind: 'stop', stand: true }, 'info', 'stopped; bans stand and expire in the kernel'],
    [{ kind: 'stop', stand: false }, 'info', 'stopped'],
    [{ kind: 'reload', taken: true, message: 'two jails more' }, 'info', 'two jails more'],
    [{ kind: 'reload', taken: false, message: 'a fault' }, 'error', 'a fault'],
    [
      { kind: 'siege', jail: 'sshd', state: 'begin', user: null, since: 0, until: null, bans: 0 },
      'warning',
      'jail sshd is under siege: one failure is enough of who has not been seen to log in',
    ],
    [
      { kind: 'siege', jail: 'sshd', state: 'end', user: 'ro\not', since: 0, until: 60_000, bans: 7 },
      'info',
      'user ro\\u{a}ot of jail sshd is under siege no longer, after 1m and 7 bans for less than maxretry failures',
    ],
  ];
  for (const [event, level, sentence] of cases) {
    t.equal(levelOf(event), level, sentence);
    t.equal(sentenceOf(event), sentence);
  }
  t.equal(readiness(ready), 'nftables, 2 jails, 7 bans restored');
});
