import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Confirmations } from '../../../src/daemon/confirmations.js';
import { Prefix } from '../../../src/model/prefix.js';
import { MANUAL } from '../../../src/model/street.js';

const pending = (address: string, deadline: number, until: number | null = null) => ({
  ban: { prefix: Prefix.parse(address), jail: MANUAL, reason: 'test', since: 0, until },
  deadline,
});

t.test('they wait until their time is over, also over a restart, and are taken once', async (t) => {
  const state = { now: 0 };
  const problems: string[] = [];
  const path = join(t.testdir(), 'state', 'unconfirmed.json');
  const make = () =>
    new Confirmations(
      () => state.now,
      path,
      (sentence) => problems.push(sentence),
    );
  const first = make();
  first.add([]);
  first.add([pending('192.0.2.1', 100), pending('192.0.2.2', 200, 5000)]);
  first.add([pending('192.0.2.1', 300)]);
  t.same(
    first.pending.map(({ ban, deadline }) => [ban.prefix.text, deadline]),
    [
      ['192.0.2.2', 200],
      ['192.0.2.1', 300],
    ],
  );
  const second = make();
  state.now = 200;
  t.same(
    second.pending.map(({ ban }) => [ban.prefix.text, ban.jail, ban.reason, ban.until]),
    [['192.0.2.1', 'manual', 'test', null]],
  );
  t.equal(second.take().length, 1);
  t.same(second.take(), []);
  t.same(make().pending, []);
  writeFileSync(path, '{');
  t.same(make().pending, []);
  t.match(problems, [/which bans wait to be confirmed is lost/]);
});

t.test('they are bounded; without a path, or where it cannot be written, they are in memory', async (t) => {
  const problems: string[] = [];
  const made = new Confirmations(
    () => 0,
    undefined,
    () => undefined,
  );
  made.makeRoom(10_000);
  t.throws(() => made.makeRoom(10_001), { code: 'request', message: /at most 10000 bans wait/ });
  const lost = new Confirmations(
    () => 0,
    join(t.testdir({ file: '' }), 'file', 'unconfirmed.json'),
    (sentence) => problems.push(sentence),
  );
  lost.add([pending('192.0.2.1', 1)]);
  t.equal(lost.pending.length, 1);
  t.match(problems, [/is lost: ENOTDIR/, /a restart would not know/]);
});
