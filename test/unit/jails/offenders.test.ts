import t from 'tap';
import { Offenders } from '../../../src/jails/offenders.js';
import { Random } from '../../random.js';

t.test('more than so many different ones, within the window before the newest', async (t) => {
  const offenders = new Offenders(100, 2);
  t.equal(offenders.add('a', 0), false);
  t.equal(offenders.add('b', 10), false);
  t.equal(offenders.add('b', 20), false, 'the same one again');
  t.equal(offenders.add('c', 100), true, 'at the edge of the window');
  t.equal(offenders.add('c', 101), false, 'a is too old');
  t.equal(offenders.add('d', 120), true, 'b failed last at 20');
  t.equal(offenders.add('d', 121), false);
});

t.test('of any number that fail, no more are remembered than it takes', async (t) => {
  const offenders = new Offenders(1_000_000, 100);
  const many = Array.from({ length: 50_000 }, (_, index) => offenders.add(`${index}`, index));
  t.equal(many.indexOf(true), 100);
  t.equal(many.lastIndexOf(false), 99);
  t.equal(offenders.size, 101);
});

t.test('as who counts them all would, in a log that is in order', async (t) => {
  const random = new Random(5);
  const offenders = new Offenders(500, 12);
  const all: [string, number][] = [];
  let [time, many] = [0, 0];
  for (let index = 0; index < 4000; index++) {
    // Busy and quiet hours in turns.
    time += random.below(index % 400 < 200 ? 30 : 120);
    const address = `${random.below(25)}`;
    all.push([address, time]);
    const distinct = new Set(all.slice(-400).flatMap(([one, when]) => (when >= time - 500 ? [one] : [])));
    const isMany = distinct.size > 12;
    if (offenders.add(address, time) !== isMany) t.fail(`at ${time}: ${distinct.size}`);
    if (isMany) many++;
  }
  t.ok(many > 200 && many < 3800, `${many} of 4000`);
});

t.test('a failure that comes late counts at its time', async (t) => {
  const offenders = new Offenders(100, 1);
  offenders.add('a', 200);
  t.equal(offenders.add('b', 150), true);
  t.equal(offenders.add('a', 120), true, 'an earlier one of the same does not make it older');
  t.equal(offenders.add('a', 251), false, 'b is too old');
  t.equal(offenders.add('c', 100), false, 'older than the window when it comes');
});
