import t from 'tap';
import { wantedEvents } from '../../../src/daemon/event-filter.js';
import type { Event } from '../../../src/model/events.js';
import { Prefix } from '../../../src/model/prefix.js';

const prefix = Prefix.parse('192.0.2.7');
const ban = { prefix, jail: 'sshd', reason: '', since: 0, until: null };
const events: readonly Event[] = [
  { kind: 'ban', ban },
  { kind: 'end', ban: { ...ban, jail: 'web' } },
  { kind: 'unban', prefix, jail: 'web' },
  { kind: 'unban', prefix },
  { kind: 'changes', bans: 1, unbans: 0, ends: 0 },
  { kind: 'lifted', elements: 1 },
  { kind: 'problem', message: 'x' },
  { kind: 'siege', jail: 'sshd', state: 'begin', user: null, since: 0, until: null, bans: 0 },
  { kind: 'extended', ban, packets: 1 },
  {
    ...{ kind: 'dropped', head: '', source: '192.0.2.7', destination: '192.0.2.1', protocol: 'tcp', port: 22 },
    ...{ jails: ['web', 'sshd'], reason: null },
  },
];

t.test('which events are wanted', async (t) => {
  for (const [filter, wanted, each] of [
    [{}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], true],
    [{ event: 'ban,problem' }, [0, 6], true],
    [{ event: 'changes' }, [4], false],
    [{ event: 'heartbeat' }, [], false],
    [{ jail: 'sshd' }, [0, 3, 5, 7, 8, 9], true],
    [{ event: 'extended', jail: 'sshd' }, [8], false],
    [{ event: 'siege' }, [7], false],
    [{ event: 'siege', jail: 'web' }, [], false],
    [{ jail: 'web,manual' }, [1, 2, 3, 5, 9], true],
    [{ event: 'dropped' }, [9], false],
    [{ event: 'dropped', jail: 'mail' }, [], false],
    [{ jail: 'none' }, [3, 5], true],
    [{ jail: 'web', event: 'end,problem' }, [1, 6], true],
    [{ jail: 'sshd', event: 'end' }, [], true],
  ] as const) {
    const found = wantedEvents(filter);
    const places = events.flatMap((event, index) => (found.wants(event) ? [index] : []));
    t.same([places, found.each], [wanted, each], JSON.stringify(filter));
  }
});

t.test('an event that there is not', async (t) => {
  for (const event of ['', 'bann', 'ban, unban', 'x'.repeat(10_000), 'constructor']) {
    t.throws(() => wantedEvents({ event }), {
      code: 'request',
      message: /^there is no event ".{0,60}"; there are ban, unban/,
    });
  }
});
