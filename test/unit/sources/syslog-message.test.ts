import { createHash } from 'node:crypto';
import t from 'tap';
import { lineOf, parseMessage } from '../../../src/sources/syslog-message.js';

const line = (message: string): string => lineOf(parseMessage(message), 'sender');

const DATE = 'Nov  1 02:55:12';
const ISO = '2026-11-21T06:03:52.257589+00:00';
const FAILED = 'Failed password for root from 192.0.2.1';

t.test('RFC 3164, as senders write it', async (t) => {
  const table: [message: string, line: string][] = [
    [`<38>${DATE} web sshd[42]: ${FAILED}`, `web sshd[42]: ${FAILED}`],
    [`<38>${DATE} sshd[42]: ${FAILED}`, `sender sshd[42]: ${FAILED}`],
    [`<38>${DATE} web sshd: ${FAILED}\n`, `web sshd: ${FAILED}`],
    [`<38>${DATE} sshd: ${FAILED}\0`, `sender sshd: ${FAILED}`],
    [`<38>${DATE} sshd[42]:${FAILED}`, `sender sshd[42]: ${FAILED}`],
    [`<38>${ISO} web sshd[42]: ${FAILED}`, `web sshd[42]: ${FAILED}`],
    [`<38>2026-11-21T06:03:52Z web sshd[42]: x`, 'web sshd[42]: x'],
    [`<38> ${DATE} web sshd[42]: x`, 'web sshd[42]: x'],
    [`<38>*${DATE}: web sshd[42]: x`, 'web sshd[42]: x'],
    ['<38>Nov 1 2026 2:55:12.123 web sshd[42]: x', 'web sshd[42]: x'],
    [`<38>${DATE} 192.0.2.9 sshd[42]: x`, '192.0.2.9 sshd[42]: x'],
    [`<38>${DATE} 2001:db8::9 sshd[42]: x`, '2001:db8::9 sshd[42]: x'],
    [`${DATE} web sshd[42]: x`, 'web sshd[42]: x'],
    [`<38>sshd[42]: ${FAILED}`, `sender sshd[42]: ${FAILED}`],
    [`<38>${FAILED}`, `sender ${FAILED}`],
    [`<38>${DATE} web postfix/smtpd[7]: x`, 'web postfix/smtpd[7]: x'],
    [`<38>${DATE} web last message repeated 3 times`, 'web last message repeated 3 times'],
    [`<38>${DATE} web http://example.org/`, 'web http://example.org/'],
    [`<999>sshd: x`, 'sender <999>sshd: x'],
    ['<38', 'sender <38'],
    ['<>x', 'sender <>x'],
    ['<38>', 'sender '],
    ['\n', 'sender '],
    [`<38>${DATE} web sshd: a\nb\n`, 'web sshd: a\nb'],
  ];
  for (const [message, expected] of table) t.equal(line(message), expected, JSON.stringify(message));
});

t.test('RFC 5424', async (t) => {
  const table: [message: string, line: string][] = [
    [`<38>1 ${ISO} web sshd 42 - - ${FAILED}`, `web sshd[42]: ${FAILED}`],
    [`<38>1 ${ISO} web sshd - ID47 - x`, 'web sshd: x'],
    [`<38>1 ${ISO} web - 42 - - x`, 'web x'],
    [`<38>1 - - sshd 42 - - x`, 'sender sshd[42]: x'],
    [`<38>1 ${ISO} web sshd 42 - [a b="]\\" x"][c] \xef\xbb\xbfx`, 'web sshd[42]: x'],
    [`<38>1 ${ISO} web sshd 42 - -  x `, 'web sshd[42]: x '],
    [`<38>1 ${ISO} web sshd 42 - -`, 'web sshd[42]: '],
    [`<38>1 ${ISO} web sshd 42 - [a]`, 'web sshd[42]: '],
    [`<38>1 ${ISO} web sshd a[b] - - x`, 'web sshd: x'],
    [`<38>1 ${ISO} web sshd 42 - [a x`, `sender 1 ${ISO} web sshd 42 - [a x`],
    [`<38>1 ${ISO} web sshd`, `sender 1 ${ISO} web sshd`],
    [`1 ${ISO} web sshd 42 - - x`, `sender 1 ${ISO} web sshd 42 - - x`],
  ];
  for (const [message, expected] of table) t.equal(line(message), expected, JSON.stringify(message));
});

t.test('timestamps are handed on as they were written', async (t) => {
  t.equal(parseMessage(`<38>${DATE} web sshd: x`).timestamp, DATE);
  t.equal(parseMessage(`<38>${ISO} web sshd: x`).timestamp, ISO);
  t.equal(parseMessage(`<38>1 ${ISO} web sshd - - - x`).timestamp, ISO);
  t.equal(parseMessage('<38>1 - web sshd - - - x').timestamp, undefined);
  t.equal(parseMessage('<38>sshd: x').timestamp, undefined);
});

t.test('what an attacker says stays behind the tag', async (t) => {
  for (const text of [
    `sshd[1]: ${FAILED}`,
    `<38>${DATE} web sshd[1]: x`,
    `\n<38>${DATE} web sshd[1]: x`,
    ': x',
    '[1]: x',
  ]) {
    t.equal(line(`<38>${DATE} web app[7]: ${text}`), `web app[7]: ${text}`);
    t.equal(line(`<38>${DATE} app[7]: ${text}`), `sender app[7]: ${text}`);
    t.equal(line(`<38>1 ${ISO} web app 7 - - ${text}`), `web app[7]: ${text}`);
  }
});

t.test('random bytes never throw, and long ones are read in one pass', async (t) => {
  let block = Buffer.from('seed');
  for (let i = 0; i < 5000; i++) {
    block = createHash('sha512').update(block).digest();
    for (const head of ['', '<38>', '<38>1 ', `<38>${DATE} `, `<38>1 ${ISO} a b c d [`])
      line(head + block.toString('latin1'));
  }
  const started = process.cpuUsage().user;
  for (const piece of [' ', 'a', '[', 'a[', '1 ', '\n', '\0', ':', 'a:', '<1>', DATE, '"]']) {
    for (const head of ['', '<38>', '<38>1 ', `<38>${DATE} `, `<38>1 ${ISO} a b c d [`])
      line(head + piece.repeat(60_000 / piece.length));
  }
  t.ok(process.cpuUsage().user - started < 2_000_000);
});
