import t from 'tap';
import {
  captionOf,
  count,
  counted,
  day,
  minute,
  standing,
  summaryOf,
  widthOf,
} from '../../../../src/cli/report/words.js';
import { NETWORK, OFFENDER, REPORT } from '../../../offenders.js';

t.test('numbers and times', async (t) => {
  t.equal(count(1234567), '1,234,567');
  t.equal(counted(1, 'ban', 'bans'), '1 ban');
  t.equal(counted(0, 'ban', 'bans'), '0 bans');
  t.equal(minute('2026-03-18T13:30:59.999Z'), '2026-03-18 13:30');
  t.equal(day('2026-03-18T13:30:59.999Z'), '2026-03-18');
  t.same([3600, 21_600, 86_400, 604_800, 28 * 86_400, 364 * 86_400].map(widthOf), [
    'hour',
    '6 hours',
    'day',
    'week',
    '4 weeks',
    '52 weeks',
  ]);
});

t.test('sentences', async (t) => {
  t.equal(
    summaryOf(REPORT),
    '41 addresses and networks were banned 1,212 times, from 2026-02-16 to 2026-03-18; 4 are banned now.',
  );
  const one = { ...REPORT, sums: { offenders: 1, banned: 1, bans: 1, dated: 1, excluded: 0 } };
  t.equal(summaryOf(one), '1 address or network was banned 1 time, from 2026-02-16 to 2026-03-18; 1 is banned now.');
  t.equal(captionOf(one), 'Bans by the day in which they began, in UTC.');
  t.match(captionOf(REPORT), /: 80 of 1,212 bans are drawn\.$/);
  t.same([OFFENDER, NETWORK, { ...NETWORK, banned: 40 }, { ...NETWORK, banned: 0 }].map(standing), [
    'yes',
    '3 of 40',
    'yes',
    'no',
  ]);
});
