import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Cycle } from '../../../../src/backends/denyfile/cycle.js';

function cycleOf(interval: number, work: () => Promise<void> = async () => undefined) {
  const rounds: number[] = [];
  const told: (string | undefined)[] = [];
  const round = async (): Promise<void> => {
    rounds.push(performance.now());
    await work();
  };
  return { rounds, told, cycle: new Cycle({ interval, round, told: (failure) => told.push(failure) }) };
}

t.test('the first at once, those behind it together', async (t) => {
  const { cycle, rounds } = cycleOf(200);
  t.notOk(cycle.isPending);
  cycle.ask();
  t.ok(cycle.isPending);
  await sleep(30);
  t.equal(rounds.length, 1);
  for (let times = 0; times < 50; times++) cycle.ask();
  await sleep(100);
  t.equal(rounds.length, 1);
  await sleep(200);
  t.equal(rounds.length, 2);
  t.ok((rounds[1] as number) - (rounds[0] as number) >= 199);
  t.notOk(cycle.isPending);
});

t.test('what is asked for while a round runs is done in the next', async (t) => {
  let open = (): void => undefined;
  const { cycle, rounds } = cycleOf(10, () => new Promise((resolve) => (open = resolve)));
  cycle.ask();
  await sleep(20);
  cycle.ask();
  await sleep(50);
  t.equal(rounds.length, 1, 'never two at a time');
  const done = cycle.now();
  open();
  await sleep(5);
  t.equal(rounds.length, 2);
  open();
  await done;
  t.notOk(cycle.isPending);
  await cycle.now();
  t.equal(rounds.length, 2);
});

t.test('a round that failed comes again, not at once; what is told', async (t) => {
  let isBad = true;
  const { cycle, rounds, told } = cycleOf(10, async () => {
    if (isBad) throw new Error('disk full');
  });
  cycle.ask();
  await sleep(100);
  t.equal(rounds.length, 1);
  t.ok(cycle.isPending);
  await cycle.now();
  t.same(told, ['disk full', 'disk full']);
  isBad = false;
  await cycle.now();
  t.same(told, ['disk full', 'disk full', undefined]);
  t.equal(rounds.length, 3);
});

t.test('stopping does what was asked for, and nothing afterwards', async (t) => {
  const { cycle, rounds } = cycleOf(60_000);
  cycle.ask();
  await cycle.now();
  cycle.ask();
  await cycle.stop();
  t.equal(rounds.length, 2);
  cycle.ask();
  await sleep(30);
  t.equal(rounds.length, 2);
});
