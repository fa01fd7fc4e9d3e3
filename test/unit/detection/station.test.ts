import { createSocket } from 'node:dgram';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import type { News, PositionNews, Progress } from '../../../src/detection/messages.js';
import { Station } from '../../../src/detection/station.js';
import { monotonic } from '../../../src/model/clock.js';
import { definition, EVIL, EXPONENTIAL, jail, line, NOW } from '../../jail.js';

type Of<Kind extends News['kind']> = Extract<News, { kind: Kind }>;

/** A station at work on a log, in this thread; verdicts are answered at once, unless `holds`. */
function station(
  t: Test,
  jails: (log: string) => readonly JailConfig[],
  more: { log?: string; positions?: readonly PositionNews[]; counts?: readonly string[] } = {},
) {
  const log = more.log ?? join(t.testdir(), 'a.log');
  if (!existsSync(log)) writeFileSync(log, '');
  const state = { now: NOW, holds: false, fails: false };
  const news: News[] = [];
  const it = new Station({
    assignment: {
      jails: jails(log),
      maxLine: 65_536,
      never: ['203.0.113.0/24'],
      positions: more.positions ?? [],
      counts: more.counts ?? [],
    },
    now: () => {
      if (state.fails) throw new Error('no clock');
      return state.now;
    },
    post: (word) => {
      news.push(structuredClone(word));
      if (word.kind === 'verdicts' && !state.holds) it.order({ kind: 'enforced', batch: word.batch });
    },
  });
  const running = it.run();
  const stop = async (): Promise<void> => {
    it.order({ kind: 'stop' });
    await running;
  };
  t.teardown(stop);
  const all = <Kind extends News['kind']>(kind: Kind) => news.filter((word) => word.kind === kind) as Of<Kind>[];
  const bans = (): string[] => all('verdicts').flatMap((word) => word.bans.map((ban) => `${ban.jail} ${ban.address}`));
  const progress = (): Progress[] => news.filter((word) => word.kind === 'progress' || word.kind === 'verdicts');
  /** As the ledger would know them. */
  const known = () => ({
    positions: [
      ...new Map(
        progress()
          .flatMap(({ positions }) => positions)
          .map((one) => [one.source, one]),
      ).values(),
    ],
    counts: progress().flatMap(({ counts }) => counts?.text ?? []),
  });
  const said = (): string[] => all('sentence').map(({ sentence }) => sentence);
  const report = () => {
    it.order({ kind: 'report', request: 7 });
    return all('report').at(-1);
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(5);
  };
  const ready = (): Promise<void> => until(() => all('ready').length > 0);
  return { log, state, news, all, bans, progress, known, said, report, until, ready, stop, station: it };
}

const reading = (log: string, name: string, more: Partial<JailConfig> = {}): JailConfig =>
  jail(name, { maxretry: 1, sources: [{ kind: 'file', pattern: log, start: 'end' }], ...more });
async function freePort(): Promise<number> {
  const probe = createSocket('udp4');
  const port = await new Promise<number>((resolve) => probe.bind(0, '127.0.0.1', () => resolve(probe.address().port)));
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

const knock = (address: string, time?: number): string => line(`knock from ${address}`, time);

t.test('it is ready when every log is open, and then lines become verdicts', async (t) => {
  const { log, all, bans, report, until, ready } = station(t, (path) => [reading(path, 'a')]);
  await ready();
  const before = monotonic();
  appendFileSync(log, `${knock('192.0.2.7')}harmless\n${knock('203.0.113.9')}`);
  await until(() => bans().length > 0);
  t.match(all('verdicts'), [{ batch: 1, bans: [{ address: '192.0.2.7', jail: 'a', since: NOW, until: null }] }]);
  const read = all('verdicts')[0]?.bans[0]?.read as number;
  t.ok(read > before && read < monotonic(), 'with the time at which its line was read');
  await until(() => report()?.report.jails[0]?.lines === 3);
  t.match(report(), {
    request: 7,
    report: {
      jails: [
        { name: 'a', filter: 'test', sources: [log], lines: 3, behind: 0, failures: 1, bans: 1, never: 1, overruns: 0 },
      ],
    },
  });
});

t.test('how far logs have been read: at the start, while lines come, and at the end', async (t) => {
  const { log, progress, bans, until, ready, stop } = station(t, (path) => [reading(path, 'a')]);
  await ready();
  t.match(progress(), [{ positions: [{ source: `file ${log}`, position: { kind: 'file', path: log, offset: 0 } }] }]);
  const first = knock('192.0.2.7');
  appendFileSync(log, first);
  await until(() => progress().length > 1);
  t.match(progress()[1], { positions: [{ source: `file ${log}`, position: { offset: first.length } }] });
  appendFileSync(log, first);
  await until(() => bans().length > 1);
  await stop();
  t.match(progress().at(-1), { positions: [{ position: { offset: 2 * first.length } }] });
});

t.test('what was written while nobody was there is judged once, by its own time', async (t) => {
  const first = station(t, (path) => [reading(path, 'a')]);
  await first.ready();
  await first.stop();
  const { positions } = first.known();
  appendFileSync(first.log, knock('192.0.2.7', NOW - 60_000) + knock('192.0.2.8', NOW - 3_600_000));
  const second = station(t, (path) => [reading(path, 'a')], { log: first.log, positions });
  await second.until(() => second.report()?.report.jails[0]?.lines === 2);
  t.same(second.bans(), ['a 192.0.2.7']);
  t.match(second.report()?.report.jails, [{ outdated: 1, skewed: 0 }]);
  await second.stop();
  const third = station(t, (path) => [reading(path, 'a')], {
    log: first.log,
    ...second.known(),
  });
  await third.ready();
  appendFileSync(first.log, knock('192.0.2.9'));
  await third.until(() => third.bans().length > 0);
  t.same(third.bans(), ['a 192.0.2.9']);
});

t.test('while four batches are on their way nothing more is read, and everything is afterwards', async (t) => {
  const { log, state, all, bans, report, until, ready, station: it } = station(t, (path) => [reading(path, 'a')]);
  state.holds = true;
  await ready();
  for (let batch = 1; batch <= 4; batch++) {
    appendFileSync(log, knock(`192.0.2.${batch}`));
    await until(() => all('verdicts').length === batch);
  }
  appendFileSync(log, knock('192.0.2.5'));
  await sleep(100);
  t.equal(all('verdicts').length, 4);
  t.match(report()?.report.jails, [{ lines: 4 }], 'it answers all the same');
  state.holds = false;
  it.order({ kind: 'enforced', batch: 1 });
  await until(() => bans().length === 5);
});

t.test('a live line of another source does not make live lines of those that are caught up with', async (t) => {
  const first = station(t, (path) => [reading(path, 'a')]);
  await first.ready();
  await first.stop();
  const pairs = Array.from({ length: 10_000 }, (_, index) => `${index >> 8}.${index & 255}`);
  const lines = pairs.map((pair) => knock(`10.1.${pair}`, NOW - 60_000) + knock(`10.2.${pair}`, NOW - 3_600_000));
  appendFileSync(first.log, lines.join(''));
  const port = await freePort();
  const {
    state,
    bans,
    all,
    report,
    until,
    ready,
    station: it,
  } = station(
    t,
    (path) => [
      reading(path, 'a', {
        filter: definition(['knock from <HOST>$']),
        sources: [
          { kind: 'file', pattern: path, start: 'end' },
          { kind: 'syslog', listen: `udp://127.0.0.1:${port}` },
        ],
      }),
    ],
    { log: first.log, ...first.known() },
  );
  state.holds = true;
  await ready();
  const sender = createSocket('udp4').unref();
  await until(() => all('verdicts').length > 0);
  sender.send('<38>May  4 12:00:00 host test: knock from 192.0.2.7', port, '127.0.0.1');
  await until(() => bans().includes('a 192.0.2.7'));
  state.holds = false;
  for (const { batch } of all('verdicts')) it.order({ kind: 'enforced', batch });
  await until(() => report()?.report.jails[0]?.lines === 20_001);
  // The message has the time of its arrival, by a clock that is not the station's.
  const [counts] = report()?.report.jails ?? [];
  t.equal(counts?.bans, 10_001);
  // A line that a busy machine interrupts is dated once more, and a date that is of no use is counted once more.
  t.ok((counts?.outdated ?? 0) >= 10_000 && (counts?.outdated ?? 0) < 10_100);
  t.ok((counts?.skewed ?? 0) >= 1);
});

t.test('a failure counts on where an earlier life was left, at whatever line', async (t) => {
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.1', '192.0.2.3', '192.0.2.3', '192.0.2.3', '192.0.2.2'];
  for (let cut = 0; cut <= addresses.length; cut++) {
    const two = (path: string) => [reading(path, 'a', { maxretry: 2 })];
    const first = station(t, two, { log: join(t.testdir(), `${cut}.log`) });
    await first.ready();
    appendFileSync(
      first.log,
      addresses
        .slice(0, cut)
        .map((address) => knock(address))
        .join(''),
    );
    await first.until(() => first.report()?.report.jails[0]?.lines === cut);
    await first.stop();
    const second = station(t, two, { log: first.log, ...first.known() });
    appendFileSync(
      first.log,
      addresses
        .slice(cut)
        .map((address) => knock(address))
        .join(''),
    );
    await second.until(() => second.report()?.report.jails[0]?.lines === addresses.length - cut);
    await second.stop();
    t.same([...first.bans(), ...second.bans()], ['a 192.0.2.1', 'a 192.0.2.3', 'a 192.0.2.2'], `cut at ${cut}`);
  }
});

t.test(
  'whatever verdict is the last that was told: its position is behind its line, and before every other that counts',
  async (t) => {
    const lines = Array.from({ length: 3_000 }, (_, index) => knock(`10.1.${(index >> 1) >> 8}.${(index >> 1) & 255}`));
    const evil = line(EVIL);
    const text = lines.map((one, index) => (index % 1_000 === 999 ? one + evil : one)).join('');
    const filter = definition(['^ knock from <HOST>$', EXPONENTIAL]);
    const { log, progress, until, ready, report } = station(t, (path) => [reading(path, 'a', { maxretry: 2, filter })]);
    await ready();
    appendFileSync(log, text);
    await until(() => report()?.report.jails[0]?.lines === 3_003);
    const told = progress();
    t.ok(told.length > 3, `${told.length} times`);
    let [bans, failures] = [0, 0];
    for (const one of told) {
      bans += 'bans' in one ? (one.bans as readonly unknown[]).length : 0;
      failures += (JSON.parse(one.counts?.text ?? '{"a":[]}') as { a: unknown[] }).a.length / 2;
      t.equal(bans, failures >> 1);
      const [news] = one.positions;
      if (news?.position.kind === 'file')
        t.equal(text.slice(0, news.position.offset).split('knock').length - 1, failures);
    }
    t.equal(failures, 3_000);
  },
);

t.test('orders are heard while a long chunk is judged', async (t) => {
  const { log, all, report, until, ready } = station(t, (path) => [
    reading(path, 'a', { filter: definition([EXPONENTIAL, '^ evil a+! from <ADDR>$']) }),
    reading(path, 'b', { filter: definition([EXPONENTIAL, '^ evil a+! from <ADDR>$']) }),
  ]);
  await ready();
  appendFileSync(log, line(EVIL).repeat(4));
  await until(() => all('sentence').length > 0);
  t.match(report()?.report.jails, [{ lines: 0 }], 'in its middle');
  await until(() => report()?.report.jails[1]?.lines === 4);
  t.equal(all('sentence').length, 6);
});

t.test('lines whose judgement fails are told of, and the next ones are judged', async (t) => {
  const { log, state, bans, said, until, ready } = station(t, (path) => [reading(path, 'a')]);
  await ready();
  state.fails = true;
  appendFileSync(log, knock('192.0.2.7'));
  await until(() => said().length > 0);
  t.same(said(), [`lines of ${log} were passed over: no clock`]);
  state.fails = false;
  appendFileSync(log, knock('192.0.2.8'));
  await until(() => bans().length > 0);
  t.same(bans(), ['a 192.0.2.8']);
});

t.test('with an ignorecommand a position waits for the answer', async (t) => {
  const go = join(t.testdir(), 'go');
  const command = `while ! test -e ${go}; do sleep 0.02; done; test <ip> = 192.0.2.7`;
  const { log, all, bans, report, until, ready } = station(t, (path) => [
    reading(path, 'a', { ignorecommand: command }),
  ]);
  await ready();
  appendFileSync(log, knock('192.0.2.7') + knock('192.0.2.8'));
  await until(() => report()?.report.jails[0]?.lines === 2);
  await sleep(1_200);
  t.equal(all('progress').length, 1, 'that of the start');
  writeFileSync(go, '');
  await until(() => bans().length > 0);
  t.same(bans(), ['a 192.0.2.8']);
  await until(() => all('progress').length === 2);
});

t.test('host names that are never banned are known before the first line is judged', async (t) => {
  const { log, report, until, ready } = station(t, (path) => [
    reading(path, 'a', { ignoreip: ['localhost', 'nobody.invalid'], usedns: 'warn' }),
  ]);
  await ready();
  appendFileSync(log, knock('192.0.2.7'));
  await until(() => report()?.report.jails[0]?.bans === 1);
  t.pass('a name without an address holds up nothing');
});

t.test('a source that fails is told of, and without any it waits to be stopped', async (t) => {
  const { all, said, ready, stop } = station(t, () => [
    jail('a', { sources: [{ kind: 'btmp', path: '/nowhere/folder/btmp' }] }),
    jail('b', { filter: definition(['(']) }),
  ]);
  await ready();
  t.match(said(), [/^jail b is left out: /, /^\/nowhere\/folder\/btmp is not read: /]);
  let isOver = false;
  const over = stop().then(() => {
    isOver = true;
  });
  t.equal(isOver, false);
  await over;
  t.match(all('progress'), [{ positions: [] }]);
});

t.test('told to stop before it has begun', async (t) => {
  const log = join(t.testdir(), 'a.log');
  writeFileSync(log, '');
  const { stop, bans } = station(t, (path) => [reading(path, 'a')], { log });
  await stop();
  t.same(bans(), []);
});

t.test(
  'other jails take over between two chunks: who stays is not touched, who changes keeps counts and places',
  async (t) => {
    const it = station(t, (path) => [
      reading(path, 'stays', { maxretry: 2 }),
      reading(path, 'changes', { maxretry: 4 }),
      reading(path, 'goes'),
    ]);
    const other = `${it.log}.other`;
    writeFileSync(other, knock('192.0.2.50').repeat(3));
    await it.ready();
    appendFileSync(it.log, knock('192.0.2.7'));
    await it.until(() => it.bans().length === 1);
    const jails = [
      reading(it.log, 'stays', { maxretry: 2, origin: 'elsewhere' }),
      reading(it.log, 'changes', { maxretry: 2, ignoreip: ['192.0.2.9'] }),
      reading(other, 'comes'),
    ];
    it.station.order({ kind: 'prepare', request: 1, jails, never: ['192.0.2.8'] });
    await it.until(() => it.all('prepared').length === 1);
    t.match(it.all('prepared'), [{ request: 1, faults: [] }]);
    appendFileSync(it.log, knock('192.0.2.6'));
    await it.until(() => it.bans().length === 2);
    t.same(it.bans(), ['goes 192.0.2.7', 'goes 192.0.2.6'], 'nothing has changed yet');
    it.station.order({ kind: 'replace', request: 2 });
    await it.until(() => it.all('replaced').length === 1);
    t.ok(
      it
        .progress()
        .at(-1)
        ?.positions.some(({ source }) => source === `file ${other}`),
    );
    t.ok(it.progress().at(-1)?.counts?.isWhole);
    appendFileSync(it.log, knock('192.0.2.7') + knock('192.0.2.8').repeat(2) + knock('203.0.113.9').repeat(2));
    appendFileSync(other, knock('192.0.2.60'));
    await it.until(() => it.bans().length === 7);
    t.same(it.bans().slice(2).sort(), [
      'changes 192.0.2.7',
      'changes 203.0.113.9',
      'comes 192.0.2.60',
      'stays 192.0.2.7',
      'stays 203.0.113.9',
    ]);
    await it.until(() => it.report()?.report.jails[0]?.lines === 7);
    t.match(it.report()?.report.jails, [
      { name: 'stays', lines: 7, failures: 5, never: 2 },
      { name: 'changes', lines: 7, failures: 5, never: 2 },
      { name: 'comes', lines: 1, failures: 1 },
    ]);
  },
);

t.test(
  'a jail that cannot be made ready is a fault, and nothing changes; one that was left out before is none',
  async (t) => {
    const broken = (name: string) => jail(name, { filter: definition(['(']) });
    const it = station(t, (path) => [reading(path, 'a'), broken('old')]);
    await it.ready();
    const prepare = async (request: number, jails: readonly JailConfig[]): Promise<readonly string[] | undefined> => {
      it.station.order({ kind: 'prepare', request, jails, never: [] });
      await it.until(() => it.all('prepared').length === request);
      return it.all('prepared').at(-1)?.faults;
    };
    t.match(await prepare(1, [broken('a'), broken('new')]), [/^jail a is left out: /, /^jail new is left out: /]);
    it.station.order({ kind: 'replace', request: 2 });
    await it.until(() => it.all('replaced').length === 1);
    appendFileSync(it.log, knock('192.0.2.7'));
    await it.until(() => it.bans().length === 1);
    t.same(await prepare(2, [reading(it.log, 'a'), broken('old')]), []);
  },
);

t.test('sources that no jail reads any more are closed, others go on, and one that comes is read', async (t) => {
  const [one, two] = [await freePort(), await freePort()];
  const source = (port: number) => ({ kind: 'syslog', listen: `udp://127.0.0.1:${port}` }) as const;
  const it = station(t, () => [jail('a', { maxretry: 1, sources: [source(one)] })]);
  await it.ready();
  const sender = createSocket('udp4');
  t.teardown(() => sender.close());
  const say = (port: number, address: string): void =>
    sender.send(`<38>${new Date(NOW).toISOString()} host knock: from ${address}`, port, '127.0.0.1');
  const change = async (times: number, sources: JailConfig['sources']): Promise<void> => {
    const jails = [jail('a', { maxretry: 1, sources, filter: definition(['^ host knock: from <HOST>$']) })];
    it.station.order({ kind: 'prepare', request: 0, jails, never: [] });
    await it.until(() => it.all('prepared').length === times);
    it.station.order({ kind: 'replace', request: 0 });
    await it.until(() => it.all('replaced').length === times);
  };
  await change(1, [source(two), source(one)]);
  await change(2, [source(two)]);
  say(two, '192.0.2.7');
  await it.until(() => it.report()?.report.jails[0]?.lines === 1);
  const free = createSocket('udp4');
  await new Promise<void>((resolve, reject) => free.once('error', reject).bind(one, '127.0.0.1', () => resolve()));
  free.close();
  t.same(it.said(), []);
});
