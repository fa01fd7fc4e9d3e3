import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { RouteBackend } from '../../../../src/backends/route/backend.js';
import { Batch } from '../../../../src/model/batch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import type { Change } from '../../../../src/model/street.js';
import { ip } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

const p = Prefix.parse;
const add = (address: string, until: number | null = null): Change => ({ verb: 'add', prefix: p(address), until });
const batch = (...changes: Change[]): Batch => new Batch(changes, Date.now());
const holes = (family = '-4'): string[] =>
  ip(`${family} route show table 213 type blackhole`)
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .sort();

async function opened(allow: readonly string[] = []): Promise<RouteBackend> {
  const backend = new RouteBackend({ table: 213, allow: allow.map((address) => p(address)) });
  await backend.open();
  return backend;
}

t.test('what an earlier run left drops until it is settled, and goes on if it is wanted', async (t) => {
  const first = await opened();
  await first.settle();
  await first.apply(batch(add('192.0.2.1'), add('192.0.2.2', Date.now() + 60_000), add('2001:db8::/32')));
  await first.close({ keep: true });
  t.same(holes(), ['192.0.2.1', '192.0.2.2'], 'they stand without the process');
  const second = await opened();
  t.same(await second.lookup([p('192.0.2.1')]), [undefined], 'their ends are not known');
  await second.apply(batch(add('192.0.2.2'), add('192.0.2.3')));
  t.same(holes(), ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  t.same(await second.check(), []);
  await second.settle();
  t.same(holes(), ['192.0.2.2', '192.0.2.3']);
  t.same(holes('-6'), []);
  t.same(second.state(), { routes: { table: 213 } });
  t.equal((await second.counters()).elements, 2);
  await second.close({ keep: false });
  t.same([holes(), ip('rule show pref 213')], [[], '']);
});

t.test('a route of somebody else in the table: it is not opened, and never touched', async (t) => {
  ip('route add unreachable 198.51.100.7 table 213 proto static');
  await t.rejects(opened(), {
    code: 'busy',
    message: /table 213 has 1 routes that are not dropset's, the first to 198.51.100.7: give/,
  });
  ip('route del 198.51.100.7 table 213');
  const backend = await opened();
  await backend.settle();
  ip('route add unreachable 198.51.100.7 table 213 proto static');
  const refusal = await backend
    .apply(batch(add('198.51.100.6'), add('198.51.100.7'), add('198.51.100.8')))
    .catch((thrown) => thrown);
  t.match(refusal, {
    fault: 'element',
    message: /not dropset's stands in table 213/,
    element: { text: '198.51.100.7' },
  });
  t.same(holes(), [], 'none of the batch');
  t.same(await backend.lookup([p('198.51.100.6')]), [undefined]);
  t.match(ip('route show table 213'), /^unreachable 198.51.100.7 proto static/);
  t.same(await backend.check(), []);
  await backend.close({ keep: false });
  t.match(ip('route show table 213'), /^unreachable 198.51.100.7 proto static/);
  ip('route del 198.51.100.7 table 213');
});

t.test('what somebody takes away is told, found and brought back', async (t) => {
  const backend = await opened(['192.0.2.128/25']);
  await backend.settle();
  const told: string[] = [];
  backend.watch(({ elements }) => told.push(elements?.join() ?? 'all'));
  await backend.apply(batch(add('192.0.2.1'), add('192.0.2.0/24'), add('192.0.2.200')));
  t.same(holes(), ['192.0.2.0/24', '192.0.2.1'], 'what is allowed has no route');
  ip('route del 192.0.2.1 table 213');
  for (let tries = 0; told.length === 0 && tries < 50; tries++) await sleep(10);
  t.same(told, ['192.0.2.1']);
  await backend.apply(batch(add('192.0.2.1')));
  t.same(holes(), ['192.0.2.0/24', '192.0.2.1'], 'it is written again');
  ip('route flush table 213');
  ip('-6 rule del pref 213');
  ip('route add blackhole 192.0.2.77 table 213 proto 213');
  t.same(await backend.check(), [
    'the rule that has IPv6 ask table 213 is missing',
    'in table 213 the throw route to 192.0.2.128/25 is missing, and 2 more',
    'in table 213 the blackhole route to 192.0.2.77 should not be there',
  ]);
  await backend.repair();
  t.same(await backend.check(), []);
  t.same(holes(), ['192.0.2.0/24', '192.0.2.1']);
  await backend.close({ keep: true });
  t.equal(
    await new RouteBackend({ table: 213, allow: [] }).detach(),
    '2 blackhole routes of table 213, and the rules that asked it, are gone',
  );
  t.same([holes(), ip('rule show pref 213'), ip('route show table 213')], [[], '', '']);
});

t.test('the rule is behind local: the host’s own addresses are never cut off', async (t) => {
  const backend = await opened();
  await backend.apply(batch(add('127.0.0.0/8')));
  t.match(ip('route get 127.0.0.1'), /^local 127.0.0.1/);
  await backend.close({ keep: false });
});
