import t from 'tap';
import { blamed } from '../../../src/detection/blamed.js';
import { Filter } from '../../../src/filters/filter.js';
import { definition, line, NOW } from '../../jail.js';

function blame(failregex: string, text: string): string | undefined {
  const filter = new Filter(definition([failregex]), { now: () => NOW });
  const [hit] = filter.match(line(text).trimEnd(), true);
  return hit && blamed(hit)?.text;
}

t.test('an address that stands there as a whole', async (t) => {
  t.equal(blame('^ no from <HOST>$', 'no from 192.0.2.1'), '192.0.2.1');
  t.equal(blame('^ no from <HOST>$', 'no from [2001:db8::1]'), '2001:db8::1');
  t.equal(blame('^ no from <F-ID>\\S+</F-ID>$', 'no from [2001:db8::1]'), '2001:db8::1');
});

t.test('a piece of one, and what is none', async (t) => {
  t.equal(blame('^ no .*<ADDR>$', 'no from 192.0.2.17'), undefined);
  t.equal(blame('^ no from <HOST>$', 'no from 999.1.1.1'), undefined);
  t.equal(blame('^ no from <F-ID>\\S+</F-ID>$', 'no from ann'), undefined);
});
