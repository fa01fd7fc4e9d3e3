import t from 'tap';
import { Acquaintance } from '../../../src/jails/acquaintance.js';

const address = (index: number): string => `198.51.${index >>> 8}.${index & 255}`;

t.test('who was met is known, and few others are', async (t) => {
  for (const seed of [0, 0.3, 0.999]) {
    const met = new Acquaintance(() => seed);
    for (let i = 0; i < 50_000; i++) met.add(address(i));
    let known = 0;
    let strangers = 0;
    for (let i = 0; i < 50_000; i++) {
      if (met.has(address(i))) known++;
      if (met.has(`x${i}`)) strangers++;
    }
    t.equal(known, 50_000);
    t.ok(strangers < 50, `${strangers}`);
  }
});

t.test('two turns forget', async (t) => {
  const met = new Acquaintance(() => 0.5);
  met.add('a');
  t.equal(met.turn(), 1);
  t.ok(met.has('a'));
  t.equal(met.turn(), 0);
  t.notOk(met.has('a'));
});

t.test('after a million the older ones are forgotten, so that strangers stay strangers', async (t) => {
  const met = new Acquaintance(() => 0.5);
  for (let i = 0; i < 2_500_000; i++) met.add(address(i));
  t.ok(met.has(address(2_499_999)));
  t.ok(met.has(address(1_600_000)));
  let strangers = 0;
  for (let i = 0; i < 10_000; i++) if (met.has(`x${i}`)) strangers++;
  t.ok(strangers < 100, `${strangers}`);
});
