import t from 'tap';
import { styleOf } from '../../../../src/cli/style.js';
import { linesOf, roomOf } from '../../../../src/cli/top/view.js';
import type { Top } from '../../../../src/control/top.js';

const style = styleOf({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: { NO_COLOR: '1' },
});
const until = '2023-11-14T23:13:20.000Z';
const TOP: Top = {
  time: '2023-11-14T22:13:20.000Z',
  seconds: 2.04,
  dropped: { packets: 123_456, bytes: 7_400_000 },
  rate: { packets: 1.26, bytes: 75 },
  bans: 3,
  elements: null,
  looked: 2,
  busiest: [
    {
      address: '2001:db8::7',
      packets: 100,
      bytes: 6000,
      rate: 25.4,
      bans: [
        { jail: 'sshd', until },
        { jail: 'manual', until: null },
      ],
    },
    { address: '192.0.2.7', packets: 3, bytes: 180, rate: 0, bans: [{ jail: 'sshd', until }] },
    { address: '192.0.2.8', packets: 1, bytes: 60, rate: null, bans: [] },
  ],
  newest: [{ address: '192.0.2.7', jail: 'sshd', until: null, since: until, reason: 'a\u001bb' }],
  jails: [
    { name: 'sshd', lines: 100, failures: 20, bans: 2 },
    { name: 'new', lines: 1, failures: 0, bans: 0 },
  ],
};
const ROOM = { busiest: 10, newest: 10, jails: 10, width: 200 };

t.test('a look, for people', async (t) => {
  const before: Top = {
    ...TOP,
    time: '2023-11-14T22:13:18.000Z',
    jails: [{ name: 'sshd', lines: 90, failures: 19, bans: 2 }],
  };
  t.same(
    linesOf(TOP, before, ROOM, style).join('\n'),
    `dropset   2023-11-14 22:13:20Z within 2s
dropped   1.3 packets/s, 75 B/s; 123456 packets, 7.4 MB in all
bans      3; elements in the kernel: unknown before kernel 6.17; looked at: 2

busiest
ADDRESS      PACKETS/S  PACKETS   BYTES  BANNED BY     UNTIL
2001:db8::7         25      100  6.0 kB  sshd, manual  never
192.0.2.7            0        3   180 B  sshd          2023-11-14 23:13:20Z
192.0.2.8            -        1    60 B  -             -

jails
JAIL  LINES/S  FAILURES/S  LINES  FAILURES  BANS
sshd      5.0         0.5    100        20     2
new         -           -      1         0     0

newest bans
SINCE                 ADDRESS    JAIL  UNTIL  REASON
2023-11-14 23:13:20Z  192.0.2.7  sshd  never  a\\u{1b}b`,
  );
});

t.test('the first look has no rates', async (t) => {
  const lines = linesOf({ ...TOP, seconds: null, rate: null, elements: 5 }, undefined, ROOM, style);
  t.same(lines.slice(0, 3), [
    'dropset   2023-11-14 22:13:20Z',
    'dropped   123456 packets, 7.4 MB in all',
    'bans      3; elements in the kernel: 5; looked at: 2',
  ]);
  t.match(lines.join('\n'), /^sshd {8}- {11}- {4}100/m);
});

t.test('no more than there is room for', async (t) => {
  const many = {
    ...TOP,
    busiest: Array(50).fill(TOP.busiest[0]),
    newest: Array(50).fill(TOP.newest[0]),
    jails: Array(50).fill(TOP.jails[0]),
  };
  for (const rows of [15, 22, 24, 50, 100]) {
    for (const jails of [0, 1, 50]) {
      const lines = linesOf({ ...many, jails: many.jails.slice(0, jails) }, undefined, roomOf(rows, 20, jails), style);
      t.ok(lines.length <= rows, `${lines.length} of ${rows} rows with ${jails} jails`);
      t.ok(lines.every((line) => line.length <= 20));
    }
  }
});
