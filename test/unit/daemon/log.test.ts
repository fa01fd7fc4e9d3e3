import { closeSync, fstatSync, openSync } from 'node:fs';
import t from 'tap';
import type { LogConfig } from '../../../src/config/types.js';
import { isJournal, logTo } from '../../../src/daemon/log.js';
import type { Event, Level } from '../../../src/model/events.js';
import { Prefix } from '../../../src/model/prefix.js';

const NOW = 1_700_000_000_000;

function captured(settings: Partial<LogConfig> = {}, toJournal = false) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  return { written, log: logTo(stream, { format: 'text', level: 'info', ...settings }, toJournal) };
}

const note = (level: Level, message: string): Event => ({ kind: 'note', level, message });
const bans = (count: number): Event[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'ban',
    ban: { prefix: Prefix.parse(`192.0.2.${index}`), jail: 'a', reason: '', since: NOW, until: null },
  }));

t.test('in the journal a line has its severity, and no time', async (t) => {
  const { written, log } = captured({ level: 'debug' }, true);
  for (const level of ['debug', 'info', 'warning', 'error'] satisfies Level[]) log.hear(note(level, 'so'), NOW);
  t.same(written, ['<7>so\n', '<6>so\n', '<4>so\n', '<3>so\n']);
});

t.test('elsewhere a line has its time, and its level where that matters', async (t) => {
  const { written, log } = captured();
  log.hear(note('info', 'ready'), NOW);
  log.hear(note('error', 'gone'), NOW);
  t.same(written, ['2023-11-14T22:13:20.000Z ready\n', '2023-11-14T22:13:20.000Z error: gone\n']);
});

t.test(
  'as JSON an event a line; in the journal with its severity before it, which the journal takes off',
  async (t) => {
    for (const toJournal of [false, true]) {
      const { written, log } = captured({ format: 'json' }, toJournal);
      log.hear(bans(1)[0] as Event, NOW);
      const [line = ''] = written;
      t.equal(line.startsWith('<6>{'), toJournal);
      t.same(JSON.parse(line.replace(/^<6>/, '')), {
        time: '2023-11-14T22:13:20.000Z',
        level: 'info',
        event: 'ban',
        message: 'banned 192.0.2.0 for ever (a)',
        address: '192.0.2.0',
        jail: 'a',
        reason: '',
        since: '2023-11-14T22:13:20.000Z',
        until: null,
        scope: 'all',
      });
    }
  },
);

t.test('what is less than the level is not written', async (t) => {
  for (const [level, count] of [
    ['debug', 4],
    ['info', 3],
    ['warning', 2],
    ['error', 1],
  ] as const) {
    const { written, log } = captured({ level });
    for (const one of ['debug', 'info', 'warning', 'error'] as const) log.hear(note(one, 'so'), NOW);
    t.equal(written.length, count, level);
    t.equal(log.hearMany !== undefined, level === 'debug', 'each of many bans');
  }
  const { written, log } = captured({ level: 'debug' });
  log.hearMany?.(bans(50), NOW);
  t.equal(written.length, 50);
});

t.test('what attackers write neither forges a line nor moves the cursor', async (t) => {
  const { written, log } = captured({}, true);
  const nasty = ['\n<0>forged', '\r', '\u001b[2J', '\u0000', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029', '\t'];
  for (const text of nasty) log.hear(note('info', `user ${text} failed`), NOW);
  for (const line of written) t.match(line, /^<6>user (?:\\u\{[0-9a-f]+\})[ -~]* failed\n$/);
  t.equal(written[2], '<6>user \\u{1b}[2J failed\n');
  log.hear(note('info', 'użytkownik ☃ 界'), NOW);
  t.equal(written.at(-1), '<6>użytkownik ☃ 界\n');
});

t.test('the journal is what systemd says it is, and nothing else that a child of a service writes to', async (t) => {
  const descriptor = openSync('/dev/null', 'r');
  const { dev, ino } = fstatSync(descriptor);
  t.equal(isJournal(descriptor, { JOURNAL_STREAM: `${dev}:${ino}` }), true);
  t.equal(isJournal(descriptor, { JOURNAL_STREAM: `${dev}:${ino + 1}` }), false);
  t.equal(isJournal(descriptor, { JOURNAL_STREAM: '' }), false);
  t.equal(isJournal(descriptor, {}), false);
  closeSync(descriptor);
  t.equal(isJournal(descriptor, { JOURNAL_STREAM: `${dev}:${ino}` }), false);
});
