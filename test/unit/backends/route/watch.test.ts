import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Disturbance } from '../../../../src/backends/backend.js';
import { RouteTable } from '../../../../src/backends/route/table.js';
import { Watch } from '../../../../src/backends/route/watch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { ip } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

t.test('it hears what others take away, and not what we do', async (t) => {
  const table = RouteTable.open(213);
  const heard: Disturbance[] = [];
  const watch = new Watch(table, (disturbance) => heard.push(disturbance));
  t.teardown(() => {
    watch.close();
    table.close();
  });
  const step = (kind: 'blackhole' | 'throw', address: string, verb: 'add' | 'remove' = 'add') =>
    ({ verb, kind, prefix: Prefix.parse(address) }) as const;
  await table.rules('add');
  await table.carryOut([
    step('blackhole', '192.0.2.7'),
    step('blackhole', '2001:db8::/32'),
    step('throw', '10.0.0.0/8'),
  ]);
  await table.carryOut([step('blackhole', '192.0.2.9'), step('blackhole', '192.0.2.9', 'remove')]);
  ip('route add blackhole 192.0.2.99 table 99 proto 213');
  ip('route del blackhole 192.0.2.99 table 99 proto 213');
  ip('rule add pref 5 lookup 99');
  ip('rule del pref 5');
  await sleep(30);
  t.same(heard, []);
  for (const [words, sentence, elements] of [
    ['route del blackhole 192.0.2.7 table 213', 'somebody took routes out of table 213, to 192.0.2.7', ['192.0.2.7']],
    ['-6 route flush table 213', 'somebody took routes out of table 213, to 2001:db8::/32', ['2001:db8::/32']],
    ['route flush table 213', 'somebody took the route out of table 213 that lets 10.0.0.0/8 pass', undefined],
    ['-6 rule del pref 213', 'somebody took the rule away that asks table 213', undefined],
  ] as const) {
    ip(words);
    for (let tries = 0; heard.length === 0 && tries < 50; tries++) await sleep(10);
    t.same(
      heard.map((one) => [one.sentence, one.elements?.map(String)]),
      [[sentence, elements]],
      words,
    );
    heard.length = 0;
  }
});
