import t from 'tap';
import { Logins } from '../../../src/jails/logins.js';

const HOUR = 3_600_000;

t.test('who has logged in, and when that is worth writing down', async (t) => {
  const logins = new Logins();
  t.equal(logins.has('192.0.2.1'), false);
  t.equal(logins.add('192.0.2.1', 0), true);
  t.equal(logins.has('192.0.2.1'), true);
  t.equal(logins.add('192.0.2.1', HOUR - 1), false);
  t.equal(logins.add('192.0.2.1', HOUR), true);
  t.equal(logins.add('192.0.2.2', HOUR), true);
  t.equal(logins.size, 2);
});

t.test('of too many, those go that have not logged in for longest', async (t) => {
  const logins = new Logins(100);
  for (let index = 0; index < 1000; index++) {
    logins.add(`${index}`, index);
    logins.add('regular', index);
  }
  t.ok(logins.size <= 100 && logins.size >= 50, `${logins.size}`);
  t.equal(logins.has('regular'), true);
  t.equal(logins.has('999'), true);
  t.equal(logins.has('800'), false);
});

t.test('handed over, the same are known', async (t) => {
  const [before, after] = [new Logins(100), new Logins(100)];
  for (let index = 0; index < 130; index++) before.add(`${index}`, index);
  const { all } = before;
  for (let at = 0; at < all.length; at += 2) after.add(all[at] as string, all[at + 1] as number);
  t.equal(after.has('129'), true);
  for (let index = 0; index < 130; index++) t.equal(after.has(`${index}`), before.has(`${index}`));
});
