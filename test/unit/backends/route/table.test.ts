import { execFileSync } from 'node:child_process';
import t from 'tap';
import { RouteTable } from '../../../../src/backends/route/table.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { ip } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

const p = Prefix.parse;
const hole = (address: string, verb: 'add' | 'remove' = 'add') =>
  ({ verb, kind: 'blackhole', prefix: p(address) }) as const;
const listed = (family: string): string[] =>
  execFileSync('ip', [family, 'route', 'show', 'table', '213', 'proto', '213'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ', 2).join(' '))
    .sort();

t.test('routes go in and out; what is gone already is no error', async (t) => {
  const table = RouteTable.open(213);
  t.teardown(() => table.close());
  t.same(await table.carryOut([]), []);
  const throws = { verb: 'add', kind: 'throw', prefix: p('192.0.2.0/30') } as const;
  t.same(await table.carryOut([hole('192.0.2.0/24'), throws, hole('192.0.2.9'), hole('2001:db8::/32')]), []);
  t.same(listed('-4'), ['blackhole 192.0.2.0/24', 'blackhole 192.0.2.9', 'throw 192.0.2.0/30']);
  t.same(listed('-6'), ['blackhole 2001:db8::/32']);
  const { blackhole, throw: passing, foreign } = await table.dump();
  t.same([...blackhole.keys()].sort(), ['192.0.2.0/24', '192.0.2.9', '2001:db8::/32']);
  t.same([[...passing.keys()], foreign], [['192.0.2.0/30'], []]);
  t.same(await table.carryOut([hole('192.0.2.9', 'remove'), hole('192.0.2.9', 'remove')]), []);
  t.same(listed('-4'), ['blackhole 192.0.2.0/24', 'throw 192.0.2.0/30']);
});

t.test('what is somebody else’s is neither replaced nor deleted, and what stands beside it goes in', async (t) => {
  const table = RouteTable.open(214);
  t.teardown(() => table.close());
  ip('route add blackhole 198.51.100.7 table 214 proto static');
  const refused = await table.carryOut([hole('198.51.100.6'), hole('198.51.100.7'), hole('198.51.100.8')]);
  t.same(
    refused.map(({ step, error }) => [step.prefix.text, error.errno]),
    [['198.51.100.7', 17]],
  );
  t.same(await table.carryOut([hole('198.51.100.7', 'remove')]), []);
  const { blackhole, foreign } = await table.dump();
  t.same([...blackhole.keys()], ['198.51.100.6', '198.51.100.8']);
  t.same(foreign.map(String), ['198.51.100.7']);
});

t.test('rules of both families, once', async (t) => {
  const table = RouteTable.open(213);
  t.teardown(() => table.close());
  t.same([...(await table.ruled())], []);
  await table.rules('add');
  await table.rules('add');
  t.same([...(await table.ruled())].sort(), [4, 6]);
  t.equal(ip('rule show pref 213').trim(), '213:\tfrom all lookup 213 proto 213');
  ip('rule del pref 213');
  t.same([...(await table.ruled())], [6]);
  await table.rules('remove');
  await table.rules('remove');
  t.same([...(await table.ruled())], []);
});

t.test('more than fits into one request', async (t) => {
  const table = RouteTable.open(70_000);
  t.teardown(() => table.close());
  const steps = Array.from({ length: 150_000 }, (_, index) =>
    hole(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
  );
  t.same(await table.carryOut(steps), []);
  t.equal((await table.dump()).blackhole.size, 150_000);
});
