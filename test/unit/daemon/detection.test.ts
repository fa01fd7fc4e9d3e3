import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { JailConfig } from '../../../src/config/config.js';
import { Detection } from '../../../src/daemon/detection.js';
import { Never } from '../../../src/jails/never.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { BanVerdict } from '../../../src/model/street.js';

const NOW = Date.parse('2026-05-04T12:00:00Z');
const failed = (address: string): string =>
  `2026-05-04T12:00:00Z host sshd[1]: Failed password for root from ${address} port 22 ssh2\n`;

/** A detection at work on a log; `verdict` waits for the next one. */
function atWork(t: Test, more: Partial<JailConfig> = {}) {
  const log = join(t.testdir(), 'auth.log');
  writeFileSync(log, failed('198.51.100.1').repeat(10));
  const verdicts: BanVerdict[] = [];
  const reports: string[] = [];
  let wake: (() => void) | undefined;
  const config = {
    name: 'sshd',
    filter: 'sshd',
    logpaths: [log],
    maxretry: 2,
    findtime: 60_000,
    bantime: null,
    ...more,
  };
  const detection = new Detection(config, {
    never: new Never([Prefix.parse('192.0.2.0/24')]),
    clock: () => NOW,
    enforce: async (found) => {
      verdicts.push(...found);
      wake?.();
    },
    report: (sentence) => {
      reports.push(sentence);
      wake?.();
    },
  });
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  detection.start(stop.signal);
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  return { log, detection, verdicts, reports, next };
}

t.test('lines become verdicts, from the end that the log had', async (t) => {
  const { log, detection, verdicts, next } = atWork(t);
  const heard = next();
  appendFileSync(log, `${failed('192.0.2.9').repeat(5)}harmless\n${failed('198.51.100.7').repeat(2)}`);
  await heard;
  t.match(verdicts, [{ kind: 'ban', ban: { jail: 'sshd', since: NOW, until: null } }]);
  t.equal(verdicts[0]?.ban.prefix.text, '198.51.100.7');
  t.match(detection.status, { name: 'sshd', filter: 'sshd', lines: 8, failures: 2, bans: 1, never: 5 });
  t.match(detection.status, { outdated: 0, evicted: 0, unresolved: 0, invalid: 0, ignored: 0 });
});

t.test('patterns of the configuration itself', async (t) => {
  const filter = { failregex: ['^ knock from <HOST>$'], ignoreregex: [] };
  const { log, verdicts, next } = atWork(t, { name: 'knock', filter, maxretry: 1 });
  const heard = next();
  appendFileSync(log, '2026-05-04T12:00:00Z knock from 2001:db8::9\n');
  await heard;
  t.equal(verdicts[0]?.ban.prefix.text, '2001:db8::9');
});

t.test('what does not count is counted', async (t) => {
  const { log, detection, verdicts, next } = atWork(t);
  const heard = next();
  const old = failed('198.51.100.8').replace('12:00', '11:00');
  appendFileSync(log, `${old}${failed('999.1.1.1')}${failed('198.51.100.7').repeat(2)}`);
  await heard;
  t.equal(verdicts.length, 1);
  t.match(detection.status, { lines: 4, failures: 2, outdated: 1, invalid: 1 });
});

t.test('a log that is missing is told, and read when it comes', async (t) => {
  const folder = t.testdir();
  const log = join(folder, 'later.log');
  const { reports, verdicts, next } = atWork(t, { logpaths: [log] });
  t.match(reports, [/jail sshd: .*later\.log is missing/]);
  const heard = next();
  writeFileSync(log, failed('198.51.100.7').repeat(2));
  await heard;
  t.equal(verdicts.length, 1);
});

t.test('a line that is too long is told', async (t) => {
  const { log, reports, next } = atWork(t);
  const heard = next();
  appendFileSync(log, `${'x'.repeat(100_000)}\n`);
  await heard;
  t.match(reports, [/a line of 100000 bytes, which was cut/]);
});

t.test('a filter that is not there', async (t) => {
  const config = { name: 'x', filter: 'nonsense', logpaths: ['/x'], maxretry: 1, findtime: 1000, bantime: 1000 };
  const options = { never: new Never([]), clock: () => NOW, enforce: async () => undefined, report: () => undefined };
  t.throws(() => new Detection(config, options), /nonsense/);
});
