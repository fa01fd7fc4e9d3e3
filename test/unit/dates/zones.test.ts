import t from 'tap';
import { readLogTimeZone, zoneMinutes } from '../../../src/dates/zones.js';

t.test('minutes east of UTC', async (t) => {
  const table: [text: string, minutes: number | undefined][] = [
    ['', 0],
    ['Z', 0],
    ['UTC', 0],
    ['CET', 60],
    ['CEST', 120],
    ['MST', -420],
    ['NPT', 345],
    ['NST', -210],
    ['A', 60],
    ['M', 720],
    ['N', -60],
    ['Y', -720],
    ['+01', 60],
    ['-0530', -330],
    ['+05:45', 345],
    ['-00:30', -30],
    ['UTC+0200', 120],
    ['CET+01:30', 150],
    ['CEST-01', 60],
    ['+0١00', 60],
    ['J', undefined],
    ['XYZ', undefined],
    ['ChST', undefined],
    ['cet', undefined],
    ['+1', undefined],
    ['+2500', undefined],
    ['Europe/Zurich', undefined],
    [' UTC', undefined],
  ];
  for (const [text, minutes] of table) t.equal(zoneMinutes(text), minutes, JSON.stringify(text));
});

t.test('the zone of a log', async (t) => {
  t.equal(readLogTimeZone('UTC+0200'), 120);
  const message =
    /^logtimezone 'Europe\/Zurich' is no fixed time zone; write an offset such as UTC\+0200, or leave it out/;
  t.throws(() => readLogTimeZone('Europe/Zurich'), { code: 'config', message });
});
