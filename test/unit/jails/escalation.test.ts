import t from 'tap';
import { type Earlier, grown, stepOf } from '../../../src/jails/escalation.js';
import type { Escalation, Growth } from '../../../src/model/escalation.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = 1_000 * DAY;

const by = (growth: Growth, more: Partial<Escalation> = {}): Escalation => ({
  ...{ growth, random: 0, across: false },
  ...more,
});
const DOUBLING: Growth = { kind: 'factor', factor: 2, scale: 1 };

const times = (escalation: Escalation, bantime: number | null = 10, steps = 5): (number | null)[] =>
  Array.from({ length: steps }, (_, step) => grown(bantime, step, escalation, () => 0));

t.test('each return multiplies, up to the most', async (t) => {
  t.same(times(by(DOUBLING)), [10, 20, 40, 80, 160]);
  t.same(times(by(DOUBLING, { max: 50 })), [10, 20, 40, 50, 50]);
  t.same(times(by({ kind: 'factor', factor: 3, scale: 2 })), [10, 60, 180, 540, 1620]);
  t.same(times(by(DOUBLING), null), [null, null, null, null, null]);
  t.equal(
    grown(10, 100_000, by(DOUBLING), () => 0),
    100 * 365.25 * DAY,
    'a century is the most, however often',
  );
  t.same(times(by(DOUBLING, { max: 5 }))[0], 10, 'the first ban is what the jail says');
});

t.test('lists end with their last entry', async (t) => {
  t.same(times(by({ kind: 'multipliers', multipliers: [1, 5, 30] })), [10, 50, 300, 300, 300]);
  t.same(times(by({ kind: 'durations', durations: [7, 60, null] })), [7, 60, null, null, null]);
  t.same(times(by({ kind: 'durations', durations: [7, 60] }), null), [7, 60, 60, 60, 60]);
});

t.test('chance adds, to returns alone, also at the most', async (t) => {
  const random = by(DOUBLING, { max: 40, random: 0.5, rndtime: 8 });
  t.same(
    [0, 1, 2, 3].map((step) => grown(10, step, random, () => 0.5)),
    [10, 29, 54, 54],
  );
});

const past = (bans: number, days = 0, jail = 'sshd', last = NOW - 1): Earlier => ({
  ...{ jail, bans, last },
  first: NOW - days * DAY,
});
const here = { jail: 'sshd', since: NOW };

t.test('a return is counted by jail, or across jails; bans by hand and of lists are no offence', async (t) => {
  const earlier = [past(2), past(3, 0, 'postfix'), past(9, 0, 'manual'), past(9, 0, 'list.drop')];
  t.equal(stepOf(earlier, by(DOUBLING), here), 2);
  t.equal(stepOf(earlier, by(DOUBLING, { across: true }), here), 5);
  t.equal(stepOf([], by(DOUBLING), here), 0);
});

t.test('a ban that is told twice is the same one', async (t) => {
  t.equal(stepOf([past(3, 0, 'sshd', NOW)], by(DOUBLING), here), 2);
  t.equal(stepOf([past(1, 0, 'sshd', NOW)], by(DOUBLING, { decay: DAY }), here), 0);
});

t.test('good behaviour takes steps off, and never more than there are', async (t) => {
  const decaying = by(DOUBLING, { decay: 30 * DAY });
  t.equal(stepOf([past(4, 29)], decaying, here), 4);
  t.equal(stepOf([past(4, 30)], decaying, here), 3);
  t.equal(stepOf([past(4, 61)], decaying, here), 2);
  t.equal(stepOf([past(4, 400)], decaying, here), 0);
  t.equal(stepOf([past(2, 31), past(2, 95, 'postfix')], by(DOUBLING, { decay: 30 * DAY, across: true }), here), 1);
});

t.test('whoever comes once a month stays at the begin, whoever comes at once does not', async (t) => {
  const decaying = by(DOUBLING, { decay: 30 * DAY });
  const monthly = Array.from({ length: 12 }, (_, month) => stepOf([past(month, month * 31)], decaying, here));
  t.ok(monthly.every((step) => step === 0));
  const daily = Array.from({ length: 12 }, (_, day) => stepOf([past(day, day)], decaying, here));
  t.same(daily, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  t.equal(
    grown(10 * MINUTE, 11, decaying, () => 0),
    20_480 * MINUTE,
  );
});
