import t from 'tap';
import { DRIVERS } from '../../../src/doctor/drivers.js';

t.test('every condition is one that can be met', async (t) => {
  for (const [name, { since, mtu = 1500, off = {} }] of DRIVERS) {
    t.ok(since[0] >= 4 && since[0] <= 6, name);
    t.ok(mtu >= 1500 && mtu < 4096, name);
    t.strictSame(
      Object.entries(off).filter(([option, feature]) => feature !== 'rx-lro' && feature !== option),
      [],
    );
  }
});
