import t from 'tap';
import { DroppedLog, GROUP } from '../../../src/daemon/dropped-log.js';
import type { Event } from '../../../src/model/events.js';
import { sentenceOf } from '../../../src/model/events.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Ban } from '../../../src/model/street.js';
import { NetlinkError } from '../../../src/netlink/failure.js';
import type { Packet } from '../../../src/nflog/packet.js';

const ban = (address: string, jail: string, scope?: string): Ban => ({
  ...{ prefix: Prefix.parse(address), jail, reason: `because of ${jail}`, since: 0, until: null },
  ...(scope && { scope: Scope.parse(scope) }),
});

const BANS = [
  ban('192.0.2.7', 'sshd'),
  ban('192.0.2.7', 'web'),
  ban('192.0.2.0/24', 'nets'),
  ban('192.0.2.8', 'mail', 'tcp/25'),
  ban('192.0.2.8', 'ftp', 'tcp/21'),
  ban('198.51.100.7', 'seen', 'observe'),
  ban('198.51.100.7', 'ssh6', 'tcp/22'),
  ban('203.0.113.7', 'web'),
  ban('2001:db8::/64', 'sshd'),
];

const packet = (source: string, more: Partial<Packet> = {}): Packet => ({
  source: Prefix.parse(source),
  destination: Prefix.parse(source.includes(':') ? '2001:db8:1::1' : '198.51.100.1'),
  ...{ protocol: 6, port: 22, ...more },
});

interface Options {
  readonly prefix?: string;
  readonly dropped?: 'off' | 'service' | 'kernel' | number;
  readonly silent?: readonly string[];
  readonly rate?: number;
  readonly burst?: number;
}

async function logging({ silent = [], ...log }: Options = {}) {
  const [told, bound]: [Event[], number[]] = [[], []];
  let time = 0;
  let hear: (packet: Packet) => void = () => t.fail('it does not listen');
  let isClosed = false;
  const jails = [...silent];
  const dropped = new DroppedLog({
    log: { dropped: 'service', prefix: '{jail}: ', rate: 10, burst: 100, ...log },
    jails: () => [{ name: 'sshd' }, ...jails.map((name) => ({ name, log: false }))],
    bansOf: ({ text }) => BANS.filter(({ prefix }) => prefix.text === text),
    tell: (event) => told.push(event),
    problem: (sentence) => t.fail(sentence),
    now: () => time,
    bind: async (group, callback) => {
      bound.push(group);
      hear = callback;
      return {
        close: () => {
          isClosed = true;
        },
      };
    },
  });
  await dropped.start();
  return {
    ...{ dropped, told, bound, jails },
    hear: (one: Packet) => hear(one),
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    isClosed: () => isClosed,
    said: (one: Packet) => {
      const before = told.length;
      hear(one);
      return told.slice(before).map(sentenceOf);
    },
  };
}

t.test('whose ban it was, and why', async (t) => {
  const { said, told, bound } = await logging();
  t.same(bound, [GROUP]);
  for (const [one, sentence] of [
    [packet('192.0.2.7'), 'sshd,web,nets: dropped 192.0.2.7 to 198.51.100.1 tcp/22: because of sshd'],
    [packet('192.0.2.9'), 'nets: dropped 192.0.2.9 to 198.51.100.1 tcp/22: because of nets'],
    [packet('192.0.2.8', { port: 25 }), 'mail,nets: dropped 192.0.2.8 to 198.51.100.1 tcp/25: because of mail'],
    [packet('198.51.100.7'), 'ssh6: dropped 198.51.100.7 to 198.51.100.1 tcp/22: because of ssh6'],
    [packet('2001:db8::5'), 'sshd: dropped 2001:db8::5 to 2001:db8:1::1 tcp/22: because of sshd'],
    [packet('10.0.0.1'), 'unknown: dropped 10.0.0.1 to 198.51.100.1 tcp/22'],
  ] as const) {
    t.same(said(one), [sentence]);
  }
  const { port: _, ...ping } = packet('203.0.113.7', { protocol: 1 });
  t.same(said(ping), ['web: dropped 203.0.113.7 to 198.51.100.1 icmp: because of web']);
  t.same(said({ ...ping, protocol: 47 }), ['web: dropped 203.0.113.7 to 198.51.100.1 47: because of web']);
  t.match(told[0], { kind: 'dropped', jails: ['sshd', 'web', 'nets'], reason: 'because of sshd', port: 22 });
  t.match(told[5], { jails: [], reason: null });
  t.match(told[6], { port: null, protocol: 'icmp' });
});

t.test('a jail may be left out, from one packet to the next', async (t) => {
  const { said, jails } = await logging({ silent: ['web', 'nets'], burst: 3 });
  for (let times = 0; times < 50; times++) t.same(said(packet('203.0.113.7')), []);
  t.match(said(packet('192.0.2.7')), [/^sshd: dropped/], 'of several who speaks; the others have used nothing up');
  t.same(said(packet('192.0.2.9')), []);
  jails.splice(0);
  t.match(said(packet('203.0.113.7')), [/^web: dropped/]);
});

t.test('a flood writes what it may', async (t) => {
  const { hear, told, pass } = await logging({ rate: 60, burst: 5 });
  for (let times = 0; times < 1000; times++) hear(packet('192.0.2.7'));
  t.equal(told.length, 5);
  pass(2000);
  for (let times = 0; times < 1000; times++) hear(packet('192.0.2.7'));
  t.equal(told.length, 7);
});

t.test('it listens where it is configured, until it stops', async (t) => {
  for (const dropped of ['off', 'kernel', 7] as const) t.same((await logging({ dropped })).bound, []);
  const { dropped, isClosed } = await logging();
  t.notOk(isClosed());
  dropped.stop();
  t.ok(isClosed());
});

t.test('a group that somebody else has', async (t) => {
  const said: string[] = [];
  const dropped = new DroppedLog({
    log: { dropped: 'service', prefix: 'x', rate: 1, burst: 1 },
    ...{ jails: () => [], bansOf: () => [], tell: () => undefined, now: () => 0 },
    problem: (sentence) => said.push(sentence),
    bind: () => Promise.reject(new NetlinkError('nfnetlink_log', { errno: 1 })),
  });
  await dropped.start();
  dropped.stop();
  t.match(said, [
    /"service": no packet is written down: .*EPERM.*another process has group 53760 .*nfnetlink_log says which/,
  ]);
});
