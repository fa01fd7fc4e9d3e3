import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Chunk, JournalPosition } from '../../../src/sources/chunk.js';
import type { SourceEvent } from '../../../src/sources/event.js';
import { followJournal, type JournalOptions } from '../../../src/sources/journal.js';
import { addPeersToPath, type Written, writeJournal } from '../../peers.js';

addPeersToPath();

const START = 1_700_000_000_000_000;

const entry = (index: number, fields: Written['fields'] = []): Written => ({
  time: START + index * 1000,
  fields: [
    ['_HOSTNAME', 'web'],
    ['SYSLOG_IDENTIFIER', 'sshd'],
    ['_PID', `${index}`],
    ['_COMM', 'sshd'],
    ['MESSAGE', `message ${index}`],
    ...fields,
  ],
});

const entries = (from: number, to: number): Written[] =>
  Array.from({ length: to - from }, (_, index) => entry(from + index));

const line = (index: number): string => `web sshd[${index}]: message ${index}`;
const lines = (from: number, to: number): string[] => entries(from, to).map((_, index) => line(from + index));

class Reading {
  readonly lines: string[] = [];
  readonly times: number[] = [];
  readonly events: SourceEvent[] = [];
  readonly abort = new AbortController();
  readonly iterator: AsyncIterableIterator<Chunk>;
  position: JournalPosition | undefined;

  constructor(t: Test, options: Partial<JournalOptions>) {
    this.iterator = followJournal({
      start: 'beginning',
      backOff: { first: 1, longest: 20 },
      onEvent: (event) => this.events.push(event),
      ...options,
      signal: this.abort.signal,
    });
    t.teardown(() => this.abort.abort());
  }

  /** Reads until there are so many lines in all. */
  async until(count: number): Promise<string[]> {
    while (this.lines.length < count) {
      const { value, done } = await this.iterator.next();
      if (done) break;
      this.#take(value);
    }
    return this.lines;
  }

  #take({ bytes, times, position }: Chunk): void {
    this.lines.push(...bytes.toString('latin1').split('\n').slice(0, -1));
    this.times.push(...(times ?? []));
    this.position = position as JournalPosition;
  }
}

/** Process ids of the journalctls that this process has started with a word in their arguments. */
function journalctls(word: string): number[] {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
  return children.map(Number).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word));
}

async function gone(word: string): Promise<void> {
  while (journalctls(word).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

t.test('what is there, and what comes', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 3));
  const reading = new Reading(t, { directory });
  t.same(await reading.until(3), lines(0, 3));
  t.same(reading.times, [1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_002]);
  writeJournal(join(directory, 'a.journal'), entries(3, 5));
  t.same(await reading.until(5), lines(0, 5));
  t.same(reading.events, []);
});

t.test('messages as attackers write them', async (t) => {
  const directory = t.testdir();
  const message = (value: string | Buffer): Written => ({ time: START, fields: [['MESSAGE', value]] });
  writeJournal(join(directory, 'a.journal'), [
    message('a\nsshd[1]: Failed password for root from 192.0.2.1\n'),
    message(Buffer.from([0xff, 0xfe, 10, 0, 0x1b])),
    message('x'.repeat(70_000)),
    message('x'.repeat(1_100_000)),
    message('"\\\u2028{}'),
    {
      time: START,
      fields: [
        ['MESSAGE', 'one'],
        ['MESSAGE', 'two'],
      ],
    },
  ]);
  const reading = new Reading(t, { directory });
  const [forged, binary, long, separator, twice] = await reading.until(5);
  t.equal(forged, 'a\\nsshd[1]: Failed password for root from 192.0.2.1\\n');
  t.equal(binary, '\xff\xfe\\n\0\x1b');
  t.equal(long, 'x'.repeat(65_536));
  t.equal(separator, Buffer.from('"\\\u2028{}').toString('latin1'));
  t.equal(twice, 'one two');
  t.match(reading.events, [{ kind: 'oversized' }, { kind: 'skipped' }]);
});

t.test('a journalmatch selects', async (t) => {
  const directory = t.testdir();
  const of = (index: number, unit: string, identifier: string): Written => ({
    time: START + index,
    fields: [
      ['_SYSTEMD_UNIT', unit],
      ['SYSLOG_IDENTIFIER', identifier],
      ['MESSAGE', `${index}`],
    ],
  });
  writeJournal(join(directory, 'a.journal'), [
    of(0, 'ssh.service', 'sshd'),
    of(1, 'cron.service', 'cron'),
    of(2, 'ssh.service', 'other'),
    of(3, 'postfix.service', 'smtpd'),
    of(4, 'nginx.service', 'a b'),
  ]);
  const selected = async (...journalmatch: string[]): Promise<string> => {
    // The last entry of all is always selected, so that there is an end.
    const reading = new Reading(t, { directory, journalmatch: [...journalmatch, "SYSLOG_IDENTIFIER='a b'"] });
    while (reading.lines.at(-1) !== 'a b: 4') await reading.until(reading.lines.length + 1);
    return reading.lines.map((line) => line.split(': ')[1]).join('');
  };
  t.equal(await selected('_SYSTEMD_UNIT=ssh.service'), '024');
  t.equal(await selected('_SYSTEMD_UNIT=ssh.service SYSLOG_IDENTIFIER=sshd'), '04');
  t.equal(await selected('_SYSTEMD_UNIT=ssh.service SYSLOG_IDENTIFIER=sshd + _SYSTEMD_UNIT=cron.service'), '014');
  t.equal(await selected('_SYSTEMD_UNIT=ssh.service _SYSTEMD_UNIT=cron.service'), '0124');
  t.equal(await selected('SYSLOG_IDENTIFIER=smtpd', 'SYSLOG_IDENTIFIER=cron'), '134');
  t.throws(() => followJournal({ signal: AbortSignal.abort(), journalmatch: ['--help'] }), { code: 'filter' });
});

t.test('goes on behind a position', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 10));
  const first = new Reading(t, { directory });
  await first.until(10);
  first.abort.abort();
  writeJournal(join(directory, 'a.journal'), entries(10, 12));
  const second = new Reading(t, { directory, position: first.position });
  t.same(await second.until(2), lines(10, 12));
});

t.test('begins at a time, and with the end where nothing else is said', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 10));
  const since = new Reading(t, { directory, start: { since: START / 1000 + 7 } });
  t.same(await since.until(3), lines(7, 10));
  const end = new Reading(t, { directory, start: 'end', clock: () => START / 1000 + 10 });
  const reading = end.until(1);
  writeJournal(join(directory, 'a.journal'), entries(10, 11));
  t.same(await reading, lines(10, 11));
});

t.test('journalctl is killed, again and again: nothing is lost, nothing comes twice', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 2000));
  const reading = new Reading(t, { directory });
  for (let round = 0; round < 5; round++) {
    await reading.until(reading.lines.length + 1);
    for (const pid of journalctls(directory)) process.kill(pid, 'SIGKILL');
    writeJournal(join(directory, 'a.journal'), entries(2000 + round * 100, 2100 + round * 100));
  }
  t.same(await reading.until(2500), lines(0, 2500));
  t.match(reading.events[0], { kind: 'restarted', message: /was killed \(SIGKILL\), and is started again/ });
});

t.test('rotation and vacuuming', async (t) => {
  const directory = t.testdir();
  const path = (name: string): string => join(directory, name);
  writeJournal(path('system.journal'), entries(0, 3));
  const reading = new Reading(t, { directory });
  await reading.until(3);
  renameSync(path('system.journal'), path('system@1.journal'));
  writeJournal(path('system.journal'), entries(3, 6));
  t.same(await reading.until(6), lines(0, 6));
  rmSync(path('system@1.journal'));
  writeJournal(path('system.journal'), entries(6, 8));
  t.same(await reading.until(8), lines(0, 8));
  // The entry of the position is deleted, and journalctl is gone.
  rmSync(path('system.journal'));
  writeJournal(path('system.journal'), entries(8, 10));
  for (const pid of journalctls(directory)) process.kill(pid, 'SIGKILL');
  t.same(await reading.until(10), lines(0, 10));
});

t.test('a position whose entry is deleted, with others behind it', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 3));
  const first = new Reading(t, { directory });
  await first.until(3);
  first.abort.abort();
  rmSync(join(directory, 'a.journal'));
  writeJournal(join(directory, 'b.journal'), entries(3, 5));
  const second = new Reading(t, { directory, position: first.position });
  t.same(await second.until(2), lines(3, 5));
  second.abort.abort();
  rmSync(join(directory, 'b.journal'));
  const third = new Reading(t, { directory, position: second.position });
  const reading = third.until(2);
  writeJournal(join(directory, 'c.journal'), entries(5, 7));
  t.same(await reading, lines(5, 7));
});

t.test('a position that is none', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 2));
  const reading = new Reading(t, { directory, position: { kind: 'journal', cursor: 'nonsense' } });
  t.same(await reading.until(2), lines(0, 2));
  t.match(reading.events, [{ kind: 'complaint', message: /seek to cursor/ }, { kind: 'restarted' }]);
});

t.test('a directory that appears later', async (t) => {
  const directory = join(t.testdir(), 'later');
  const reading = new Reading(t, { directory });
  const first = reading.until(1);
  while (reading.events.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  t.match(reading.events, [{ kind: 'complaint', message: /No such file or directory/ }, { kind: 'restarted' }]);
  mkdirSync(directory);
  writeJournal(join(directory, 'a.journal'), entries(0, 1));
  t.same(await first, lines(0, 1));
});

t.test('a file by its name', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 1));
  writeJournal(join(directory, 'b.journal'), entries(1, 2));
  const reading = new Reading(t, { files: [join(directory, 'b*.journal')] });
  t.same(await reading.until(1), lines(1, 2));
});

t.test('no more is read than was asked for', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 5000));
  const reading = new Reading(t, { directory });
  await reading.until(1);
  t.ok(reading.lines.length < 1000, `${reading.lines.length} lines`);
  t.same(await reading.until(5000), lines(0, 5000));
});

t.test('ends with its process when it is aborted or left', async (t) => {
  const directory = t.testdir();
  writeJournal(join(directory, 'a.journal'), entries(0, 1));
  const aborted = new Reading(t, { directory });
  await aborted.until(1);
  const pending = aborted.until(2);
  aborted.abort.abort();
  t.same(await pending, lines(0, 1));
  await gone(directory);
  const left = new Reading(t, { directory });
  await left.until(1);
  const next = left.iterator.next();
  t.match(await left.iterator.return?.(), { done: true });
  t.match(await next, { done: true });
  await gone(directory);
  for await (const chunk of followJournal({ signal: AbortSignal.abort(), directory })) t.fail(chunk.source);
});

t.test('no journalctl', async (t) => {
  const path = process.env.PATH;
  t.teardown(() => {
    process.env.PATH = path;
  });
  process.env.PATH = '/proc/none';
  const reading = new Reading(t, {});
  await t.rejects(reading.until(1), { code: 'unsupported' });
});
