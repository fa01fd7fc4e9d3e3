import t from 'tap';
import { type Scan, scanClf, scanIso, scanSyslog } from '../../../src/dates/scan.js';

const YEARS = { first: 2000, last: 2029 };

/** What is read, in short: the date, and in a second place what is left of the line. */
function read(scan: Scan, line: string): string | undefined {
  const scanned = scan(line, 0, YEARS);
  if (!scanned) return undefined;
  const { year, month, day, hour, minute, second, zone } = scanned.fields;
  return [`${year ?? '-'} ${month} ${day} ${hour} ${minute} ${second} ${zone ?? '-'}`, line.slice(scanned.end)].join(
    '|',
  );
}

t.test('syslog', async (t) => {
  const table: [line: string, read: string | undefined][] = [
    ['Nov 21 05:48:17 host', '- 11 21 5 48 17 -| host'],
    ['Nov  1 05:48:17 host', '- 11 1 5 48 17 -| host'],
    ['Sat Nov 21 05:48:17 host', '- 11 21 5 48 17 -| host'],
    ['Nov 21 05:48:17.123456 host', '- 11 21 5 48 17 -| host'],
    ['Nov 21 05:48:17. host', '- 11 21 5 48 17 -|. host'],
    ['Nov 21 05:48:17 2026] x', '2026 11 21 5 48 17 -|] x'],
    ['Sat Nov 21 05:48:17.5 2026', '2026 11 21 5 48 17 -|'],
    ['Nov 21 05:48:17', '- 11 21 5 48 17 -|'],
    ['Nov 21 05:48:17 ', '- 11 21 5 48 17 -| '],
    ['Nov 21 05:48:17,5', '- 11 21 5 48 17 -|,5'],
    ['Nov 21 05:48:17 é', '- 11 21 5 48 17 -| é'],
    ...[
      'nov 21 05:48:17 ',
      'SatxNov 21 05:48:17 ',
      'Nov 0 05:48:17 ',
      'Nov  0 05:48:17 ',
      'Nov  x 05:48:17 ',
      'Nov 32 05:48:17 ',
      'Nov 1 05:48:17 ',
      'Nov-21 05:48:17 ',
      'Nov 21-05:48:17 ',
      'Nov 21 24:48:17 ',
      'Nov 21 05:60:17 ',
      'Nov 21 05:48:60 ',
      'Nov 21 05-48:17 ',
      'Nov 21 05:48-17 ',
      'Nov 21  5:48:17 ',
      'Nov 21 05:48:17x',
      'Nov 21 05:48:17é',
      'Nov 21 05:48:17.1234567',
      'Nov 21 05:48:17.5x',
      'Nov 21 05:48:17 1999 ',
      'Nov 21 05:48:17 20265',
      'Nov 21 05:48:17 7 ',
      '',
    ].map((line): [string, undefined] => [line, undefined]),
  ];
  for (const [line, expected] of table) t.equal(read(scanSyslog, line), expected, line);
});

t.test('ISO 8601', async (t) => {
  const date = '2026 11 21 5 48 17';
  const table: [line: string, read: string | undefined][] = [
    ['2026-11-21T05:48:17.123456+01:00 x', `${date} 60| x`],
    ['2026-11-21 05:48:17,123 x', `${date} -| x`],
    ['2026/11/21 05:48:17 [x', `${date} -| [x`],
    ['2026.11.21 05:48:17', `${date} -|`],
    ['2026-11-21T05:48:17Z', `${date} 0|`],
    ['2026-11-21T05:48:17Z x', `${date} 0| x`],
    ['2026-11-21T05:48:17-0530]', `${date} -330|]`],
    ['2026-11-21T05:48:17+01', `${date} 60|`],
    ['2026-11-21 05:48:17 +0100 x', `${date} 60| x`],
    ['2026-11-21 05:48:17\t-01:00', `${date} -60|`],
    ['2026-11-21 05:48:17\tx', `${date} -|\tx`],
    ['2026-11-21 05:48:17 - x', `${date} -| - x`],
    ['2026-11-21 05:48:17-', `${date} -|-`],
    ['2026-11-21 05:48:17 -', `${date} -| -`],
    ['2026-11-21 05:48:17. x', `${date} -|. x`],
    ['2026-11-21 05:48:17 ', `${date} -| `],
    ...[
      '2026-11/21 05:48:17',
      '2026:11:21 05:48:17',
      '1999-11-21 05:48:17',
      '2030-11-21 05:48:17',
      'x026-11-21 05:48:17',
      '2026-13-21 05:48:17',
      '2026-11-32 05:48:17',
      '2026-11-21_05:48:17',
      '2026-11-21  5:48:17',
      '2026-11-21 24:48:17',
      '2026-11-21 05:48:17x',
      '2026-11-21 05:48:17é',
      '2026-11-21 05:48:17.1234567',
      '2026-11-21 05:48:17Zx',
      '2026-11-21 05:48:17 Z',
      '2026-11-21 05:48:17 UTC',
      '2026-11-21 05:48:17 GMT',
      '2026-11-21 05:48:17  x',
      '2026-11-21 05:48:17 é',
      '2026-11-21 05:48:17+25',
      '2026-11-21 05:48:17+٣',
      '2026-11-21 05:48:17+01:x',
      '2026-11-21 05:48:17+015',
      '2026-11-21 05:48:17+0100x',
      '',
    ].map((line): [string, undefined] => [line, undefined]),
  ];
  for (const [line, expected] of table) t.equal(read(scanIso, line), expected, line);
});

t.test('the common log format', async (t) => {
  const date = '2026 11 21 5 48 17';
  const table: [line: string, read: string | undefined][] = [
    ['21/Nov/2026:05:48:17 +0100] x', `${date} 60|] x`],
    ['21-Nov-2026 05:48:17.123 x', `${date} -| x`],
    ['21/Nov/2026:05:48:17', `${date} -|`],
    ['21/Nov/2026:05:48:17]', `${date} -|]`],
    ['21/Nov/2026:05:48:17 -] x', `${date} -| -] x`],
    ...[
      '21/Nov-2026:05:48:17',
      '21.Nov.2026:05:48:17',
      '32/Nov/2026:05:48:17',
      '21/nov/2026:05:48:17',
      '21/Nov/1999:05:48:17',
      '21/Nov/2026-05:48:17',
      '21/Nov/2026:05:48:61',
      '21/Nov/2026:05:48:17.1234567',
      '21/Nov/2026:05:48:17x',
      '21/Nov/2026:05:48:17 UTC',
      '',
    ].map((line): [string, undefined] => [line, undefined]),
  ];
  for (const [line, expected] of table) t.equal(read(scanClf, line), expected, line);
});
