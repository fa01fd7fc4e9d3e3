import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { type LinkEvent, watchDefaultRoutes, watchLinks } from '../../../src/rtnetlink/watch.js';
import { elsewhere, ip, passObject } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

/** Watches from here on; `until` takes events up to the first that is wanted. */
function watching(t: Test, options = {}) {
  const events: LinkEvent[] = [];
  let wake = (): void => undefined;
  const watch = watchLinks((event) => {
    events.push(event);
    wake();
  }, options);
  t.teardown(() => watch.close());
  const next = async (): Promise<LinkEvent> => {
    for (let event = events.shift(); ; event = events.shift()) {
      if (event) return event;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const until = async (wanted: (event: LinkEvent) => boolean): Promise<LinkEvent> => {
    for (let event = await next(); ; event = await next()) if (wanted(event)) return event;
  };
  return { watch, events, until };
}

const changed =
  (name: string, isWanted: (link: Extract<LinkEvent, { kind: 'changed' }>['link']) => boolean = () => true) =>
  (event: LinkEvent): boolean =>
    event.kind === 'changed' && event.link.name === name && isWanted(event.link);

const gone =
  (name: string) =>
  (event: LinkEvent): boolean =>
    event.kind === 'gone' && event.name === name;

t.test('an interface’s life', async (t) => {
  const { until } = watching(t);
  ip('link add born type veth peer name twin');
  const born = await until(changed('born'));
  const index = born.kind === 'changed' ? born.link.index : 0;
  t.match(born, { link: { kind: 'veth', up: false, mtu: 1500 } });
  ip('link set born up');
  t.match(await until(changed('born', ({ up }) => up)), { link: { index } });
  ip('link set born down');
  await until(changed('born', ({ up }) => !up));
  ip('link set born name renamed');
  t.match(await until(changed('renamed')), { link: { index } });
  ip('link set renamed mtu 1300');
  await until(changed('renamed', ({ mtu }) => mtu === 1300));
  ip('link del renamed');
  t.same(await until(gone('renamed')), { kind: 'gone', index, name: 'renamed' });
});

t.test('an XDP program comes and goes', async (t) => {
  const object = passObject(t.testdir());
  ip('link add x0 type veth peer name x1');
  ip('link set x0 up');
  const { until } = watching(t);
  ip(`link set dev x0 xdpgeneric obj ${object} sec xdp`);
  t.match(await until(changed('x0', ({ xdp }) => xdp !== undefined)), { link: { xdp: { mode: 'generic' } } });
  ip('link set dev x0 xdpgeneric off');
  await until(changed('x0', ({ xdp }) => xdp === undefined));
});

t.test('one that leaves a bridge is still there; one that leaves the namespace is gone', async (t) => {
  const other = await elsewhere();
  t.teardown(() => other.end());
  ip('link add br0 type bridge');
  ip('link add port type veth peer name trop');
  const { until, events } = watching(t);
  ip('link set port master br0');
  await until(changed('port', ({ master }) => master?.kind === 'bridge'));
  ip('link set port nomaster');
  await until(changed('port', ({ master }) => master === undefined));
  ip('link set port mtu 1400');
  await until(changed('port', ({ mtu }) => mtu === 1400));
  t.notOk(events.some(gone('port')));
  ip(`link set port netns ${other.pid}`);
  await until(gone('port'));
});

t.test('where the kernel drops events, it is told', async (t) => {
  const { until } = watching(t, { receiveBuffer: 1 });
  for (let i = 0; i < 20; i++) ip(`link add lost${i} type veth peer name tsol${i}`);
  t.same(await until(({ kind }) => kind === 'lost'), { kind: 'lost' });
});

t.test('default routes of the main table, and no others', async (t) => {
  ip('link set lo up');
  let told = 0;
  let wake = (): void => undefined;
  const watch = watchDefaultRoutes(() => {
    told++;
    wake();
  });
  t.teardown(() => watch.close());
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  for (const words of [
    'route add 203.0.113.0/24 dev lo',
    'route add default dev lo table 100',
    'route add blackhole default metric 9',
  ])
    ip(words);
  for (const words of [
    'route add default dev lo',
    '-6 route add default dev lo',
    'route delete default dev lo',
    '-6 route delete default dev lo',
  ]) {
    const before = told;
    const came = next();
    ip(words);
    await came;
    t.equal(told, before + 1, words);
  }
  watch.close();
});

t.test('closed from within its own listener, it says no more', async (t) => {
  const heard: LinkEvent[] = [];
  const first = new Promise<void>((resolve) => {
    const watch = watchLinks((event) => {
      heard.push(event);
      watch.close();
      watch.close();
      resolve();
    });
  });
  const { until } = watching(t);
  for (let i = 0; i < 5; i++) ip(`link set lo mtu ${60_000 + i}`);
  await first;
  await until(changed('lo', ({ mtu }) => mtu === 60_004));
  t.equal(heard.length, 1);
});

t.test('a process that has closed its watch can end', async (t) => {
  const source = fileURLToPath(new URL('../../../src/rtnetlink/watch.ts', import.meta.url));
  const program = `const { watchLinks } = await import(${JSON.stringify(source)}); watchLinks(() => undefined).close();`;
  const options = { timeout: 20_000, encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync(process.execPath, [...process.execArgv, '--eval', program], options);
  t.equal(status, 0, stderr);
});
