import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { News } from '../../../src/detection/messages.js';
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
  await box.send([ban('192.0.2.8')]);
  const rest = { jail: 'test', reason: 'knocked', since: NOW, until: null };
  t.same(posted, [
    {
      kind: 'verdicts',
      batch: 1,
      bans: [
        { address: '192.0.2.7', ...rest },
        { address: '2001:db8::/64', ...rest },
      ],
    },
    { kind: 'verdicts', batch: 2, bans: [{ address: '192.0.2.8', ...rest }] },
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
