import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Guard } from '../../../src/detection/guard.js';
import { Lane } from '../../../src/detection/lane.js';
import { threadTime } from '../../../src/detection/thread-time.js';
import { banned, chunk, definition, EVIL, EXPONENTIAL, jail, line, NOW, watches } from '../../jail.js';

const MINUTE = 60_000;

function lane(configs: readonly JailConfig[]) {
  const { state, attempt, watches: made } = watches(configs);
  const it = new Lane(made, new Guard(), attempt);
  const judge = (text: string | Buffer, more?: Parameters<typeof chunk>[1]): string[] =>
    banned(it.judge(chunk(text, more)));
  return { state, lane: it, judge, counts: (index = 0) => made[index]?.counts };
}

const knock = (address: string, time?: number): string => line(`knock from ${address}`, time);

t.test('lines become verdicts of all jails that read them', async (t) => {
  const { judge, counts } = lane([jail('two'), jail('one', { maxretry: 1 })]);
  t.same(judge(`${knock('192.0.2.7')}harmless\n${knock('192.0.2.8')}`), ['one 192.0.2.7', 'one 192.0.2.8']);
  t.same(judge(knock('192.0.2.7')), ['two 192.0.2.7', 'one 192.0.2.7']);
  t.match(counts(0), { lines: 4, failures: 3, bans: 1 });
  t.match(counts(1), { lines: 4, failures: 3, bans: 3 });
});

t.test('a verdict knows its line, and where that stood', async (t) => {
  const { lane: it } = lane([jail('a', { maxretry: 1 })]);
  const before = 'ünd\n';
  const [verdict] = [...it.judge(chunk(`${before}${knock('192.0.2.7')}`, { offset: 100 }))].flat();
  t.match(verdict?.ban.reason, /^1 failure, the last: 2026-05-04T12:00:00\.000Z knock from 192\.0\.2\.7$/);
});

t.test('each jail reads the line in its own encoding', async (t) => {
  const filter = definition(['^ für <HOST>$']);
  const { judge } = lane([
    jail('utf', { filter, maxretry: 1 }),
    jail('latin', { filter, maxretry: 1, encoding: 'windows-1252' }),
  ]);
  t.same(judge(line('für 192.0.2.7')), ['utf 192.0.2.7']);
  t.same(judge(Buffer.from(line('für 192.0.2.8'), 'latin1')), ['latin 192.0.2.8']);
});

t.test("carriage returns at a line's end do not count, and bytes that are no text do no harm", async (t) => {
  const { judge } = lane([jail('a', { maxretry: 1 })]);
  t.same(judge(knock('192.0.2.7').replace('\n', '\r\n')), ['a 192.0.2.7']);
  const broken = Buffer.concat([Buffer.from([0xff, 0xc3, 0x0a]), Buffer.from(knock('192.0.2.8'))]);
  t.same(judge(broken), ['a 192.0.2.8']);
});

t.test('lines that a source knows the time of have no date', async (t) => {
  const filter = definition(['^host knock: <HOST>$']);
  const { lane: it } = lane([jail('a', { filter, maxretry: 1 })]);
  const times = [NOW - 5 * MINUTE, NOW - 3 * MINUTE, NOW - 2 * MINUTE];
  const text = 'host knock: 192.0.2.7\nharmless\nhost knock: 192.0.2.8\n';
  const since = [...it.judge(chunk(text, { times }))].flat().map(({ ban }) => ban.since);
  t.same(since, [times[0], times[2]]);
});

t.test('what is caught up with counts by its date, what is written now counts as now', async (t) => {
  const old = knock('192.0.2.7', NOW - 20 * MINUTE);
  const backlog = lane([jail('a', { maxretry: 1 })]);
  t.same(backlog.judge(old, { isBacklog: true }), []);
  t.match(backlog.counts(), { outdated: 1, skewed: 0 });
  const live = lane([jail('a', { maxretry: 1 })]);
  t.same(live.judge(old), ['a 192.0.2.7']);
  t.match(live.counts(), { outdated: 0, skewed: 1 });
});

t.test('expressions that need no literal look at every line', async (t) => {
  const { judge } = lane([jail('a', { filter: definition(['^ <HOST>$']), maxretry: 1 }), jail('b', { maxretry: 1 })]);
  t.same(judge(`${line('192.0.2.7')}${knock('192.0.2.8')}`), ['a 192.0.2.7', 'b 192.0.2.8']);
});

t.test('expressions that span lines', async (t) => {
  const filter = definition(['^ begin <HOST><SKIPLINES>^ end'], { maxlines: 3 });
  const { judge } = lane([jail('a', { filter, maxretry: 1 })]);
  t.same(judge(`${line('begin 192.0.2.7')}${line('between')}`), []);
  t.same(judge(line('end')), ['a 192.0.2.7'], 'also over two chunks');
  t.same(judge(line('begin 192.0.2.8') + line('x').repeat(5) + line('end')), [], 'three lines apart at most');
});

t.test('many lines are judged in slices, and nothing is lost between two', async (t) => {
  const { lane: it, counts } = lane([jail('a', { maxretry: 1 })]);
  const addresses = Array.from({ length: 20_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
  const slices = [...it.judge(chunk(addresses.map((address) => knock(address)).join('')))];
  t.ok(slices.length > 1, `${slices.length} slices`);
  t.same(
    slices.flat().map(({ ban }) => ban.prefix.text),
    addresses,
  );
  t.equal(counts()?.lines, 20_000);
});

t.test('an exponential expression costs a line, and not the thread', async (t) => {
  const filter = definition([EXPONENTIAL, '^ evil a+! from <ADDR>$']);
  const { state, judge, counts } = lane([jail('a', { filter, maxretry: 1 }), jail('b', { maxretry: 1 })]);
  judge(knock('192.0.2.1'));
  const text = `${knock('192.0.2.7')}${line(EVIL)}${knock('192.0.2.8')}`;
  const before = threadTime();
  const bans = judge(text);
  const spent = threadTime() - before;
  t.same(bans, ['b 192.0.2.7', 'a 198.51.100.66', 'b 192.0.2.8'], "the jail's other expressions and other jails judge");
  // A slice and the second try, 90 ms; and some for V8 and for what is left.
  t.ok(spent < 200, `${Math.round(spent)} ms of the thread's own time`);
  t.match(counts(0), { lines: 4, failures: 1, overruns: 1 });
  t.match(counts(1), { overruns: 0 });
  t.match(state.overruns, [{ jail: 'a', culprit: { role: 'failregex', index: 0 }, isLast: false }]);
});

t.test('the third line sets it aside, for ten minutes; afterwards one more is enough', async (t) => {
  const filter = definition([EXPONENTIAL, '^ evil a+! from <ADDR>$']);
  const { state, judge, counts } = lane([jail('a', { filter, maxretry: 1 })]);
  judge(line(EVIL).repeat(4));
  t.same(
    state.overruns.map(({ isLast }) => isLast),
    [false, false, true],
  );
  t.match(counts(), { failures: 4, overruns: 3 });
  const good = line('evil aaaa from 192.0.2.7');
  t.same(judge(good), [], 'it is not asked');
  state.now += 10 * MINUTE - 1;
  t.same(judge(line('evil aaaa from 192.0.2.7', state.now)), []);
  state.now += 1;
  t.same(judge(line('evil aaaa from 192.0.2.7', state.now)), ['a 192.0.2.7'], 'it is asked again');
  judge(line(EVIL, state.now).repeat(2));
  t.equal(counts()?.overruns, 4);
  t.equal(state.overruns.at(-1)?.isLast, true);
});

t.test('what jails remember survives', async (t) => {
  const filter = definition([
    EXPONENTIAL,
    '^ knock from <HOST>$',
    '^ <F-MLFID>\\S+</F-MLFID>: <F-NOFAIL>begin</F-NOFAIL> from <ADDR>$',
    '^ <F-MLFID>\\S+</F-MLFID>: failed$',
  ]);
  const { judge, counts } = lane([jail('a', { filter })]);
  t.same(judge(`${knock('192.0.2.7')}${line('s1: begin from 192.0.2.9')}${line('s1: failed')}`), []);
  t.same(judge(line(EVIL)), []);
  t.equal(counts()?.overruns, 1);
  t.same(judge(knock('192.0.2.7')), ['a 192.0.2.7'], 'the first knock is still counted');
  t.same(judge(line('s1: failed')), ['a 192.0.2.9'], 'the session is still known');
});

t.test('an expression without a literal is asked again for the next line', async (t) => {
  const filter = definition([EXPONENTIAL.replace(' evil ', ' \\w+ '), '^ <ADDR>$']);
  const { judge, counts } = lane([jail('a', { filter, maxretry: 1 })]);
  t.same(judge(`${line(EVIL)}${line('evil aa from 192.0.2.7')}${line('192.0.2.8')}`), ['a 192.0.2.7', 'a 192.0.2.8']);
  t.equal(counts()?.overruns, 1);
});

t.test('an exponential prefregex, ignoreregex and date pattern', async (t) => {
  const text = EXPONENTIAL.replace('<ADDR>', '<F-CONTENT>.+</F-CONTENT>');
  const prefregex = { text, origin: 'test.conf' };
  const prefixed = lane([jail('a', { filter: definition(['^<ADDR>$'], { prefregex }), maxretry: 1 })]);
  t.same(prefixed.judge(line(EVIL) + line('evil aaa from 192.0.2.7')), ['a 192.0.2.7']);
  t.match(prefixed.state.overruns, [{ culprit: { role: 'prefregex' } }]);

  const ignoreregex = [{ text: EXPONENTIAL, origin: 'test.conf' }];
  const ignoring = lane([
    jail('a', { filter: definition(['^ evil a+!? from <ADDR>$'], { ignoreregex }), maxretry: 1 }),
  ]);
  t.same(ignoring.judge(line('evil aaa from 192.0.2.7')), []);
  t.same(ignoring.judge(line(EVIL)), [], 'a line that cannot be excused is not held against anybody');
  t.match(ignoring.state.overruns, [{ culprit: { role: 'ignoreregex' } }]);

  const datepattern = '^evil (?:(?P<x>a+)(?P=x)?)+ %Y-%m-%d';
  const dated = lane([jail('a', { filter: definition(['^ from <ADDR>$'], { datepattern }), maxretry: 1 })]);
  t.same(dated.judge('evil aaa 2026-05-04 from 192.0.2.7\n'), ['a 192.0.2.7']);
  const evil = `evil ${'a'.repeat(1000)}! 2026-05-04 from 192.0.2.8\n`;
  t.same(dated.judge(evil), []);
  t.match(dated.state.overruns, [{ culprit: 'date' }]);
});

t.test('a chunk whose judgement was given up leaves nothing behind', async (t) => {
  const { lane: it, judge } = lane([jail('a', { maxretry: 1 })]);
  const addresses = Array.from({ length: 20_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
  const first = it.judge(chunk(addresses.map((address) => knock(address)).join('')));
  first.next();
  first.return(undefined);
  t.same(judge(knock('192.0.2.7')), ['a 192.0.2.7']);
});

/** Has the work interrupted wherever it is after a millisecond, as on a machine that stands still now and then. */
class Hasty extends Guard {
  interruptions = 0;

  override run(milliseconds: number, work: () => void): boolean {
    const isInTime = super.run(milliseconds === 50 ? 1 : milliseconds, work);
    if (!isInTime) this.interruptions++;
    return isInTime;
  }
}

t.test('wherever it is interrupted, each line is judged once', async (t) => {
  const guard = new Hasty();
  const { watches: made, attempt } = watches([jail('a', { maxretry: 1, bantime: null })]);
  const it = new Lane(made, guard, attempt);
  const addresses = Array.from(
    { length: 60_000 },
    (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
  );
  const found = banned(it.judge(chunk(addresses.map((address) => line(`knock from ${address}`)).join(''))));
  t.ok(guard.interruptions > 50, `${guard.interruptions} interruptions`);
  t.same(
    found,
    addresses.map((address) => `a ${address}`),
  );
  t.equal(made[0]?.counts.lines, 60_000);
});
