import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { News, PositionNews } from '../../../src/detection/messages.js';
import { Outbox } from '../../../src/detection/outbox.js';
import { ban, jail, NOW } from '../../jail.js';

type Sent = Extract<News, { kind: 'verdicts' }>;

const isDone = async (promise: Promise<void>): Promise<boolean> => {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise(setImmediate);
  return done;
};

function outbox(jails = [jail('test')]) {
  const posted: Sent[] = [];
  return { posted, outbox: new Outbox(jails, (news) => posted.push(news as Sent)) };
}

t.test('verdicts are handed over as plain values, in numbered batches', async (t) => {
  const { posted, outbox: box } = outbox();
  await box.send([ban('192.0.2.7'), ban('2001:db8::/64')]);
  await box.send([]);
  await box.send([{ ...ban('192.0.2.8'), read: 17 }]);
  const rest = { jail: 'test', reason: 'knocked', since: NOW, until: null };
  t.same(posted, [
    {
      kind: 'verdicts',
      batch: 1,
      bans: [
        { address: '192.0.2.7', ...rest },
        { address: '2001:db8::/64', ...rest },
      ],
      positions: [],
      counts: { text: '{}', isWhole: true },
    },
    { kind: 'verdicts', batch: 2, bans: [{ address: '192.0.2.8', ...rest, read: 17 }], positions: [] },
  ]);
  t.same(structuredClone(posted), posted);
});

t.test('with four batches on their way, who sends has to wait until one has arrived', async (t) => {
  const { posted, outbox: box } = outbox();
  for (let batch = 1; batch <= 3; batch++) t.ok(await isDone(box.send([ban('192.0.2.7')])), `${batch}`);
  const fourth = box.send([ban('192.0.2.7')]);
  const fifth = box.send([ban('192.0.2.7')]);
  t.equal(posted.length, 5, 'what was decided is never held back');
  t.notOk(await isDone(fourth));
  box.arrived(2);
  t.notOk(await isDone(fourth), 'there are still four');
  box.arrived(2);
  box.arrived(99);
  t.notOk(await isDone(fourth));
  box.arrived(4);
  t.ok(await isDone(fourth));
  t.ok(await isDone(fifth));
});

t.test("a jail's ignorecommand is asked for each of its verdicts", async (t) => {
  const { posted, outbox: box } = outbox([jail('test', { ignorecommand: 'test <ip> = 192.0.2.7' }), jail('other')]);
  await box.send([ban('192.0.2.7'), ban('192.0.2.8'), ban('192.0.2.7', 'other')]);
  await box.send([ban('192.0.2.7')]);
  t.match(posted, [
    {
      bans: [
        { address: '192.0.2.8', jail: 'test' },
        { address: '192.0.2.7', jail: 'other' },
      ],
    },
  ]);
  t.equal(posted.length, 1, 'nothing is sent where all are spared');
});

t.test('one command runs at a time, and batches stay in order', async (t) => {
  const folder = t.testdir();
  const [lock, log] = [join(folder, 'lock'), join(folder, 'log')];
  const command = `echo <ip> >> ${log}; mkdir ${lock} || echo two at a time >> ${log}; sleep 0.05; rmdir ${lock}; false`;
  const { posted, outbox: box } = outbox([jail('test', { ignorecommand: command })]);
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
  await Promise.all([box.send([ban('192.0.2.1'), ban('192.0.2.2')]), box.send([ban('192.0.2.3')])]);
  t.same(
    posted.flatMap(({ bans }) => bans.map(({ address }) => address)),
    addresses,
  );
  t.equal(readFileSync(log, 'utf8'), addresses.map((address) => `${address}\n`).join(''));
  t.notOk(existsSync(lock));
});

const at = (source: string, offset: number): PositionNews => ({
  source,
  position: { kind: 'file', path: source, device: '1', inode: '2', offset, hash: '', hashed: 0 },
});

t.test('a verdict goes with all progress up to it, and no progress goes before its verdict', async (t) => {
  const { posted, outbox: box } = outbox();
  await box.send([]);
  box.read(at('/a', 1));
  box.read(at('/b', 5));
  box.read(at('/a', 2));
  box.counted('test', '192.0.2.7', 100);
  box.counted('other', '192.0.2.8', 101);
  box.counted('test', '192.0.2.7', 102);
  box.late(ban('192.0.2.9'));
  await box.send([ban('192.0.2.7')]);
  box.read(at('/a', 3));
  await box.send([]);
  await box.send([]);
  t.match(posted, [
    { kind: 'progress', positions: [], counts: { text: '{}', isWhole: true } },
    {
      kind: 'verdicts',
      bans: [{ address: '192.0.2.9' }, { address: '192.0.2.7' }],
      positions: [at('/a', 2), at('/b', 5)],
      counts: { text: '{"test":["192.0.2.7",100,"192.0.2.7",102],"other":["192.0.2.8",101]}', isWhole: false },
    },
    { kind: 'progress', positions: [at('/a', 3)] },
  ]);
  t.equal(posted.length, 3);
  t.notOk('counts' in (posted[2] ?? {}));
});

t.test('what was lost is told once more, all of it', async (t) => {
  const open = { test: ['192.0.2.7', 100] };
  const posted: News[] = [];
  const box = new Outbox(
    [jail('test')],
    (news) => posted.push(news),
    () => open,
  );
  box.read(at('/a', 1));
  await box.send([]);
  box.read(at('/b', 1));
  await box.send([]);
  box.lost();
  await box.send([]);
  const whole = { text: JSON.stringify(open), isWhole: true };
  t.strictSame(posted, [
    { kind: 'progress', positions: [at('/a', 1)], counts: whole },
    { kind: 'progress', positions: [at('/b', 1)] },
    { kind: 'progress', positions: [at('/a', 1), at('/b', 1)], counts: whole },
  ]);
});

t.test('progress waits behind the command that is asked for its verdict', async (t) => {
  const go = join(t.testdir(), 'go');
  const { posted, outbox: box } = outbox([
    jail('test', { ignorecommand: `while ! test -e ${go}; do sleep 0.01; done` }),
  ]);
  box.read(at('/a', 1));
  const first = box.send([ban('192.0.2.7')]);
  box.read(at('/a', 2));
  const second = box.send([]);
  t.notOk(await isDone(second));
  t.same(posted, []);
  writeFileSync(go, '');
  await Promise.all([first, second]);
  t.match(posted, [
    { kind: 'progress', positions: [at('/a', 1)] },
    { kind: 'progress', positions: [at('/a', 2)] },
  ]);
});

t.test('what follows from bans goes with them, unless a command has spared these', async (t) => {
  for (const ignorecommand of [undefined, 'test <ip> = 192.0.2.7']) {
    const posted: Sent[] = [];
    const asked: string[] = [];
    const box = new Outbox(
      [jail('test', ignorecommand === undefined ? {} : { ignorecommand })],
      (news) => posted.push(news as Sent),
      () => ({}),
      (verdicts) => {
        asked.push(...verdicts.map(({ ban: { prefix } }) => prefix.text));
        return verdicts.map(({ ban: { prefix } }) => ban(prefix.text, 'recidive'));
      },
    );
    await box.send([ban('192.0.2.7'), ban('192.0.2.8')]);
    const wanted = ignorecommand === undefined ? ['192.0.2.7', '192.0.2.8'] : ['192.0.2.8'];
    t.same(asked, wanted);
    t.same(
      posted[0]?.bans.map(({ address, jail: name }) => `${name} ${address}`),
      [...wanted.map((address) => `test ${address}`), ...wanted.map((address) => `recidive ${address}`)],
    );
  }
});
