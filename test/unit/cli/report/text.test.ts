import t from 'tap';
import { heights, textOf } from '../../../../src/cli/report/text.js';
import { REPORT } from '../../../offenders.js';

t.test('a table for a terminal, with a head of comments', async (t) => {
  const lines = [...textOf({ title: 'Attacks\u001b[31m', report: REPORT })].join('').split('\n');
  t.same(lines, [
    '# Attacks\\u{1b}[31m',
    '# 41 addresses and networks were banned 1,212 times, from 2026-02-16 to 2026-03-18; 4 are banned now.',
    '# bans, a character a day: | ▁▁▁ ▁▁▁ ▁▁▁█▁▁▁ ▁▁▁ ▁▁▁ ▁▁▁ ▁▁|',
    '# ADDRESS      OFFENDERS   BANS  FIRST             LAST              BANNED   JAILS',
    '2001:db8::/48         40  1,200  2026-03-01 10:00  2026-03-18 13:30  3 of 40  nginx,sshd',
    '192.0.2.7              1     12  2026-03-01 10:00  2026-03-18 13:30  yes      nginx,sshd',
    '',
  ]);
});

t.test('numbers as heights', async (t) => {
  t.equal(heights([0, 1, 4, 8]), ' ▁▄█');
  t.equal(heights([0, 0]), '  ');
  t.equal(heights([]), '');
});
