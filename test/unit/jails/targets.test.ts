import t from 'tap';
import { Targets, targetOf } from '../../../src/jails/targets.js';

t.test('many against one user', async (t) => {
  const targets = new Targets(100, 2);
  for (const [user, address, time, isMany] of [
    ['root', 'a', 0, false],
    ['root', 'b', 10, false],
    ['admin', 'c', 10, false],
    ['root', 'b', 20, false],
    ['root', 'c', 30, true],
    ['admin', 'a', 31, false],
    ['root', 'a', 120, true],
    ['root', 'a', 121, false],
  ] as const) {
    t.equal(targets.add(user, address, time), isMany, `${user} by ${address} at ${time}`);
  }
});

t.test('a name is cut to what tells it from others', async (t) => {
  t.equal(targetOf('root'), 'root');
  t.equal(targetOf('x'.repeat(60_000)), 'x'.repeat(64));
});

t.test('a flood of names neither fills the memory nor hides a user that many go for', async (t) => {
  const targets = new Targets(1_000_000, 20);
  let time = 0;
  let many = 0;
  for (let round = 0; round < 40; round++) {
    for (let index = 0; index < 4000; index++) targets.add(targetOf(`name ${round} ${index}`), `${index}`, time++);
    if (targets.add('root', `bot ${round}`, time++)) many++;
  }
  t.ok(targets.size <= 10_000, `${targets.size} of 160,001 names`);
  t.equal(many, 20);
});

t.test('addresses are bounded beside names', async (t) => {
  const targets = new Targets(1_000_000, 1000);
  let time = 0;
  for (let index = 0; index < 400; index++) {
    for (let address = 0; address < 1000; address++) targets.add(`name ${index}`, `${address}`, time++);
  }
  t.ok(targets.size <= 101, `${targets.size} names of 1,000 addresses each`);
});

t.test('what is old goes with time', async (t) => {
  const targets = new Targets(100, 2);
  for (let time = 0; time < 100; time++) targets.add(`name ${time}`, 'a', time);
  for (const time of [150, 300]) targets.add('root', 'a', time);
  t.ok(targets.size <= 2, `${targets.size}`);
});
