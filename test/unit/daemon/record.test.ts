import t from 'tap';
import { EVENT_NAMES } from '../../../src/control/event.js';
import { messageOfEvent, recordOf } from '../../../src/daemon/record.js';
import type { Event } from '../../../src/model/events.js';
import { Prefix } from '../../../src/model/prefix.js';
import { printableJson } from '../../../src/model/printable.js';

const prefix = Prefix.parse('2001:db8::7');
const ban = { prefix, jail: 'sshd', reason: '5 failures', since: 0, until: 3_600_000, lines: ['x'] };
const terms = {
  address: '2001:db8::7',
  jail: 'sshd',
  reason: '5 failures',
  since: '1970-01-01T00:00:00.000Z',
  until: '1970-01-01T01:00:00.000Z',
  scope: 'all',
};

t.test('every event as a record', async (t) => {
  const cases: [Event, object][] = [
    [{ kind: 'ban', ban }, terms],
    [
      { kind: 'end', ban: { ...ban, until: null } },
      { ...terms, until: null },
    ],
    [
      { kind: 'extended', ban, packets: 9 },
      { ...terms, packets: 9 },
    ],
    [
      { kind: 'unban', prefix },
      { address: '2001:db8::7', jail: null },
    ],
    [
      { kind: 'unban', prefix, jail: 'sshd' },
      { address: '2001:db8::7', jail: 'sshd' },
    ],
    [
      { kind: 'changes', bans: 1, unbans: 2, ends: 3 },
      { bans: 1, unbans: 2, ends: 3 },
    ],
    [{ kind: 'lifted', elements: 4 }, { elements: 4 }],
    [
      { kind: 'refused', address: '192.0.2.7', error: 'no', more: 1, kept: true },
      { address: '192.0.2.7', error: 'no', more: 1 },
    ],
    [{ kind: 'problem', message: 'x' }, {}],
    [
      { kind: 'repair', of: 'ledger', count: 3, message: 'x', level: 'info', kept: false },
      { of: 'ledger', count: 3 },
    ],
    [{ kind: 'note', level: 'warning', message: 'x' }, {}],
    [
      { kind: 'start', backend: 'xdp', jails: 1, restored: 2 },
      { backend: 'xdp', jails: 1, restored: 2 },
    ],
    [{ kind: 'stopping', cause: 'SIGINT' }, { cause: 'SIGINT' }],
    [{ kind: 'stop', stand: true }, { stand: true }],
    [{ kind: 'reload', taken: true, message: 'x' }, { taken: true }],
    [
      { kind: 'siege', jail: 'sshd', state: 'begin', user: null, since: 0, until: null, bans: 0 },
      { jail: 'sshd', state: 'begin', user: null, since: '1970-01-01T00:00:00.000Z', until: null, bans: 0 },
    ],
    [
      { kind: 'siege', jail: 'sshd', state: 'end', user: 'x'.repeat(2000), since: 0, until: 1000, bans: 3 },
      {
        ...{ jail: 'sshd', state: 'end', user: `${'x'.repeat(997)}...`, since: '1970-01-01T00:00:00.000Z' },
        ...{ until: '1970-01-01T00:00:01.000Z', bans: 3 },
      },
    ],
    [
      {
        ...{
          kind: 'dropped',
          head: 'sshd: ',
          source: '192.0.2.7',
          destination: '192.0.2.1',
          protocol: 'tcp',
          port: 22,
        },
        ...{ jails: ['sshd'], reason: 'x'.repeat(2000) },
      },
      {
        ...{ source: '192.0.2.7', destination: '192.0.2.1', protocol: 'tcp', port: 22 },
        ...{ jails: ['sshd'], reason: `${'x'.repeat(997)}...` },
      },
    ],
  ];
  for (const [event, fields] of cases) {
    const { time, level, event: name, message, ...rest } = recordOf(event, 1000);
    t.same([time, name, rest], ['1970-01-01T00:00:01.000Z', event.kind, fields], event.kind);
    t.ok(level);
    t.ok(message);
    t.ok(EVENT_NAMES.includes(name));
  }
});

t.test('what attackers write forges no line, moves no cursor, and comes back as it was', async (t) => {
  const reason = '\n<0>forged\r\u001b[2J\u0000\u007f\u0085\u009b\u202e\u2028\u{e0001}\t"\\ ☃ 界';
  const event = { kind: 'ban', ban: { ...ban, reason } } as const;
  const line = printableJson(recordOf(event, 0));
  t.match(line, /^[^\p{C}\p{Zl}\p{Zp}]+$/u);
  t.match(line, /\\u007f\\u0085\\u009b\\u202e\\u2028\\udb40\\udc01/);
  const record = JSON.parse(line);
  t.equal(record.reason, reason);
  t.match(record.message, /^[^\p{C}\p{Zl}\p{Zp}]+$/u);
  t.ok(record.message.includes('\\u{a}<0>forged\\u{d}\\u{1b}[2J'));
  t.equal(record.message, messageOfEvent(event));
});

t.test('a line is bounded, whatever is in it', async (t) => {
  for (const character of ['x', '\u0001', '\u202e', '"', '界', '\u{1f600}', '\ud800']) {
    const long = character.repeat(100_000);
    const event = { kind: 'refused', address: '192.0.2.7', error: long, more: 0, kept: false } as const;
    t.equal(messageOfEvent(event).length <= 2000, true);
    const line = printableJson(recordOf(event, 0));
    t.ok(Buffer.byteLength(line) < 32_768, `${Buffer.byteLength(line)} bytes`);
    t.equal(JSON.parse(line).error.length, 1000);
    t.match(messageOfEvent({ kind: 'problem', message: long }), /\.\.\.$/);
  }
});
