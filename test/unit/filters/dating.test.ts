import t from 'tap';
import { DateDetector } from '../../../src/dates/detector.js';
import { LocalZone } from '../../../src/dates/local-zone.js';
import { Dating, type DatingOptions } from '../../../src/filters/dating.js';

/** 2026-11-21 06:00:00 UTC */
const NOW = Date.UTC(2026, 10, 21, 6);
const MINUTE = 60_000;
const FINDTIME = 10 * MINUTE;

interface Desk {
  readonly dating: Dating;
  /** What becomes of a line: its text, and its time in seconds from now; undefined if it is too old. */
  readonly see: (line: string, given?: number) => readonly [text: string, seconds: number | undefined] | undefined;
  readonly wait: (milliseconds: number) => void;
}

function desk(options: { findtime?: number; isLive?: boolean; datepattern?: string } = {}): Desk {
  const { findtime, isLive = false, datepattern = '{^LN-BEG}' } = options;
  let time = NOW;
  const now = (): number => time;
  const detector = new DateDetector({ now, datepattern, zone: new LocalZone('UTC') });
  const chosen: DatingOptions = { detector, now, ...(findtime !== undefined && { findtime }) };
  const dating = new Dating(chosen);
  dating.isLive = isLive;
  const see: Desk['see'] = (line, given) => {
    const dated = dating.date(line, /^[\0-\x7f]*$/.test(line), given);
    return dated && [dated.text, dated.time === undefined ? undefined : (dated.time - NOW) / 1000];
  };
  const wait: Desk['wait'] = (milliseconds) => {
    time += milliseconds;
  };
  return { dating, see, wait };
}

t.test('a date is cut out, at the line’s begin or in its middle', async (t) => {
  const begin = desk();
  t.same(begin.see('2026-11-21 05:59:00 x'), [' x', -60]);
  t.same(begin.see('[2026-11-21 05:59:00] x'), ['[] x', -60]);
  const middle = desk({ datepattern: '^[^\\[]*\\[({DATE})' });
  t.same(middle.see('192.0.2.7 - - [21/Nov/2026:05:59:30 +0000] "GET'), ['192.0.2.7 - - [] "GET', -30]);
});

t.test('a line without a date has that of the last one for a minute', async (t) => {
  const { see, wait } = desk();
  t.same(see('x'), ['x', undefined], 'there is none yet');
  t.same(see('2026-11-21 05:59:30 x'), [' x', -30]);
  t.same(see('y'), ['y', -30]);
  wait(30_000);
  t.same(see('y'), ['y', undefined]);
});

t.test('a pattern that allows for no date', async (t) => {
  const { see } = desk({ datepattern: '^%Y-%m-%d %H:%M:%S\n^I\\(()**' });
  t.same(see('I(x'), ['I(x', 0], 'now, if nothing else is known');
  t.same(see('2026-11-21 05:59:30 x'), [' x', -30]);
  t.same(see('I(x'), ['I(x', -30]);
});

t.test('a date that does not exist is cut, and the line goes without one', async (t) => {
  const { see } = desk();
  t.same(see('2026-02-30 05:59:30 x'), [' x', undefined]);
  see('2026-11-21 05:59:30 x');
  t.same(see('2026-02-30 05:59:30 x'), [' x', -30]);
});

t.test('a source that knows the time', async (t) => {
  const { see } = desk();
  t.same(see('2026-11-21 05:59:30 x', NOW - 5000), ['2026-11-21 05:59:30 x', -5], 'nothing is cut');
  t.same(see('x'), ['x', -5], 'the next line goes by it');
});

t.test('catching up: lines older than findtime are of no use', async (t) => {
  const { dating, see } = desk({ findtime: FINDTIME });
  t.same(see('2026-11-21 05:50:00 x'), [' x', -600]);
  t.equal(see('2026-11-21 05:49:59 x'), undefined);
  t.equal(see('x', NOW - FINDTIME - 1), undefined);
  t.same(see('2026-11-21 07:00:00 x'), [' x', 0], 'what is ahead is now');
  t.same(dating.counts, { outdated: 2, skewed: 0 });
});

t.test('catching up: nobody knows when a line without a date was written', async (t) => {
  const { see } = desk({ findtime: FINDTIME });
  t.same(see('x'), ['x', undefined]);
});

t.test('live: a date ahead, or further back than findtime, is a clock that differs', async (t) => {
  const { dating, see } = desk({ findtime: FINDTIME, isLive: true });
  t.same(see('2026-11-21 05:55:00 x'), [' x', -300], 'a relay took its time');
  t.same(see('2026-11-21 05:50:00 x'), [' x', -600]);
  t.same(dating.counts, { outdated: 0, skewed: 0 });
  t.same(see('2026-11-21 05:49:59 x'), [' x', 0]);
  t.same(see('2026-11-21 07:00:00 x'), [' x', 0]);
  t.same(dating.counts, { outdated: 0, skewed: 2 });
  t.same(see('2026-11-21 06:01:00 x'), [' x', 0], 'a minute ahead is nothing to tell of');
  t.same(dating.counts, { outdated: 0, skewed: 2 });
});

t.test('live: a line without a date is of now, or of the last one', async (t) => {
  const { see, wait } = desk({ findtime: FINDTIME, isLive: true });
  t.same(see('x'), ['x', 0]);
  see('2026-11-21 05:59:50 x');
  t.same(see('x'), ['x', -10]);
  see('2026-11-20 00:00:00 x');
  t.same(see('x'), ['x', 0], 'that one counted as now');
  wait(MINUTE);
  t.same(see('x'), ['x', 60]);
});

t.test('without findtime, a date is what it says', async (t) => {
  const { see } = desk({ isLive: true });
  t.same(see('2026-11-20 06:00:00 x'), [' x', -86_400]);
  t.same(see('x'), ['x', undefined]);
});

t.test('blind for a while, after a pattern took too long', async (t) => {
  const { dating, see, wait } = desk();
  dating.blindUntil = NOW + 1000;
  t.same(see('2026-11-21 05:59:30 x'), ['2026-11-21 05:59:30 x', undefined]);
  wait(1000);
  t.same(see('2026-11-21 05:59:30 x'), [' x', -30]);
});

t.test('each date is told before it is compared with the clock', async (t) => {
  let now = NOW - 86_400_000;
  const onDate = (time: number): void => {
    now = Math.max(now, time);
  };
  const detector = new DateDetector({ now: () => NOW, zone: new LocalZone('UTC') });
  const dating = new Dating({ detector, now: () => now, findtime: 600_000, onDate });
  dating.isLive = true;
  t.match(dating.date(`${new Date(NOW).toISOString()} x`, true, undefined), { time: NOW });
  t.match(dating.date('x', true, NOW + 5000), { time: NOW + 5000 });
  t.same(dating.counts, { outdated: 0, skewed: 0 });
});
