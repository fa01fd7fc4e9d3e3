import t from 'tap';
import { type Level, logTo } from '../../../src/daemon/log.js';

function captured(underSystemd: boolean) {
  const written: string[] = [];
  return { written, log: logTo({ write: (text) => written.push(text) }, underSystemd) };
}

t.test('under systemd a line has its severity, and no time', async (t) => {
  const { written, log } = captured(true);
  for (const level of ['info', 'warning', 'error'] satisfies Level[]) log(level, 'banned 192.0.2.7');
  t.same(written, ['<6>banned 192.0.2.7\n', '<4>banned 192.0.2.7\n', '<3>banned 192.0.2.7\n']);
});

t.test('elsewhere a line has its time, and its level where that matters', async (t) => {
  const { written, log } = captured(false);
  log('info', 'ready');
  log('error', 'gone');
  t.match(written[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ready\n$/);
  t.match(written[1], /^\S+Z error: gone\n$/);
});

t.test('what attackers write neither forges a line nor moves the cursor', async (t) => {
  const { written, log } = captured(true);
  const nasty = ['\n<0>forged', '\r', '\u001b[2J', '\u0000', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029', '\t'];
  for (const text of nasty) log('info', `user ${text} failed`);
  for (const line of written) t.match(line, /^<6>user (?:\\u\{[0-9a-f]+\})[ -~]* failed\n$/);
  t.equal(written[2], '<6>user \\u{1b}[2J failed\n');
  log('info', 'użytkownik ☃ 界');
  t.equal(written.at(-1), '<6>użytkownik ☃ 界\n');
});
