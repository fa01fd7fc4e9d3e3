import { createSocket } from 'node:dgram';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import type { Feed } from '../../../src/detection/feed.js';
import { Feeds } from '../../../src/detection/feeds.js';
import type { PositionNews } from '../../../src/detection/messages.js';
import { jail, line, NOW } from '../../jail.js';
import { shortDirectory } from '../../service.js';

async function feeds(t: Test, jails: readonly JailConfig[], positions: readonly PositionNews[] = []) {
  const stopping = new AbortController();
  t.teardown(() => stopping.abort());
  const said: string[] = [];
  const it = new Feeds({
    signal: stopping.signal,
    positions,
    maxLine: 65_536,
    now: () => NOW,
    onEvent: (sentence) => said.push(sentence),
  });
  const { feeds: found } = await it.replace(jails);
  return { it, feeds: found, said, stop: () => stopping.abort() };
}

interface Seen {
  readonly text: string;
  readonly jails: readonly string[];
  readonly source: string;
  readonly position: unknown;
  readonly isBacklog: boolean;
}

/** The next chunk of a feed. */
async function next({ chunks, jailsOf, keyOf }: Feed): Promise<Seen | undefined> {
  const { value: chunk, done } = await chunks[Symbol.asyncIterator]().next();
  if (done) return undefined;
  const { position, isBacklog = false } = chunk;
  return { text: chunk.bytes.toString(), jails: jailsOf(chunk), source: keyOf(chunk), position, isBacklog };
}

const file = (pattern: string, start: 'end' | 'since' = 'end') => ({ kind: 'file', pattern, start }) as const;

t.test('all log files are one feed, each with the jails whose patterns lead to it', async (t) => {
  const folder = t.testdir({ 'a.log': 'old\n', 'b.log': '' });
  const [a, b] = [join(folder, 'a.log'), join(folder, 'b.log')];
  const { feeds: found, said } = await feeds(t, [
    jail('one', { sources: [file(a)] }),
    jail('all', { sources: [file(join(folder, '*.log')), file(a)] }),
  ]);
  t.equal(found.length, 1);
  const [files] = found as [Feed];
  const behind = () => Object.fromEntries(files.behind());
  t.same(behind(), { one: 0, all: 0 });
  appendFileSync(a, 'new\n');
  appendFileSync(b, '12');
  t.same(behind(), { one: 4, all: 6 });
  t.match(await next(files), { text: 'new\n', jails: ['one', 'all'], source: `file ${a}`, isBacklog: false });
  t.same(behind(), { one: 0, all: 2 });
  appendFileSync(b, 'other\n');
  t.match(await next(files), { text: '12other\n', jails: ['all'], source: `file ${b}` });
  t.same(said, [], 'that a log is there is no news');
});

t.test('a file has a position before a line has come, and is read on from there', async (t) => {
  const log = join(t.testdir(), 'a.log');
  writeFileSync(log, 'old\n');
  const jails = [jail('a', { sources: [file(log)] })];
  const first = await feeds(t, jails);
  const positions = first.feeds[0]?.positions() ?? [];
  t.match(positions, [{ source: `file ${log}`, position: { kind: 'file', path: log, offset: 4 } }]);
  first.stop();
  t.match(first.feeds[0]?.positions(), positions, 'also when it is over');
  appendFileSync(log, 'while nobody was there\n');
  const second = await feeds(t, jails, positions);
  t.match(await next(second.feeds[0] as Feed), { text: 'while nobody was there\n', isBacklog: true });
});

t.test('a file of an adopted jail begins with what is not too old', async (t) => {
  const log = join(t.testdir(), 'a.log');
  writeFileSync(log, line('old', NOW - 3_600_000) + line('young', NOW - 60_000));
  const { feeds: found } = await feeds(t, [jail('a', { sources: [file(log, 'since')] })]);
  t.match(await next(found[0] as Feed), { text: line('young', NOW - 60_000), isBacklog: true });
});

t.test('a log that is missing is told of', async (t) => {
  const log = join(t.testdir(), 'later.log');
  const { said } = await feeds(t, [jail('a', { sources: [file(log)] })]);
  t.same(said, [`${log} is missing; it is read when it appears`]);
});

t.test('a source that several jails read is read once', async (t) => {
  const path = join(shortDirectory(t), 'log');
  const source = { kind: 'syslog', listen: `unix://${path}` } as const;
  const { feeds: found } = await feeds(t, [
    jail('a', { sources: [source] }),
    jail('b', { sources: [{ ...source }] }),
    jail('c', { sources: [{ kind: 'stdin' }] }),
  ]);
  t.same(
    found.map(({ name }) => name),
    [`syslog unix://${path}`, 'standard input'],
  );
  t.same(
    found.map((feed) => feed.positions()),
    [[], []],
    'what cannot go back has no position',
  );
});

t.test('lines of syslog', async (t) => {
  const probe = createSocket('udp4');
  const port = await new Promise<number>((resolve) => probe.bind(0, '127.0.0.1', () => resolve(probe.address().port)));
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  const listen = `udp://127.0.0.1:${port}`;
  const { feeds: found } = await feeds(t, [jail('a', { sources: [{ kind: 'syslog', listen }] })]);
  const sender = createSocket('udp4');
  t.teardown(() => sender.close());
  const chunk = next(found[0] as Feed);
  sender.send('<38>May  4 12:00:00 host knock: from 192.0.2.7', port, '127.0.0.1');
  t.match(await chunk, { text: 'host knock: from 192.0.2.7\n', jails: ['a'], position: undefined });
});

t.test('a source that cannot be opened is told of, and the others go on', async (t) => {
  const taken = createSocket('udp4');
  const port = await new Promise<number>((resolve) => taken.bind(0, '127.0.0.1', () => resolve(taken.address().port)));
  t.teardown(() => taken.close());
  const log = join(t.testdir(), 'a.log');
  writeFileSync(log, '');
  const { feeds: found, said } = await feeds(t, [
    jail('a', { sources: [{ kind: 'syslog', listen: `udp://127.0.0.1:${port}` }] }),
    jail('b', { sources: [{ kind: 'btmp', path: '/nowhere/folder/btmp' }] }),
    jail('c', { sources: [{ kind: 'journal', matches: ['nonsense'] }] }),
    jail('d', { sources: [file(log)] }),
  ]);
  t.same(
    found.map(({ name }) => name),
    ['the log files'],
  );
  t.match(said, [
    /^syslog udp:.* is not read: /,
    /^\/nowhere\/folder\/btmp is not read: /,
    /^journal nonsense is not read: /,
  ]);
});

t.test('login records, from their end, and from their position', async (t) => {
  const path = join(t.testdir(), 'btmp');
  writeFileSync(path, '');
  const source = { kind: 'btmp', path } as const;
  const { feeds: found, stop } = await feeds(t, [jail('btmp', { sources: [source] })]);
  t.same(
    found.map(({ name, positions }) => [name, positions()]),
    [[path, []]],
  );
  stop();
  t.equal(await next(found[0] as Feed), undefined);
});

t.test('stopping ends every feed', async (t) => {
  const log = join(t.testdir(), 'a.log');
  writeFileSync(log, '');
  const listen = `unix://${join(shortDirectory(t), 'log')}`;
  const { feeds: found, stop } = await feeds(t, [
    jail('a', { sources: [file(log)] }),
    jail('b', { sources: [{ kind: 'syslog', listen }] }),
    jail('c', { sources: [{ kind: 'journal', matches: [], directory: t.testdir() }] }),
  ]);
  const ends = found.map((feed) => next(feed));
  await sleep(50);
  stop();
  t.same(await Promise.all(ends), [undefined, undefined, undefined]);
});
