import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Surroundings } from '../../../../src/backends/xdp/surroundings.js';
import { ip } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';
import { until } from '../../../xdp.js';

enterNamespace();

function watched(t: Test, routes: boolean, every?: number) {
  const looks: number[] = [];
  const surroundings = new Surroundings(routes, async () => void looks.push(performance.now()), every);
  t.teardown(() => surroundings.close());
  surroundings.watch();
  return { surroundings, looks };
}

t.test('a swarm of events is one look, soon', async (t) => {
  const { looks, surroundings } = watched(t, false);
  ip('link add swarm type veth peer name mraws');
  await until('it looked', () => looks.length > 0);
  await sleep(100);
  const before = looks.length;
  for (let times = 0; times < 100; times++) surroundings.soon();
  await sleep(200);
  t.equal(looks.length, before + 1);
});

t.test('events without end do not keep it from looking', async (t) => {
  const { looks, surroundings } = watched(t, false);
  for (let times = 0; times < 40; times++) {
    surroundings.soon();
    await sleep(10);
  }
  t.ok(looks.length >= 3, `${looks.length} looks`);
});

t.test('default routes of both families, where they matter', async (t) => {
  ip('link set lo up');
  const indifferent = watched(t, false);
  const { looks } = watched(t, true);
  for (const route of ['route add 203.0.113.0/24 dev lo', '-6 route add 2001:db8:5::/48 dev lo']) ip(route);
  await sleep(150);
  t.equal(looks.length, 0, 'other routes do not');
  for (const words of ['route add default dev lo', '-6 route add default dev lo', 'route delete default']) {
    const before = looks.length;
    ip(words);
    await until(words, () => looks.length > before);
  }
  t.equal(indifferent.looks.length, 0);
});

t.test('now and then without any event, until it is closed', async (t) => {
  const { looks, surroundings } = watched(t, false, 20);
  await until('it looked twice', () => looks.length >= 2);
  surroundings.soon();
  await surroundings.close();
  const before = looks.length;
  surroundings.soon();
  await sleep(150);
  t.equal(looks.length, before);
  await surroundings.close();
});

t.test('one look at a time, and closing waits for it', async (t) => {
  let running = 0;
  let most = 0;
  const surroundings = new Surroundings(
    false,
    async () => {
      most = Math.max(most, ++running);
      await sleep(200);
      running--;
    },
    1_000_000,
  );
  surroundings.watch();
  surroundings.soon();
  await until('it looks', () => running === 1);
  surroundings.soon();
  await sleep(100);
  await surroundings.close();
  t.same([running, most], [0, 1]);
});
