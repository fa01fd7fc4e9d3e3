import fc from 'fast-check';
import t from 'tap';
import { kept, keyOf, textOf } from '../../../src/jails/key.js';

t.test('every IPv4 address has a number of its own, and comes back', async (t) => {
  const property = fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
    const [key, otherKey] = [keyOf(one), keyOf(other)];
    return (
      typeof key === 'number' &&
      Object.is(key, key | 0) &&
      textOf(key) === one &&
      (key === otherKey) === (one === other)
    );
  });
  fc.assert(property, { numRuns: 20_000 });
  for (const text of ['0.0.0.0', '255.255.255.255', '128.0.0.0', '127.255.255.255']) t.equal(textOf(keyOf(text)), text);
});

t.test('everything else is its text', async (t) => {
  for (const text of [
    ...['192.0.2.0/24', '2001:db8::1', '2001:db8::/64', '', 'x', '1.2.3', '1.2.3.4.5', '1..2.3', '.1.2.3', '1.2.3.'],
    ...['256.1.1.1', '1.1.1.256', '01.2.3.4', '1.2.3.04', '1.2.3.4 ', '1.2.3.a', '99999999999.1.1', '1,2.3.4'],
  ]) {
    t.equal(keyOf(text), text);
    t.equal(textOf(text), text);
  }
  fc.assert(fc.property(fc.string(), (text) => textOf(keyOf(text)) === text));
});

t.test('nobody knows the numbers', async (t) => {
  const factor = keyOf('0.0.0.1') as number;
  t.equal(factor & 1, 1, 'no two addresses have one');
  // One in a thousand million.
  t.not(factor, 1);
});

t.test('what is kept', async (t) => {
  t.equal(kept('2001:db8::1'), '2001:db8::1');
  t.equal(kept(7), 7);
});
