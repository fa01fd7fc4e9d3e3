import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { Sweeper } from '../../../../src/backends/xdp/sweeper.js';
import { ADD, REMOVE, Records } from '../../../../src/bpf/records.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace({ bpf: true });

function swept(t: Test) {
  const generation = Generation.create(65_536, true);
  const sweeper = new Sweeper(generation.tables);
  t.teardown(async () => {
    await sweeper.stop();
    generation.close();
  });
  return { generation, sweeper };
}

function write({ tables }: Generation, address: string, verb: number, left = Number.POSITIVE_INFINITY): void {
  const records = new Records().reset(1);
  records.add(Prefix.parse(address), verb, left);
  tables.apply(records.bytes);
}

t.test('takes out what is over, and nothing else', async (t) => {
  const { generation, sweeper } = swept(t);
  write(generation, '192.0.2.1', ADD);
  write(generation, '192.0.2.2', ADD, 100);
  write(generation, '2001:db8::/48', ADD, 100);
  await sweeper.settle();
  t.equal(generation.tables.state.held, 3);
  await sleep(500);
  t.match(generation.tables.state, { held: 3, due: true });
  await Promise.all([sweeper.settle(), sweeper.settle()]);
  t.match(generation.tables.state, { held: 1, due: false });
});

t.test('leaves the event loop its turns, and finds who comes meanwhile', async (t) => {
  const { generation, sweeper } = swept(t);
  write(generation, '192.0.2.1', ADD);
  write(generation, '192.0.2.1', REMOVE);
  const sweep = sweeper.settle();
  write(generation, '198.51.100.1', ADD);
  let turns = 0;
  let done = false;
  const count = async (): Promise<void> => {
    for (; !done; turns++) await setImmediate();
  };
  const counted = count();
  await sweep;
  done = true;
  await counted;
  t.ok(turns > 3, `${turns} turns`);
  t.ok(generation.tables.find([Prefix.parse('198.51.100.1')])[0]);
});

t.test('follows to other tables in the middle of a sweep; stopped, it does nothing', async (t) => {
  const { generation, sweeper } = swept(t);
  const other = swept(t).generation;
  write(generation, '192.0.2.1', ADD, 1);
  write(other, '192.0.2.1', ADD, 1);
  await sleep(400);
  const sweep = sweeper.settle();
  await sweeper.follow(other.tables);
  await sweep;
  await sweeper.settle();
  t.equal(other.tables.state.held, 0);
  write(other, '192.0.2.1', ADD, 1);
  await sleep(400);
  await sweeper.stop();
  await sweeper.settle();
  t.equal(other.tables.state.held, 1);
});
